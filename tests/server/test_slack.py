"""Slack's real payload shapes over HTTP against the running server, and a real HTTP server in the place of Slack."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from kefu.channels.slack import SlackChannel, SlackOptions
from kefu.channels.slack_events import Address, button_value, message_of, plain, press_of
from kefu.errors import SettingsError

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy"
WORDS = "my-secret-words"

DIRECT = "slack:T061EG9RZ:D024BE91L:U2147483697"


class Slack:
    """Posts as Slack does."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = f"{url}/webhooks/slack/webhook", session
        self._events = 0

    async def post(
        self, body: bytes, *, stamp: str | None = None, signature: str | None = None, **headers: str
    ) -> int:
        stamp = str(int(time.time())) if stamp is None else stamp
        signed = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body.decode("utf-8", "replace"))
        sent = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signed if signature is None else signature,
            "Content-Type": "application/json",
            **headers,
        }
        async with self._session.post(self._url, data=body, headers=sent) as response:
            self.said = await response.text()
            self.headers = response.headers
            return response.status

    async def event(self, event: dict[str, Any], event_id: str | None = None, **headers: str) -> int:
        self._events += 1
        body = {
            "token": "z26uFbvR1xHJEdHE1OQiO6t8",
            "team_id": "T061EG9RZ",
            "api_app_id": "A0FFV41KK",
            "event": event,
            "type": "event_callback",
            "event_id": event_id or f"Ev{self._events:010}",
            "event_time": 1525215129,
            "authorizations": [{"team_id": "T061EG9RZ", "user_id": "U061F7AUR", "is_bot": True}],
        }
        return await self.post(json.dumps(body).encode(), **headers)

    async def say(self, text: str, user: str = "U2147483697", **more: Any) -> int:
        return await self.event(direct(text, user, **more))

    async def press(
        self, value: str, user: str = "U2147483697", channel: str = "D024BE91L", trigger: str = "1.2"
    ) -> int:
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": "kim", "team_id": "T061EG9RZ"},
            "team": {"id": "T061EG9RZ", "domain": "shop"},
            "channel": {"id": channel, "name": "directmessage"},
            "trigger_id": trigger,
            "container": {"type": "message", "message_ts": "1548261231.000200", "channel_id": channel},
            "actions": [
                {"type": "button", "action_id": "choice_0", "block_id": "b", "value": value, "action_ts": "1.3"}
            ],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.post(body, **{"Content-Type": "application/x-www-form-urlencoded"})


def direct(text: str, user: str = "U2147483697", **more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "channel": "D024BE91L",
        "user": user,
        "text": text,
        "ts": "1355517523.000005",
        "event_ts": "1355517523.000005",
        "channel_type": "im",
        **more,
    }


def mention(text: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "app_mention",
        "user": "U061F7AUS",
        "text": f"<@U061F7AUR> {text}",
        "ts": "1515449522.000016",
        "channel": "C0LAN2Q65",
        "event_ts": "1515449522000016",
        **more,
    }


@pytest.fixture
async def slack(serve_channels, channel_parts, platform):
    channel = SlackChannel(channel_parts(), TOKEN, SECRET, SlackOptions(api=f"{platform.url}/api/"))
    server = await serve_channels(channel)
    async with aiohttp.ClientSession() as session:
        posts = Slack(server.url, session)
        posts.server = server
        yield posts


async def test_failed_proofs_of_a_person_are_counted_together_wherever_he_writes(slack, last_message):
    await slack.event(mention("hello"))
    await slack.event({**mention("hello"), "ts": "1515449523.000017", "event_ts": "1515449523.000017"})
    conversations = [f"slack:T061EG9RZ:C0LAN2Q65:U061F7AUS:{ts}" for ts in ("1515449522.000016", "1515449523.000017")]
    first, second = [(await last_message(slack.server.agent, name)).metadata["source"] for name in conversations]
    assert first == second
    await slack.say("hello")
    another = (await last_message(slack.server.agent, DIRECT)).metadata["source"]
    assert another != first and "U2147483697" not in another


async def test_direct_message_is_answered_with_buttons_and_a_press_with_more(slack, platform):
    assert await slack.say("hello") == 200
    (said,) = await platform.until(1)
    assert (said["channel"], said["text"]) == ("D024BE91L", "hello") and "thread_ts" not in said
    section, actions = said["blocks"] if isinstance(said["blocks"], list) else json.loads(said["blocks"])
    assert section["text"] == {"type": "plain_text", "text": "hello"}
    (button,) = actions["elements"]
    assert button["text"]["text"] == "look it up" and "lookup" not in button["value"]
    assert platform.authorizations == [f"Bearer {TOKEN}"]
    assert await slack.press(button["value"]) == 200
    assert [call["text"] for call in await platform.until(3)] == ["hello", "found", "all done"]


