"""What the remote generator does with a server that streams, stalls, breaks off, refuses, or talks for ever."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kefu.errors import GenerationStopped, ModelBusy, ModelError, RemoteModelError, SettingsError
from kefu.models.remote_generator import RemoteGenerator
from kefu.protocols import Completion, Message
from kefu.settings import GeneratorSettings, load_settings

ASKED = [Message("user", "运费多少钱")]
Act = Callable[[Any, dict[str, Any]], None]


def client(server: Any, **options: Any) -> RemoteGenerator:
    return RemoteGenerator(GeneratorSettings(**{"model": "served", "url": server.url, "timeout": 5.0, **options}))


def event(content: str | None, finish: str | None = None, **more: Any) -> bytes:
    delta = {**({} if content is None else {"content": content}), **more}
    return b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"


def events(*pieces: bytes, pause: float = 0.0, ends: bool = True) -> Act:
    """A stream of chunks; without ``ends`` the connection is cut."""

    def act(handler: Any, _: dict[str, Any]) -> None:
        handler.head(200, "text/event-stream", Transfer_Encoding="chunked")
        for piece in pieces:
            handler.chunk(piece)
            time.sleep(pause)
        if ends:
            handler.chunk(b"")
        else:
            handler.close_connection = True

    return act


def plain(status: int, content: bytes, kind: str = "application/json", **headers: str) -> Act:
    def act(handler: Any, _: dict[str, Any]) -> None:
        handler.head(status, kind, Content_Length=str(len(content)), **headers)
        handler.wfile.write(content)

    return act


def whole(text: Any, finish: str = "stop") -> Act:
    return plain(200, json.dumps({"choices": [{"message": {"content": text}, "finish_reason": finish}]}).encode())


DONE = b"data: [DONE]\n\n"


def test_it_asks_as_openai_does_without_thinking(chat_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_GENERATOR_KEY", "s3cret")
    asked = [Message("system", "短"), *ASKED]
    assert client(chat_server).complete(asked, max_tokens=50, temperature=0.5).text == "你好，世界。"
    assert chat_server.requests == [
        {
            "model": "served",
            "messages": [{"role": "system", "content": "短"}, {"role": "user", "content": "运费多少钱"}],
            "max_tokens": 50,
            "temperature": 0.5,
            "stream": True,
            "chat_template_kwargs": {"enable_thinking": False},
        }
    ]
    assert chat_server.headers[0]["Authorization"] == "Bearer s3cret"


def test_a_service_may_be_spared_what_it_does_not_know(chat_server: Any) -> None:
    client(chat_server, chat_options=False).complete(ASKED)
    assert "chat_template_kwargs" not in chat_server.requests[0]


def test_more_keys_go_along_as_they_stand(chat_server: Any, tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text(
        f"generator:\n  model: served\n  url: {chat_server.url}\n  extra_body:\n    reasoning_effort: none\n"
        "    temperature: 1\n    seeds: [1, null, {a: 0.5}]\n",
        encoding="utf-8",
    )
    settings = load_settings(tmp_path / "endpoints.yml").generator
    RemoteGenerator(settings).complete(ASKED)
    (sent,) = chat_server.requests
    assert (sent["reasoning_effort"], sent["temperature"]) == ("none", 1)
    assert sent["seeds"] == [1, None, {"a": 0.5}]
    assert (sent["model"], sent["stream"]) == ("served", True)
    assert hash(settings) == hash(load_settings(tmp_path / "endpoints.yml").generator), "one generator per process"


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ("{messages: []}", "may not set messages"),
        ("{stream: false, max_tokens: 9000, model: other}", "may not set max_tokens, model, stream"),
        ("reasoning_effort", "must be a mapping of what JSON can say: it is no mapping"),
        ("[1]", "it is no mapping"),
        ("{1: a}", "its keys must be texts"),
        ("{a: {true: b}}", "its keys must be texts"),
        ("{a: 2026-11-28}", "not JSON serializable"),
        ("{a: .inf}", "not JSON compliant"),
    ],
)
def test_more_keys_are_json_and_none_of_kefus_own(tmp_path: Path, extra: str, complaint: str) -> None:
    (tmp_path / "endpoints.yml").write_text(f"generator: {{model: served, extra_body: {extra}}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load_settings(tmp_path / "endpoints.yml")


def test_an_empty_line_is_no_more_keys(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("generator:\n  extra_body:\n", encoding="utf-8")
    assert load_settings(tmp_path / "endpoints.yml").generator == GeneratorSettings()


def test_connections_are_kept_alive(chat_server: Any) -> None:
    generator = client(chat_server)
    for _ in range(5):
        generator.complete(ASKED)
    assert len(chat_server.connections) == 1


def test_pieces_are_put_together_wherever_they_are_cut(chat_server: Any) -> None:
    stream = event("运费") + event("8 元。") + event(None, "stop") + DONE
    chat_server.faults.append(events(*[stream[at : at + 7] for at in range(0, len(stream), 7)]))
    assert client(chat_server).complete(ASKED) == Completion("运费8 元。", "stop", "served")


def test_a_server_that_does_not_stream_is_understood(chat_server: Any) -> None:
    chat_server.faults.append(whole("运费 8 元。"))
    assert client(chat_server).complete(ASKED).text == "运费 8 元。"


def test_other_events_are_passed_over(chat_server: Any) -> None:
    usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
    thought = event(None, reasoning_content="hm")
    chat_server.faults.append(events(b": ping\n\n", thought, event("好。"), event(None, "stop"), usage, DONE))
    assert client(chat_server).complete(ASKED).text == "好。"


def test_events_without_text_count_for_nothing(chat_server: Any) -> None:
    opening = event(None, role="assistant") + event("", role="assistant")
    pieces = [event(piece) for piece in ("运费", "8", " 元")]
    chat_server.faults += [events(opening, *pieces, event(None, "length"), DONE)] * 2
    generator = client(chat_server, max_tokens=3)
    assert [generator.complete(ASKED) for _ in range(2)] == [Completion("运费8 元", "length", "served")] * 2
    assert len(chat_server.connections) == 1, "a stream that is read to its end leaves its connection usable"


def test_thinking_apart_from_the_text_is_capped_as_well(chat_server: Any) -> None:
    thoughts = [event(None, reasoning_content="hm")] * 50
    chat_server.faults.append(events(*thoughts, event("好。", "stop"), DONE))
    with pytest.raises(ModelError, match="only its thinking"):
        client(chat_server, max_tokens=20).complete(ASKED)


@pytest.mark.parametrize(
    "act", [whole("<think>I never end"), events(event("<think>a"), event("</think>", "stop"), DONE), whole("")]
)
def test_only_thinking_is_no_answer(chat_server: Any, act: Act) -> None:
    chat_server.faults.append(act)
    with pytest.raises(ModelError, match="only its thinking"):
        client(chat_server).complete(ASKED)


def test_another_language_is_a_text_like_any_other(chat_server: Any) -> None:
    chat_server.faults.append(whole("Versand kostet 8 €."))
    assert client(chat_server).complete(ASKED).text == "Versand kostet 8 €."


@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        (events(event("运费 8"), ends=False), "broke off"),
        (events(event("运费 8")), "broke off"),
        (events(b"data: {bad\n\n"), "not JSON"),
        (events(b'data: {"error": {"message": "overloaded"}}\n\n'), "no `choices`"),
        (events(b'data: {"choices": [7]}\n\n'), "no mapping"),
        (events(event(["a"], "stop")), "not a text"),  # type: ignore[arg-type]
        (plain(200, b"<html>"), "not JSON"),
        (plain(200, b"[]"), "no `choices`"),
        (plain(401, b"{}"), "answered 401"),
        (plain(404, b"{}"), "answered 404"),
        (plain(302, b"", Location="http://127.0.0.1:9/"), "cannot be reached"),
    ],
)
def test_what_is_no_completion_is_refused(chat_server: Any, act: Act, complaint: str) -> None:
    chat_server.faults.append(act)
    with pytest.raises(RemoteModelError, match=complaint):
        client(chat_server, retries=0).complete(ASKED)
    assert len(chat_server.requests) == 1


def test_an_answer_cut_at_its_cap_says_so(chat_server: Any) -> None:
    chat_server.faults += [events(event("运费"), event(None, "length"), DONE), whole("运费", "length")]
    generator = client(chat_server)
    assert [generator.complete(ASKED).finish for _ in range(2)] == ["length", "length"]


def test_fifty_thousand_tokens_are_not_read_to_their_end(chat_server: Any) -> None:
    sent = 0

    def endless(handler: Any, _: dict[str, Any]) -> None:
        nonlocal sent
        handler.head(200, "text/event-stream", Transfer_Encoding="chunked")
        for _ in range(50_000):
            handler.chunk(event("字"))
            sent += 1

    chat_server.faults.append(endless)
    written = client(chat_server, max_tokens=20).complete(ASKED)
    assert written.finish == "length"
    assert 20 <= len(written.text) <= 21
    assert client(chat_server).complete(ASKED).text == "你好，世界。"
    assert sent < 50_000


def test_fifty_thousand_tokens_at_once_are_cut(chat_server: Any) -> None:
    chat_server.faults += [whole("word " * 50_000), events(event("字" * 50_000), event(None, "stop"), DONE)]
    generator = client(chat_server, max_tokens=20)
    assert generator.complete(ASKED).finish == "length"
    with_finish = generator.complete(ASKED)
    assert with_finish.finish == "length"
    assert len(with_finish.text) <= 50_000


def test_an_event_without_an_end_is_refused(chat_server: Any) -> None:
    chat_server.faults.append(events(*[b"data: " + b"x" * 500_000] * 4))
    with pytest.raises(RemoteModelError, match="without an end"):
        client(chat_server).complete(ASKED)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(chat_server: Any, status: int) -> None:
    chat_server.faults.append(plain(status, b"{}"))
    assert client(chat_server).complete(ASKED).text == "你好，世界。"
    assert len(chat_server.requests) == 2


def test_it_waits_as_long_as_the_server_says(chat_server: Any) -> None:
    chat_server.faults.append(plain(429, b"{}", Retry_After="1"))
    started = time.monotonic()
    assert client(chat_server).complete(ASKED).text == "你好，世界。"
    assert 1 <= time.monotonic() - started < 3


def test_a_wait_beyond_the_deadline_is_not_begun(chat_server: Any) -> None:
    chat_server.faults.append(plain(429, b"{}", Retry_After="60"))
    started = time.monotonic()
    with pytest.raises(RemoteModelError, match="answered 429"):
        client(chat_server).complete(ASKED)
    assert time.monotonic() - started < 1
    assert len(chat_server.requests) == 1


def test_tries_are_bounded(chat_server: Any) -> None:
    chat_server.faults.extend([plain(500, b"{}")] * 9)
    with pytest.raises(RemoteModelError, match="answered 500"):
        client(chat_server, retries=2).complete(ASKED)
    assert len(chat_server.requests) == 3


@pytest.mark.parametrize("pause_before_head", [True, False])
def test_a_server_that_stalls_costs_no_more_than_the_deadline(chat_server: Any, pause_before_head: bool) -> None:
    release = threading.Event()

    def stall(handler: Any, _: dict[str, Any]) -> None:
        if not pause_before_head:
            handler.head(200, "text/event-stream", Transfer_Encoding="chunked")
            handler.chunk(event("运"))
        release.wait(5)

    chat_server.faults.append(stall)
    started = time.monotonic()
    with pytest.raises(ModelError):
        client(chat_server).complete(ASKED, timeout=0.4)
    assert time.monotonic() - started < 1
    release.set()


def test_a_server_that_drips_costs_no_more_than_the_deadline(chat_server: Any) -> None:
    chat_server.faults.append(events(*[event("字")] * 100, pause=0.05))
    started = time.monotonic()
    with pytest.raises(GenerationStopped, match="in time"):
        client(chat_server).complete(ASKED, timeout=0.5)
    assert time.monotonic() - started < 1


def test_a_cancelled_answer_ends_at_once_and_the_server_is_told(chat_server: Any) -> None:
    cut = threading.Event()

    def drip(handler: Any, _: dict[str, Any]) -> None:
        handler.head(200, "text/event-stream", Transfer_Encoding="chunked")
        try:
            for _ in range(200):
                handler.chunk(event("字"))
                time.sleep(0.02)
        except OSError:
            cut.set()
            raise

    chat_server.faults.append(drip)
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(GenerationStopped, match="not waited for"):
        client(chat_server).complete(ASKED, cancel=cancel)
    assert time.monotonic() - started < 1
    assert cut.wait(2)


def test_no_more_are_asked_at_once_and_no_more_wait_than_allowed(chat_server: Any) -> None:
    release, present, most = threading.Event(), [], 0

    def slow(handler: Any, _: dict[str, Any]) -> None:
        nonlocal most
        present.append(1)
        most = max(most, len(present))
        release.wait(5)
        present.pop()
        whole("好。")(handler, {})

    chat_server.faults.extend([slow] * 10)
    generator = client(chat_server, concurrency=2, queue=3)
    with ThreadPoolExecutor(5) as callers:
        waiting = [callers.submit(generator.complete, ASKED) for _ in range(5)]
        until = time.monotonic() + 3
        while (generator._room._value or len(present) < 2) and time.monotonic() < until:  # type: ignore[attr-defined]
            time.sleep(0.01)
        with pytest.raises(ModelBusy, match="3 already wait"):
            generator.complete(ASKED)
        release.set()
        assert {future.result().text for future in waiting} == {"好。"}
    assert most == 2
    assert generator.complete(ASKED).text


def test_a_server_that_is_away_costs_one_caller(chat_server: Any) -> None:
    now = 0.0
    generator = RemoteGenerator(
        GeneratorSettings(model="served", url="http://127.0.0.1:9", timeout=2.0), clock=lambda: now
    )
    with pytest.raises(RemoteModelError, match="Is the server running"):
        generator.complete(ASKED)
    with pytest.raises(RemoteModelError, match="did not answer a moment ago"):
        generator.complete(ASKED)


def test_no_word_of_the_customer_stands_in_an_error(chat_server: Any) -> None:
    chat_server.faults.append(plain(400, json.dumps({"error": "运费多少钱 is no good"}).encode()))
    with pytest.raises(RemoteModelError) as caught:
        client(chat_server).complete(ASKED)
    assert "运费" not in str(caught.value)
