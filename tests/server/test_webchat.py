"""The web chat through Rasa's real Sanic app, on a real socket, with a real Socket.IO client."""

import asyncio
import contextlib
import time
from typing import Any

import aiohttp
import jwt
import pytest
import socketio
from aiohttp import web

from kefu.channels import webchat
from kefu.channels.backlog import Backlog
from kefu.channels.webchat import WebChatChannel, WebChatOptions
from kefu.channels.webchat_output import WebChatOutput
from kefu.channels.webchat_server import LARGEST_PACKET, MOST_WAITING, ChatServer
from kefu.channels.webchat_sessions import AUDIENCE, Sessions
from kefu.errors import SettingsError

SECRET = "a-secret-of-the-shop-that-is-long-enough"
WORDS = "my-secret-words"
PATIENCE = 10.0

# The client library wants an aiohttp newer than the one that Rasa allows, for this one value.
if not hasattr(aiohttp, "ClientWSTimeout"):
    aiohttp.ClientWSTimeout = lambda ws_close=10.0, **_: ws_close


class Page:
    """A chat page: remembers its token and the last number, as docs/webchat_protocol.md tells it to."""

    def __init__(self, url: str, transport: str = "websocket", **headers: str) -> None:
        self.token: str | None = None
        self.last_id = 0
        self.confirmed: dict[str, Any] = {}
        self.refused: list[str] = []
        self.bot: list[dict[str, Any]] = []
        self.user: list[dict[str, Any]] = []
        self.typing: list[bool] = []
        self._url, self._transport, self._headers = url, transport, headers
        self._news = asyncio.Condition()
        self.client = socketio.AsyncClient(reconnection=False)
        for event, keep in {
            "session_confirm": self._confirm,
            "session_refused": lambda data: self.refused.append(data["reason"]),
            "bot_uttered": lambda data: self._keep(self.bot, data),
            "user_echo": lambda data: self._keep(self.user, data),
            "typing": lambda data: self.typing.append(data["on"]),
        }.items():
            self.client.on(event, self._telling(keep))

    async def connect(self, **request: Any) -> "Page":
        await self.client.connect(self._url, transports=[self._transport], headers=self._headers)
        asked = {"token": self.token, "last_id": self.last_id, **request}
        await self.client.call("session_request", asked)
        await self.until(lambda: self.confirmed or self.refused)
        return self

    async def say(self, text: Any, **more: Any) -> dict[str, Any]:
        return await self.client.call("user_uttered", {"message": text, **more}, timeout=PATIENCE)

    async def leave(self) -> None:
        # Over polling the client waits until its last poll ends, which the server lets hang for 25 s.
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.client.disconnect(), 0.5)
        self.confirmed = {}

    async def settled(self, turns: int = 1) -> None:
        """Wait until so many turns are over and saved."""
        await self.until(lambda: self.typing == [True, False] * turns)

    async def until(self, holds: Any) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(holds), PATIENCE)

    async def texts(self, count: int) -> list[str]:
        await self.until(lambda: len(self.bot) >= count)
        return [message["text"] for message in self.bot]

    def _confirm(self, data: dict[str, Any]) -> None:
        self.confirmed, self.token = data, data["token"]

    def _keep(self, kept: list[dict[str, Any]], data: dict[str, Any]) -> None:
        kept.append(data)
        self.last_id = max(self.last_id, data["id"])

    def _telling(self, keep: Any) -> Any:
        async def handle(data: Any) -> None:
            keep(data)
            async with self._news:
                self._news.notify_all()

        return handle


@pytest.fixture
def chat(channel_parts):
    def make(options: WebChatOptions | None = None, **settings: Any) -> WebChatChannel:
        return WebChatChannel(channel_parts(**settings), Sessions(SECRET), options)

    return make


@pytest.fixture
async def open_page(serve_channels, chat):
    """Give a function that opens a page, on a server of this test."""
    channel = chat()
    server = await serve_channels(channel)
    pages: list[Page] = []

    async def open_one(transport: str = "websocket", token: str | None = None, **request: Any) -> Page:
        page = Page(server.url, transport)
        page.token = token
        pages.append(page)
        return await page.connect(**request)

    open_one.server, open_one.channel = server, channel
    yield open_one
    for page in pages:
        await page.leave()


