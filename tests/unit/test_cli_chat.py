"""`kefu chat` against a real HTTP server that answers as a test says."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from kefu.cli.chat import Conversation, command, converse

Reply = Callable[[dict[str, Any]], Any]
CHOICES = [
    {"text": "要转人工吗？", "buttons": [{"title": "要", "payload": "/affirm"}, {"title": "不用", "payload": "/deny"}]}
]


class RestServer:
    """Rasa's REST channel as a test wants it; ``seen`` holds the bodies that came in."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.reply: Reply = lambda body: [{"text": f"echo {body['message']}"}]
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.seen.append(body)
                outer.tokens.append(self.headers["Authorization"])
                answer = outer.reply(body)
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def messages(self) -> list[str]:
        return [body["message"] for body in self.seen]


@pytest.fixture
def server() -> Iterator[RestServer]:
    running = RestServer()
    yield running
    running.close()


def transcript(server: RestServer, typed: str) -> str:
    sink = io.StringIO()
    converse(Conversation(server.url, "someone"), io.StringIO(typed), sink)
    return sink.getvalue()


def test_a_piped_conversation_reads_like_a_transcript(server: RestServer) -> None:
    assert (
        transcript(server, "你好\n\nhello\n") == "you  › 你好\nkefu ‹ echo 你好\n\nyou  › hello\nkefu ‹ echo hello\n\n"
    )
    assert server.messages == ["你好", "hello"]
    assert {body["sender"] for body in server.seen} == {"someone"}


def test_stop_ends_and_is_not_sent(server: RestServer) -> None:
    transcript(server, "one\n/stop\ntwo\n")
    assert server.messages == ["one"]


@pytest.mark.parametrize("typed", ["2", "２", " 2 "])
def test_a_number_picks_the_choice_that_was_shown(server: RestServer, typed: str) -> None:
    server.reply = lambda body: CHOICES
    shown = transcript(server, f"hello\n{typed}\n")
    assert "  1. 要\n" in shown and "  2. 不用\n" in shown
    assert server.messages == ["hello", "/deny"]


@pytest.mark.parametrize("typed", ["3", "0019", "0", "12 times", "99999999999999999999"])
def test_what_is_no_choice_is_sent_as_typed(server: RestServer, typed: str) -> None:
    server.reply = lambda body: CHOICES
    transcript(server, f"hello\n{typed}\n")
    assert server.messages[1] == typed


def test_choices_last_for_one_turn(server: RestServer) -> None:
    server.reply = lambda body: CHOICES if body["message"] == "hello" else [{"text": "ok"}]
    transcript(server, "hello\nsomething else\n1\n")
    assert server.messages[2] == "1"


def test_choices_of_several_messages_are_counted_on(server: RestServer) -> None:
    server.reply = lambda body: [*CHOICES, {"text": "and", "buttons": [{"title": "only a title"}]}]
    shown = transcript(server, "hello\n3\n")
    assert "  3. only a title" in shown
    assert server.messages[1] == "only a title"


def test_lines_images_and_silence_are_shown(server: RestServer) -> None:
    server.reply = lambda body: [{"text": "first\nsecond"}, {"image": "https://shop.example/a.png"}]
    assert transcript(server, "hello\n").splitlines()[1:4] == [
        "kefu ‹ first",
        "       second",
        "       [image] https://shop.example/a.png",
    ]
    server.reply = lambda body: []
    assert "no reply" in transcript(server, "hello\n")


def test_a_server_that_went_away_is_said_and_the_conversation_goes_on(server: RestServer) -> None:
    runner = CliRunner()
    conversation, sink = Conversation("http://127.0.0.1:1", "someone"), io.StringIO()
    assert not converse(conversation, io.StringIO("one\ntwo\n"), sink, explain=lambda: "Rasa has ended.")
    assert sink.getvalue().count("not delivered") == 2
    assert "http://127.0.0.1:1 cannot be reached" in sink.getvalue() and "Rasa has ended." in sink.getvalue()
    assert runner.invoke(command, ["--url", "http://127.0.0.1:1"], input="one\n").exit_code == 1
    assert runner.invoke(command, ["--url", server.url], input="one\n").exit_code == 0


@pytest.mark.parametrize(
    ("status", "reply", "said"),
    [(500, [], "answered 500"), (200, b"<html>", "not JSON"), (200, {"a": 1}, "list"), (200, ["text"], "list")],
)
def test_an_answer_that_is_none_is_said(server: RestServer, status: int, reply: Any, said: str) -> None:
    server.status, server.reply = status, lambda body: reply
    assert said in transcript(server, "hello\n")


def test_the_token_of_the_environment_is_shown(server: RestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEFU_REST_TOKEN", raising=False)
    transcript(server, "one\n")
    monkeypatch.setenv("KEFU_REST_TOKEN", "the-token-of-the-shop")
    transcript(server, "two\n")
    assert server.tokens == [None, "Bearer the-token-of-the-shop"]


def test_a_server_that_wants_a_token_is_said(server: RestServer) -> None:
    server.status = 401
    assert "KEFU_REST_TOKEN" in transcript(server, "hello\n")


def test_no_two_conversations_share_an_id(server: RestServer) -> None:
    runner = CliRunner()
    for _ in range(2):
        assert runner.invoke(command, ["--url", server.url], input="hello\n").exit_code == 0
    assert runner.invoke(command, ["--url", server.url, "--sender", "mine"], input="hello\n").exit_code == 0
    first, second, third = (body["sender"] for body in server.seen)
    assert first != second and third == "mine"


def test_nothing_typed_is_a_conversation_too(server: RestServer) -> None:
    result = CliRunner().invoke(command, ["--url", server.url], input="")
    assert result.exit_code == 0
    assert server.seen == []
