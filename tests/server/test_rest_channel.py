"""The REST channel through Rasa's real Sanic app, on a real socket."""

import asyncio
import json
import socket

import aiohttp
import pytest
from sanic import Sanic

from kefu.channels.addresses import is_local
from kefu.channels.rate_limit import RateLimiter
from kefu.channels.rest import RestChannel
from kefu.channels.sources import Sources
from kefu.channels.telegram import TelegramChannel
from kefu.channels.webchat import WebChatChannel
from kefu.channels.webchat_sessions import Sessions
from kefu.channels.webhook import LARGEST_BODY
from kefu.errors import SettingsError


class Rest:
    """A client of the running app."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session

    async def post(self, body: object, query: str = "", **headers: str) -> tuple[int, object]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        address = f"{self.base}/webhooks/rest/webhook{query}"
        async with self._session.post(address, data=data, headers=headers) as response:
            text = await response.text()
            return response.status, text if query else json.loads(text)

    async def health(self) -> int:
        async with self._session.get(f"{self.base}/webhooks/rest/") as response:
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


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10_000_000])
async def test_request_that_is_too_large_is_refused(rest, size, caplog):
    assert (await rest.post(b"x" * size))[0] == 413
    assert not caplog.records


TOKEN = "the-token-of-the-shops-server"


@pytest.fixture
async def guarded(serve_channels):
    """REST with a token, and a limit of two messages at once."""
    server = await serve_channels(RestChannel(TOKEN, RateLimiter(per_minute=1, burst=2)))
    async with aiohttp.ClientSession() as session:
        yield Rest(server.url, session)


async def test_token_lets_in(guarded):
    status, replies = await guarded.post({"message": "hello", "sender": "kim"}, Authorization=f"Bearer {TOKEN}")
    assert (status, replies[0]["text"]) == (200, "hello")


@pytest.mark.parametrize(
    "shown", [None, "", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Basic x", "é"]
)
async def test_without_the_token_nobody_comes_in(guarded, shown, server_log):
    headers = {} if shown is None else {"Authorization": shown}
    status, answer = await guarded.post({"message": "hello", "sender": "kim"}, **headers)
    assert (status, answer) == (401, {"error": "a bearer token is needed"})
    assert server_log() == ""


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Host", "shop.example"),
        ("Forwarded", "for=203.0.113.7"),
        ("X-Real-IP", "203.0.113.7"),
        ("Via", "1.1 proxy"),
        ("Origin", "http://localhost:8000"),
        ("Host", "shop.example"),
        ("Host", "localhost.shop.example:5005"),
        ("Host", "["),
    ],
)
async def test_without_a_token_what_comes_from_elsewhere_is_refused(rest, app, header, value):
    status, answer = await rest.post({"message": "hello"}, **{header: value})
    assert status == 401 and "KEFU_REST_TOKEN" in answer["error"]
    assert list(await app.ctx.agent.tracker_store.keys()) == []


async def test_without_a_token_a_proxy_that_tells_nothing_is_refused(rest):
    host, port = rest.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b'{"message": "hello"}'
    head = f"POST /webhooks/rest/webhook HTTP/1.0\r\nHost: {host}:{port}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    assert b" 401 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("sender", ["web:c:customer-7", "slack:T1:D1:U1", "telegram:7", " Web:v:1"])
async def test_without_a_token_other_channels_conversations_are_refused(rest, sender):
    status, answer = await rest.post({"message": "hello", "sender": sender})
    assert status == 400 and "`sender`" in answer["error"]


async def test_with_the_token_any_conversation_may_be_named(guarded):
    body = {"message": "hello", "sender": "web:c:customer-7"}
    assert (await guarded.post(body, Authorization=f"Bearer {TOKEN}"))[0] == 200


@pytest.fixture
async def naming(serve_channels):
    """REST of a shop whose own server says where its customers write from."""
    server = await serve_channels(RestChannel(TOKEN, sources=Sources("a-secret-of-the-sources")))
    async with aiohttp.ClientSession() as session:
        posts = Rest(server.url, session)
        posts.agent = server.agent
        yield posts


@pytest.mark.parametrize("client", ["203.0.113.7", "2001:db8::7"])
async def test_customers_address_goes_on_as_a_hash(naming, client, last_message):
    for sender in ("kim", "eve"):
        body = {"message": "hello", "sender": sender, "metadata": {"client": client, "source": "mine", "tier": "vip"}}
        assert (await naming.post(body, Authorization=f"Bearer {TOKEN}"))[0] == 200
    kim, eve = [(await last_message(naming.agent, sender)).metadata for sender in ("kim", "eve")]
    assert kim == eve and kim["tier"] == "vip" and "client" not in kim
    assert len(kim["source"]) == 32 and client not in str(kim)


@pytest.mark.parametrize("metadata", [None, {}, {"client": 7}, {"client": ""}, {"source": "mine"}])
async def test_without_an_address_there_is_no_source(naming, metadata, last_message):
    body = {"message": "hello", "sender": "kim", "metadata": metadata}
    assert (await naming.post(body, Authorization=f"Bearer {TOKEN}"))[0] == 200
    assert "source" not in ((await last_message(naming.agent, "kim")).metadata or {})


@pytest.mark.parametrize(
    ("token", "host", "warned"),
    [
        (None, "0.0.0.0", True),
        (None, "10.0.0.5", True),
        (None, "127.0.0.1", False),
        (None, "localhost", False),
        (TOKEN, "0.0.0.0", False),
    ],
)
async def test_open_rest_beside_a_web_chat_for_other_machines_is_warned_of(
    make_agent, channel_parts, monkeypatch, token, host, warned, server_log
):
    from rasa.core.run import configure_app

    monkeypatch.setattr(Sanic, "test_mode", True)
    channels = [RestChannel(token), WebChatChannel(channel_parts(), Sessions("a-secret-that-is-long-enough-for-it"))]
    app = configure_app(channels, enable_api=False, use_uvloop=None)
    app.state.host = host
    channels[0]._warn(app)
    Sanic._app_registry.pop(app.name, None)
    assert ("the web chat listens to other machines" in server_log()) is warned


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_open_rest_beside_a_messenger_is_warned_of(serve_channels, channel_parts, token, server_log):
    await serve_channels(RestChannel(token), TelegramChannel(channel_parts(), "7:telegram"))
    assert ("KEFU_REST_TOKEN" in server_log()) is (token is None)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("203.0.113.7", False),
        ("", False),
    ],
)
def test_this_machine(address, local):
    assert is_local(address) is local


async def test_sender_who_is_too_fast_is_told_once(guarded):
    body = {"message": "你好", "sender": "kim"}
    answers = [await guarded.post(body, Authorization=f"Bearer {TOKEN}") for _ in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert "消息太快" in answers[2][1][0]["text"]
    assert (await guarded.post({**body, "sender": "eve"}, Authorization=f"Bearer {TOKEN}"))[1][0]["text"] == "hello"


def test_short_token_is_refused(monkeypatch):
    monkeypatch.setenv("KEFU_REST_TOKEN", "short")
    with pytest.raises(SettingsError, match="at least 16"):
        RestChannel.from_credentials(None)