def shop_token(**claims: Any) -> str:
    given = {"iss": "shop", "aud": AUDIENCE, "sub": "customer-7", "exp": time.time() + 600, **claims}
    return jwt.encode({name: value for name, value in given.items() if value is not None}, SECRET, "HS256")


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_reply_arrives_with_its_buttons(open_page, transport):
    page = await open_page(transport)
    assert (await page.say("hello")) == {"ok": True, "id": 1}
    assert await page.texts(1) == ["hello"]
    (button,) = page.bot[0]["buttons"]
    assert button["title"] == "look it up"
    assert "lookup" not in button["payload"], "a button carries a key"
    await page.say(button["title"], payload=button["payload"])
    assert await page.texts(3) == ["hello", "found", "all done"]
    assert [message["id"] for message in page.bot] == [2, 4, 5]


async def test_source_date_and_link_arrive(open_page, action_server):
    source = {"source": "Returns", "as_of": "2026-11-20", "link": "https://help.example/returns"}

    async def answer(_):
        said = {"text": "7 days", **source}
        return web.json_response({"events": [], "responses": [said]})

    action_server.behaviours["action_lookup"] = answer
    page = await open_page()
    await page.say("lookup")
    await page.texts(2)
    assert {name: page.bot[0][name] for name in source} == source
    assert {page.bot[1][name] for name in source} == {None}


async def test_typing_is_shown_while_a_turn_lasts(open_page, action_server):
    action_server.stalls("action_lookup")
    page = await open_page()
    await page.say("lookup")
    await page.until(lambda: page.typing == [True])
    other = await open_page(token=page.token)
    assert other.confirmed["typing"] is True
    action_server.released.set()
    await page.until(lambda: page.typing == [True, False])


async def test_reconnect_loses_and_repeats_nothing(open_page, action_server):
    page = await open_page()
    await page.say("hello")
    await page.texts(1)
    action_server.stalls("action_lookup")
    await page.say("lookup")
    await page.leave()
    action_server.released.set()
    await asyncio.sleep(0.2)
    again = await open_page(token=page.token, last_id=page.last_id)
    assert await again.texts(2) == ["too late", "all done"]
    assert [message["id"] for message in again.bot] == [4, 5]
    assert again.user == [{"id": 3, "text": "lookup", "client_id": None, "time": again.user[0]["time"]}]
    await again.say("hello")
    assert (await again.texts(3))[2] == "hello"


async def test_reload_gets_the_whole_conversation_and_what_was_acknowledged(open_page):
    page = await open_page()
    await page.say("hello", id="c1")
    await page.texts(1)
    assert await page.client.call("ack", {"id": 2}) == {"ok": True}
    again = await open_page(token=page.token)
    assert (again.confirmed["last_id"], again.confirmed["acked"]) == (2, 2)
    assert await again.texts(1) == ["hello"]
    assert [(message["text"], message["client_id"]) for message in again.user] == [("hello", "c1")]


async def test_conversation_goes_on_after_a_restart_of_the_server(serve_channels, chat):
    first = await serve_channels(chat())
    page = await Page(first.url).connect()
    await page.say("hello")
    await page.texts(1)
    await page.leave()
    second = await serve_channels(chat(), agent=first.agent)
    again = Page(second.url)
    again.token, again.last_id = page.token, page.last_id
    await again.connect()
    assert again.confirmed["session_id"] and again.bot == []
    assert (await again.say("hello"))["id"] == 3
    assert await again.texts(1) == ["hello"]
    await again.leave()


async def test_message_that_is_sent_again_is_taken_once(open_page, action_server):
    page = await open_page()
    answers = [await page.say("lookup", id="m1") for _ in range(3)]
    assert answers == [{"ok": True, "id": 1}] * 3
    await page.texts(2)
    await asyncio.sleep(0.2)
    assert [message["text"] for message in page.bot] == ["found", "all done"]
    assert action_server.calls.count("action_lookup") == 1