async def test_answer_goes_to_the_thread_and_to_who_asked_only(slack, platform, last_message):
    await slack.event(mention("hello"))
    await platform.until(1)
    name, said = platform.calls[0]
    assert name == "chat.postEphemeral"
    assert (said["user"], said["channel"], said["thread_ts"]) == ("U061F7AUS", "C0LAN2Q65", "1515449522.000016")
    conversation = "slack:T061EG9RZ:C0LAN2Q65:U061F7AUS:1515449522.000016"
    assert (await last_message(slack.server.agent, conversation)).text == "hello"


async def test_button_in_a_thread_is_pressed_in_its_conversation(slack, platform):
    await slack.event(mention("hello"))
    (said,) = await platform.until(1)
    blocks = said["blocks"] if isinstance(said["blocks"], list) else json.loads(said["blocks"])
    value = blocks[-1]["elements"][0]["value"]
    await slack.press(value, user="U061F7AUS", channel="C0LAN2Q65")
    assert [call["thread_ts"] for call in await platform.until(3)] == ["1515449522.000016"] * 3


async def test_answers_in_channels_may_be_visible(serve_channels, channel_parts, platform):
    options = SlackOptions(visible_in_channels=True, api=f"{platform.url}/api/")
    server = await serve_channels(SlackChannel(channel_parts(), TOKEN, SECRET, options))
    async with aiohttp.ClientSession() as session:
        await Slack(server.url, session).event(mention("hello", thread_ts="1515449000.000001"))
    await platform.until(1)
    assert platform.calls[0][0] == "chat.postMessage"
    assert platform.calls[0][1]["thread_ts"] == "1515449000.000001"


async def test_people_share_no_conversation(slack, platform):
    await slack.say("order")
    await platform.until(1)
    await slack.say("hello", user="U999")
    assert [call["text"] for call in await platform.until(2)] == ["which colour", "hello"]


async def test_address_of_the_service_is_confirmed(slack):
    body = {
        "token": "x",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        "type": "url_verification",
    }
    assert await slack.post(json.dumps(body).encode()) == 200
    assert slack.said == body["challenge"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("my mail is <mailto:kim@shop.example|kim@shop.example>", "my mail is kim@shop.example"),
        ("<tel:+8613800138019|138 0013 8019> 打给我", "138 0013 8019 打给我"),
        ("<tel:8019>", "8019"),
        ("<https://shop.example/a?b=1&amp;c=2|here>", "https://shop.example/a?b=1&c=2"),
        ("<@U061F7AUR> hello <@W1|kim>", "hello"),
        ("<!here> see <#C024BE7LR|returns>", "@here see #returns"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("", ""),
    ],
)
def test_markup_is_unwrapped(typed, read):
    assert plain(typed) == read


async def test_unwrapped_words_reach_the_dialogue(slack, last_message):
    await slack.say("mail <mailto:kim@shop.example|kim@shop.example>")
    assert (await last_message(slack.server.agent, DIRECT)).text == "mail kim@shop.example"


async def test_what_is_sent_is_escaped(slack, platform, action_server):
    action_server.answers("action_lookup", text="a < b & <!channel>")
    await slack.say("lookup")
    assert (await platform.until(1))[0]["text"] == "a &lt; b &amp; &lt;!channel&gt;"


async def test_event_is_taken_once_however_often_it_comes(slack, platform, action_server):
    for number in range(3):
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"} if number else {}
        assert await slack.event(direct("lookup"), "EvSAME", **headers) == 200
    await platform.until(2)
    await asyncio.sleep(0.3)
    assert [call["text"] for _, call in platform.calls] == ["found", "all done"]
    assert action_server.calls.count("action_lookup") == 1


async def test_press_is_taken_once(slack, platform):
    await slack.say("hello")
    (said,) = await platform.until(1)
    blocks = said["blocks"] if isinstance(said["blocks"], list) else json.loads(said["blocks"])
    value = blocks[-1]["elements"][0]["value"]
    for _ in range(3):
        assert await slack.press(value) == 200
    await platform.until(3)
    await asyncio.sleep(0.3)
    assert [call["text"] for _, call in platform.calls] == ["hello", "found", "all done"]


async def test_acknowledged_at_once_whatever_the_model_does(slack, platform, action_server):
    action_server.stalls("action_lookup")
    began = time.monotonic()
    assert await slack.say("lookup") == 200
    assert time.monotonic() - began < 3
    assert platform.calls == []
    action_server.released.set()
    assert [call["text"] for call in await platform.until(2)] == ["too late", "all done"]


