"""The REST channel through Rasa's real Sanic app, on a real socket."""

import asyncio
import json
import socket

import aiohttp
import pytest
from sanic import Sanic

from kefu.channels.rest import LARGEST_BODY, RestChannel


class Rest:
    """A client of the running app."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    async def post(self, body: object, query: str = "") -> tuple[int, object]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self._session.post(f"{self._base}/webhooks/rest/webhook{query}", data=data) as response:
            text = await response.text()
            return response.status, text if query else json.loads(text)

    async def health(self) -> int:
        async with self._session.get(f"{self._base}/webhooks/rest/") as response:
            return response.status


@pytest.fixture
async def app(monkeypatch):
    from rasa.core.run import configure_app

    monkeypatch.setattr(Sanic, "test_mode", True)  # without it a process can start one app only
    app = configure_app([RestChannel()], enable_api=False, use_uvloop=False)
    yield app
    Sanic._app_registry.pop(app.name, None)


@pytest.fixture
async def rest(app, make_agent):
    app.ctx.agent = make_agent()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        async with aiohttp.ClientSession() as session:
            yield Rest(f"http://127.0.0.1:{listener.getsockname()[1]}", session)
        server.close()
        await server.wait_closed()


async def test_message_is_answered(rest):
    status, replies = await rest.post({"sender": "kim", "message": "hello"})
    assert status == 200
    assert replies == [
        {"recipient_id": "kim", "text": "hello", "buttons": [{"title": "look it up", "payload": "/lookup"}]}
    ]


async def test_messages_without_sender_share_no_conversation(rest, app):
    first, second = [(await rest.post({"message": "order"}))[1][0]["recipient_id"] for _ in range(2)]
    assert first != second
    assert "default" not in await app.ctx.agent.tracker_store.keys()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{not json",
        b"\xff\xfe",
        b"[" * 100_000,
        [],
        "hello",
        {},
        {"message": None},
        {"message": 7},
        {"message": ["hello"]},
        {"message": "hello", "sender": 7},
        {"message": "hello", "sender": "x" * 256},
        {"message": "hello", "sender": "kim\x00"},
        {"message": "hello", "sender": "kim", "metadata": "text"},
        {"message": "hello", "sender": "kim", "input_channel": {}},
        {"message": "x" * LARGEST_BODY, "sender": "kim"},
    ],
    ids=lambda body: str(body)[:40],
)
async def test_request_that_cannot_be_read_is_refused(rest, app, body, caplog):
    status, answer = await rest.post(body)
    assert status == 400
    assert list(answer) == ["error"]
    assert "\n" not in answer["error"]
    assert not caplog.records
    assert list(await app.ctx.agent.tracker_store.keys()) == []


async def test_longest_sender_is_taken(rest):
    status, replies = await rest.post({"message": "hello", "sender": "客" * 255})
    assert (status, replies[0]["recipient_id"]) == (200, "客" * 255)


async def test_blank_and_broken_text_get_a_reply(rest, caplog):
    assert (await rest.post({"sender": "kim", "message": ""}))[1][0]["text"] == "say something"
    assert (await rest.post(b'{"sender": "kim", "message": "\\ud83d hello \\u0000"}'))[1][0]["text"] == "hello"
    assert not caplog.records


async def test_failing_action_is_answered(rest, action_server):
    action_server.fails("action_lookup")
    status, replies = await rest.post({"sender": "kim", "message": "lookup"})
    assert (status, [reply["text"] for reply in replies]) == (200, ["we are busy"])


async def test_stream(rest):
    status, lines = await rest.post({"sender": "kim", "message": "lookup"}, query="?stream=true")
    assert status == 200
    assert [json.loads(line)["text"] for line in lines.splitlines()] == ["found", "all done"]


async def test_stream_ends_after_a_fault_and_logs_no_words(rest, app, monkeypatch, caplog):
    async def fail(_):
        raise RuntimeError("my-secret-words")

    monkeypatch.setattr(app.ctx.agent, "handle_message", fail)
    assert await rest.post({"sender": "kim", "message": "my-secret-words"}, query="?stream=true") == (200, "")
    assert await rest.post({"sender": "kim", "message": "my-secret-words"}) == (200, [])
    assert "my-secret-words" not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_health_follows_the_model(rest, app):
    assert await rest.health() == 200
    app.ctx.agent.processor = None
    assert await rest.health() == 503


async def test_requests_at_the_same_time(rest):
    answers = await asyncio.gather(*(rest.post({"message": "hello", "sender": f"s{number}"}) for number in range(20)))
    assert {answer[1][0]["recipient_id"] for answer in answers} == {f"s{number}" for number in range(20)}