async def test_tabs_of_a_session_see_the_same(open_page):
    page = await open_page()
    other = await open_page(token=page.token)
    await page.say("hello")
    assert await page.texts(1) == await other.texts(1) == ["hello"]
    assert [message["text"] for message in other.user] == ["hello"] and page.user == []


async def test_nobody_joins_anothers_conversation(open_page):
    kim = await open_page()
    eve = await open_page()
    assert kim.confirmed["session_id"] != eve.confirmed["session_id"]
    await eve.client.call("session_request", {"session_id": kim.confirmed["session_id"]})
    await kim.say(WORDS)
    await kim.texts(1)
    await asyncio.sleep(0.1)
    assert eve.bot == [] and eve.user == []


FORGED = {
    "other_secret": lambda: jwt.encode(
        {"iss": "shop", "aud": AUDIENCE, "sub": "customer-7", "exp": time.time() + 600}, "x" * 40, "HS256"
    ),
    "unsigned": lambda: jwt.encode({"iss": "shop", "aud": AUDIENCE, "sub": "c", "exp": 1e10}, None, "none"),
    "bit_flipped": lambda: shop_token()[:-2] + ("A" if shop_token()[-2] != "A" else "B") + "Q",
    "other_audience": lambda: shop_token(aud="other"),
    "other_issuer": lambda: shop_token(iss="somebody"),
    "no_end": lambda: shop_token(exp=None),
    "no_subject": lambda: shop_token(sub=None),
    "control_character": lambda: shop_token(sub="a\nb"),
    "long_subject": lambda: shop_token(sub="x" * 201),
    "number": lambda: 7,
    "object": lambda: {"token": 1},
    "words": lambda: "not a token",
    "long": lambda: "x" * 10_000,
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
async def test_forged_token_opens_nothing(open_page, make, server_log):
    page = await open_page(token=make())
    assert page.refused == ["invalid"] and page.confirmed == {}
    assert await page.say("hello") == {"ok": False, "reason": "no_session"}
    assert server_log() == ""


async def test_expired_token_is_told_apart(open_page):
    page = await open_page(token=shop_token(exp=time.time() - 1))
    assert page.refused == ["expired"]


async def test_what_the_shop_says_of_its_customer_goes_on(open_page):
    page = await open_page(token=shop_token(tier="vip", channel="app"))
    await page.say("hello")
    await page.settled()
    tracker = await open_page.server.agent.tracker_store.retrieve("web:c:customer-7")
    said = tracker.latest_message
    assert (said.metadata["tier"], said.metadata["channel"], said.input_channel) == ("vip", "app", "webchat")


async def test_failed_proofs_of_an_address_are_counted_together(serve_channels, chat, last_message):
    """Whoever begins one conversation after the other has the same source in each; the address itself is not kept."""
    server = await serve_channels(chat())
    sources = []
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8", "127.0.0.1"):
        page = await Page(server.url, **{"X-Forwarded-For": address}).connect()
        await page.say("hello", source="of my own")
        await page.settled()
        said = await last_message(server.agent, page.confirmed["session_id"])
        sources.append(said.metadata.get("source"))
        assert "203.0.113" not in str(said.as_dict())
        await page.leave()
    assert sources[0] == sources[1] != sources[2]
    assert sources[3] is None, "a proxy on this machine that names nobody would make one of all customers"


async def test_visitor_cannot_name_a_tier_himself(open_page):
    page = await open_page(tier="vip", metadata={"tier": "vip"})
    await page.say("hello", metadata={"tier": "vip"}, tier="vip")
    await page.settled()
    tracker = await open_page.server.agent.tracker_store.retrieve(page.confirmed["session_id"])
    assert tracker.latest_message.metadata["channel"] == "web"
    assert "tier" not in tracker.latest_message.metadata


def test_token_is_renewed_in_its_second_half():
    now = time.time()
    session, token = Sessions(SECRET, lambda: now - 20 * 24 * 3600).issue()
    newer, renewed = Sessions(SECRET, lambda: now).renewed(session, token)
    assert renewed != token and newer.id == session.id and newer.expires > session.expires
    assert Sessions(SECRET).renewed(newer, renewed) == (newer, renewed)


async def test_session_that_ends_while_connected_takes_nothing_more(open_page):
    page = await open_page(token=shop_token(exp=time.time() + 1.2))
    await asyncio.sleep(1.3)
    assert await page.say("hello") == {"ok": False, "reason": "expired"}


@pytest.mark.parametrize("typed", ["/lookup", '/lookup{"a": "b"}', " /lookup", "/restart"])
async def test_typed_payload_is_words(open_page, typed):
    page = await open_page()
    await page.say(typed)
    await page.settled()
    tracker = await open_page.server.agent.tracker_store.retrieve(page.confirmed["session_id"])
    (said,) = [event.text for event in tracker.events if event.type_name == "user"]
    assert not said.startswith("/")


async def test_choices_that_are_not_open_are_refused(open_page, action_server):
    kim, eve = await open_page(), await open_page()
    await kim.say("hello")
    await kim.texts(1)
    key = kim.bot[0]["buttons"][0]["payload"]
    gone = {"ok": False, "reason": "choice_gone"}
    assert await eve.say("look it up", payload=key) == gone
    assert await kim.say("look it up", payload="/lookup") == gone
    await kim.say("good morning")
    assert await kim.say("look it up", payload=key) == gone
    assert "action_lookup" not in action_server.calls


async def test_choice_that_could_not_be_kept_may_be_sent_again(open_page, action_server, monkeypatch):
    page = await open_page()
    await page.say("hello")
    await page.texts(1)
    choice = {"payload": page.bot[0]["buttons"][0]["payload"], "id": "c2"}
    with monkeypatch.context() as broken:
        broken.setattr(Backlog, "add", lambda *_: {}["locked"])
        assert await page.say("look it up", **choice) == {"ok": False, "reason": "trouble"}
    assert (await page.say("look it up", **choice))["ok"]
    assert (await page.texts(3))[1:] == ["found", "all done"]
    assert (await page.say("look it up", payload=choice["payload"]))["reason"] == "choice_gone"


async def test_too_much_at_once_is_told_once(serve_channels, chat):
    server = await serve_channels(chat(per_minute=1, burst=2))
    page = await Page(server.url).connect()
    outcomes = [await page.say(f"hello {number}") for number in range(5)]
    assert [outcome["ok"] for outcome in outcomes] == [True, True, False, False, False]
    assert outcomes[2]["reason"] == "too_fast" and 0 < outcomes[2]["retry_after"] <= 60
    await asyncio.sleep(0.3)
    assert sum("faster than I can follow" in message["text"] for message in page.bot) == 1
    await page.leave()


async def test_long_message_and_one_without_words_are_answered(open_page, action_server):
    page = await open_page(language="en")
    assert await page.say("很" * 2001) == {"ok": False, "reason": "too_long"}
    assert await page.say("  ") == {"ok": False, "reason": "words_only"}
    first, second = await page.texts(2)
    assert "太长" in first and "too long" not in first
    assert "I can only read text" in second


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (None,),
        ("text",),
        ([1, 2],),
        ({},),
        ({"message": 7},),
        ({"message": ["hello"]},),
        ({"message": "hello", "id": 7},),
        ({"message": "hello", "id": "x" * 65},),
        ({"message": "hello", "payload": {}},),
        ({"message": "hello"} | {"payload": ""},),
        ("a", "b", "c"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_message_of_another_shape_is_refused(open_page, arguments, server_log):
    page = await open_page()
    assert await page.client.call("user_uttered", arguments) == {"ok": False, "reason": "bad_message"}
    assert (await page.say("hello"))["ok"]
    assert server_log() == ""


RUBBISH = [
    "2{",
    "2[",
    "9",
    "0/other,",
    "51-[]",
    "2[1,2",
    "4{}",
    "\x00",
    "3[]",
    '2["__proto__"]',
    "6",
    "40",
    '20["ack"]',
]


@pytest.mark.parametrize("packet", RUBBISH)
async def test_rubbish_ends_at_most_its_own_connection(open_page, packet, server_log):
    page = await open_page()
    async with aiohttp.ClientSession() as session:
        address = f"{open_page.server.url}/socket.io/?EIO=4&transport=websocket"
        async with session.ws_connect(address) as socket:
            await socket.send_str("40")
            await socket.send_str("4" + packet)
            await socket.send_str(packet)
            await asyncio.sleep(0.1)
    assert (await page.say("hello"))["ok"]
    assert await page.texts(1) == ["hello"]
    assert server_log() == ""


@pytest.mark.parametrize("packet", ['459999999999-["user_uttered",{"_placeholder":true,"num":0}]', "461-[]", b"\xff"])
async def test_binary_packet_ends_its_connection(open_page, packet, server_log):
    async with aiohttp.ClientSession() as session:
        address = f"{open_page.server.url}/socket.io/?EIO=4&transport=websocket"
        async with session.ws_connect(address) as socket:
            await socket.send_str("40")
            assert (await socket.receive_str())[0] == "0" and (await socket.receive_str())[:2] == "40"
            await (socket.send_bytes if isinstance(packet, bytes) else socket.send_str)(packet)
            assert await socket.receive_str(timeout=PATIENCE) == "1"  # the protocol's word of parting
    assert server_log() == ""


async def test_visitors_of_one_address_begin_a_bounded_number_of_sessions(serve_channels, chat, monkeypatch):
    monkeypatch.setattr(webchat, "_NEW_AT_ONCE", 2)
    server = await serve_channels(chat())
    pages = [await Page(server.url, **{"X-Forwarded-For": "203.0.113.7"}).connect() for _ in range(2)]
    third = Page(server.url, **{"X-Forwarded-For": "203.0.113.8, 203.0.113.7"})
    await third.client.connect(server.url, transports=["websocket"], headers=third._headers)
    assert await third.client.call("session_request", {}) == {"ok": False, "reason": "too_fast"}
    assert await third.client.call("session_request", {"token": pages[0].token}) == {"ok": True}
    elsewhere = await Page(server.url, **{"X-Forwarded-For": "203.0.113.8"}).connect()
    assert elsewhere.token
    for page in (*pages, third, elsewhere):
        await page.leave()


async def test_conversation_is_not_sent_again_and_again(open_page):
    page = await open_page()
    answers = [await page.client.call("session_request", {"token": page.token}) for _ in range(9)]
    assert answers[0] == {"ok": True} and answers[-1] == {"ok": False, "reason": "too_fast"}


async def test_session_that_ends_while_connected_gets_nothing_more(open_page):
    ends = time.time() + 5
    page = await open_page(token=shop_token(exp=ends))
    other = await open_page(token=shop_token())
    await asyncio.sleep(ends - time.time() + 0.5)
    await other.say("hello")
    assert await other.texts(1) == ["hello"]
    await asyncio.sleep(0.2)
    assert page.bot == [] and page.user == []


@pytest.mark.parametrize("request_", [{"token": "\ud800"}, {"token": "x\ud800.y.z"}])
async def test_half_a_character_in_a_token_is_refused(open_page, request_, server_log):
    page = await open_page()
    assert await page.client.call("session_request", request_) == {"ok": False, "reason": "invalid"}
    assert await page.say("hello", id="\ud800") == {"ok": False, "reason": "bad_message"}
    assert await page.say("hello", payload="\ud800") == {"ok": False, "reason": "bad_message"}
    assert server_log() == ""


async def test_connection_that_ends_before_it_is_in_joins_nothing(channel_parts):
    parts = channel_parts()
    output = WebChatOutput(ChatServer(None), Backlog(parts.database, keep_hours=1), parts.store)
    assert await output.join("web:v:1", "gone", 0, {}) is False


async def test_client_that_leaves_everything_unread_is_let_go(open_page):
    server = open_page.channel._server
    async with aiohttp.ClientSession() as session:
        polling = f"{open_page.server.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(polling) as response:
            eio_sid = (await response.text()).split('"sid":"')[1].split('"')[0]
        async with session.post(f"{polling}&sid={eio_sid}", data=b"40"):
            pass
    connection, sid = server.eio.sockets[eio_sid], server.manager.sid_from_eio_sid(eio_sid, "/")
    while connection.queue.qsize() < MOST_WAITING:
        await server.emit("typing", {"on": True}, to=sid)
    assert not connection.closed
    await server.emit("typing", {"on": True}, to=sid)
    assert connection.closed and not server.manager.is_connected(sid, "/")
    assert connection.queue.qsize() == MOST_WAITING


async def test_ten_megabytes_are_refused(open_page, server_log):
    page = await open_page()
    async with aiohttp.ClientSession() as session:
        polling = f"{open_page.server.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(polling) as response:
            sid = (await response.text()).split('"sid":"')[1].split('"')[0]
        async with session.post(f"{polling}&sid={sid}", data=b"4" * 10_000_000) as response:
            assert response.status in (400, 413)
        async with session.ws_connect(f"{open_page.server.url}/socket.io/?EIO=4&transport=websocket") as socket:
            await socket.send_str("40")
            await socket.send_str("42" + "x" * (LARGEST_PACKET + 1))
            async for _ in socket:  # ends when the server closes
                pass
    assert (await page.say("hello"))["ok"]
    assert server_log() == ""


@pytest.mark.parametrize(
    ("origin", "allowed", "connects"),
    [
        ("https://evil.example", [], False),
        ("https://shop.example", ["https://shop.example"], True),
        ("https://shop.example.evil.example", ["https://shop.example"], False),
        (None, ["https://shop.example"], True),
    ],
)
async def test_only_the_shops_pages_connect(serve_channels, chat, origin, allowed, connects, server_log):
    server = await serve_channels(chat(WebChatOptions(cors=allowed)))
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    headers = {"Origin": origin} if origin else {}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        assert (response.status == 200) is connects
    assert server_log() == ""


@pytest.mark.parametrize("allowed", [[], ["https://shop.example"]])
async def test_page_of_this_server_connects(serve_channels, chat, allowed):
    server = await serve_channels(chat(WebChatOptions(cors=allowed)))
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as session:
        async with session.get(address, headers={"Origin": server.url}) as response:
            assert response.status == 200
        behind_a_proxy = {"Origin": "https://chat.example", "X-Forwarded-Proto": "https", "Host": "chat.example"}
        async with session.get(address, headers=behind_a_proxy) as response:
            assert response.status == 200


async def test_failing_turn_is_told_and_logs_no_words(open_page, action_server, server_log):
    action_server.fails("action_lookup")
    page = await open_page()
    await page.say(f"hello {WORDS}")
    await page.texts(1)
    await page.say("lookup")
    assert (await page.texts(2))[1] == "we are busy"
    assert WORDS not in server_log() and SECRET not in server_log() and page.token not in server_log()


async def test_fault_in_the_agent_ends_typing_and_logs_no_words(open_page, monkeypatch, server_log):
    async def fail(_):
        raise RuntimeError(WORDS)

    monkeypatch.setattr(open_page.server.agent, "handle_message", fail)
    page = await open_page()
    await page.say(WORDS)
    await page.until(lambda: page.typing == [True, False])
    assert "a message over webchat failed with RuntimeError" in server_log()
    assert WORDS not in server_log()


async def test_many_messages_at_once_keep_their_order(open_page):
    pages = [await open_page() for _ in range(5)]
    await asyncio.gather(*(page.say(f"hello {number}") for page in pages for number in range(6)))
    for page in pages:
        await page.texts(6)
        numbers = [message["id"] for message in page.bot]
        assert numbers == sorted(numbers) and len(set(numbers)) == 6


def test_channel_is_made_from_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.delenv("KEFU_WEBCHAT_SECRET", raising=False)
    WebChatChannel.from_credentials(None)
    WebChatChannel.from_credentials({"cors": ["https://shop.example", "http://localhost:8080"]})
    assert (tmp_path / ".kefu" / "webchat.secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".kefu" / "channels.db").is_file()


@pytest.mark.parametrize(
    "cors", ["*", ["*"], ["https://*.shop.example"], ["https://shop.example/"], ["shop.example"], [7], 7]
)
def test_origins_that_are_none_are_refused(tmp_path, monkeypatch, cors):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    with pytest.raises(SettingsError, match="cors"):
        WebChatChannel.from_credentials({"cors": cors})