def flipped(body: bytes) -> bytes:
    return body[:-2] + bytes([body[-2] ^ 1]) + body[-1:]


BODY = json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": direct(WORDS)}).encode()
SIGNED = {
    "no_signature": {"signature": ""},
    "other_secret": {"signature": SignatureVerifier("x" * 32).generate_signature(timestamp="1", body=BODY)},
    "stale": {"stamp": str(int(time.time()) - 400)},
    "of_the_future": {"stamp": str(int(time.time()) + 4000)},
    "no_number": {"stamp": "yesterday"},
    "no_stamp": {"stamp": ""},
    "not_ascii": {"signature": "v0=é"},
}


@pytest.mark.parametrize("how", SIGNED.values(), ids=SIGNED)
async def test_forged_or_stale_request_is_refused(slack, platform, how, server_log):
    assert await slack.post(BODY, **how) == 401
    assert platform.calls == [] and server_log() == ""


async def test_request_with_one_bit_flipped_is_refused(slack, platform, server_log):
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=BODY)
    assert await slack.post(flipped(BODY), stamp=stamp, signature=signature) == 401
    assert await slack.post(BODY, stamp=stamp, signature=signature) == 200
    await platform.until(1)
    assert WORDS not in server_log()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{not json", 400),
        (b"\xff\xfe", 401),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"x" * 10_000_000, 413),
        (b'{"type": "event_callback"}', 400),
        (b'{"type": "event_callback", "event_id": 7}', 400),
        (b'{"type": "event_callback", "event_id": "E1", "event": []}', 200),
        (b'{"type": "app_rate_limited"}', 200),
        (b"{}", 200),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_signed_rubbish_gets_a_clean_answer(slack, platform, body, status, server_log):
    assert await slack.post(body) == status
    assert platform.calls == [] and server_log() == ""


@pytest.mark.parametrize(
    "body", [b"", b"payload=", b"payload={", b"payload=[]", b"payload={}", b"other=1", b"payload=%ff"]
)
async def test_form_that_is_no_interaction_gets_a_clean_answer(slack, platform, body, server_log):
    status = await slack.post(body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert status in ((200,) if body == b"payload={}" else (400,))
    assert platform.calls == [] and server_log() == ""


IGNORED = {
    "own": direct("hello", bot_id="B1"),
    "bots": direct("hello", bot_id="B2", subtype="bot_message"),
    "edited": direct("hello", subtype="message_changed"),
    "deleted": direct("hello", subtype="message_deleted"),
    "joined": direct("hello", subtype="channel_join"),
    "channel_talk": {**direct("hello"), "channel_type": "channel", "channel": "C1"},
    "reaction": {"type": "reaction_added", "user": "U1", "reaction": "thumbsup", "item": {}},
    "no_user": {**direct("hello"), "user": None},
    "strange_user": {**direct("hello"), "user": "U1:U2"},
    "strange_thread": direct("hello", thread_ts="1:2"),
    "no_type": {"text": "hello"},
}


@pytest.mark.parametrize("event", IGNORED.values(), ids=IGNORED)
async def test_event_that_is_not_for_the_assistant_is_ignored(slack, platform, event, server_log):
    assert await slack.event(event) == 200
    await asyncio.sleep(0.1)
    assert platform.calls == [] and server_log() == ""


async def test_file_gets_an_answer_in_words(slack, platform):
    await slack.event(direct("", subtype="file_share", files=[{"id": "F1", "mimetype": "image/png"}]))
    assert "只能读文字" in (await platform.until(1))[0]["text"]


async def test_typed_payload_and_forged_press_do_nothing(slack, platform, action_server, last_message):
    await slack.say('/nonsense{"a": "b"}')
    assert not (await last_message(slack.server.agent, DIRECT)).text.startswith("/")
    count = len(platform.calls)
    await slack.press("/lookup")
    assert "no longer open" in (await platform.until(count + 1))[-1]["text"]
    await slack.say("hello")
    said = (await platform.until(count + 2))[-1]
    blocks = said["blocks"] if isinstance(said["blocks"], list) else json.loads(said["blocks"])
    await slack.press(blocks[-1]["elements"][0]["value"], user="UEVE", trigger="9.9")
    assert "no longer open" in (await platform.until(count + 3))[-1]["text"]
    assert "action_lookup" not in action_server.calls


async def test_call_that_slack_puts_off_is_made_again(slack, platform):
    platform.faults.append(
        web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})
    )
    await slack.say("hello")
    assert [call["text"] for call in await platform.until(2)] == ["hello", "hello"]


async def test_slack_that_refuses_leaves_no_words_and_no_secret_in_the_log(slack, platform, server_log):
    platform.faults += [web.json_response({"ok": False, "error": "channel_not_found"}) for _ in range(9)]
    platform.faults.append(web.json_response({"ok": False, "error": WORDS}, status=500))
    await slack.say(f"hello {WORDS}")
    await platform.until(2)
    await asyncio.sleep(0.3)
    assert "SlackApiError" in server_log()
    assert not any(secret in server_log() for secret in (WORDS, TOKEN, SECRET, "U2147483697"))


async def test_long_message_is_answered(slack, platform, action_server):
    await slack.say("很" * 2001)
    assert "太长" in (await platform.until(1))[0]["text"]
    await slack.event(mention("lookup " + "x" * 2001))
    assert "too long" in (await platform.until(2))[1]["text"]
    assert platform.calls[1][1]["thread_ts"] == "1515449522.000016", "said where it was asked"
    assert action_server.calls == []


async def test_too_much_of_one_person_is_told_once_over_all_his_threads(serve_channels, channel_parts, platform):
    options = SlackOptions(api=f"{platform.url}/api/")
    server = await serve_channels(SlackChannel(channel_parts(per_minute=1, burst=2), TOKEN, SECRET, options))
    async with aiohttp.ClientSession() as session:
        slack = Slack(server.url, session)
        for number in range(5):
            stamp = f"151544952{number}.000016"
            assert await slack.event(mention("hello", ts=stamp, event_ts=stamp)) == 200
        said = [call["text"] for call in await platform.until(3)]
        await asyncio.sleep(0.2)
        assert len(platform.calls) == 3 and sum("faster than I can follow" in text for text in said) == 1
        threads = [call["thread_ts"] for _, call in platform.calls]
        assert len(set(threads)) == 3, "each in a conversation of its own"
        await slack.say("hello", user="U999")
        assert (await platform.until(4))[3]["text"] == "hello", "another person has messages of his own"


@pytest.mark.parametrize("tier", [None, "app"])
async def test_the_tier_of_its_customers_goes_on(serve_channels, channel_parts, platform, last_message, tier):
    options = SlackOptions(tier=tier, api=f"{platform.url}/api/")
    server = await serve_channels(SlackChannel(channel_parts(), TOKEN, SECRET, options))
    async with aiohttp.ClientSession() as session:
        await Slack(server.url, session).say("hello")
        metadata = (await last_message(server.agent, DIRECT)).metadata
    assert (metadata["channel"], metadata.get("channel_tier")) == ("slack", tier)
    assert "tier" not in metadata, "nobody vouches for this one"


@pytest.mark.parametrize("team", [None, {"id": "T9"}])
def test_press_is_in_the_conversation_of_its_button(team):
    address = Address("T1", "C1", "U1", "1.2")
    action = {"type": "button", "value": button_value("key", address)}
    body = {"type": "block_actions", "team": team, "user": {"id": "U1"}, "channel": {"id": "C1"}, "actions": [action]}
    press = press_of(body)
    assert (press.conversation, press.choice) == (address.conversation(), "key")


def test_mentions_of_one_person_count_together():
    first, second = (message_of({"team_id": "T1", "event": mention("hello", ts=stamp)}) for stamp in ("1.1", "1.2"))
    assert first.conversation != second.conversation
    assert first.sender == second.sender == "slack:T1:U061F7AUS"


async def test_conversation_id_can_be_read_again():
    for address in (Address("T1", "D1", "U1"), Address("T1", "C1", "U1", "1.2")):
        assert Address.of(address.conversation()) == address


def test_missing_secret_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.delenv("KEFU_SLACK_TOKEN", raising=False)
    with pytest.raises(SettingsError, match="KEFU_SLACK_TOKEN"):
        SlackChannel.from_credentials(None)
    monkeypatch.setenv("KEFU_SLACK_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match="KEFU_SLACK_SIGNING_SECRET"):
        SlackChannel.from_credentials({"visible_in_channels": True})
    with pytest.raises(SettingsError, match="visible_in_channels"):
        SlackChannel.from_credentials({"visible_in_channel": True})


def test_an_unknown_tier_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.setenv("KEFU_SLACK_TOKEN", TOKEN)
    monkeypatch.setenv("KEFU_SLACK_SIGNING_SECRET", SECRET)
    for tier in ("gold", ["app"], 1):
        with pytest.raises(SettingsError, match=r"slack\.tier` must be one of vip, web, app"):
            SlackChannel.from_credentials({"tier": tier})
