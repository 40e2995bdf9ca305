"""Telegram's real payload shapes over HTTP against the running server, and a real HTTP server in Telegram's place."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from kefu.channels.store import ChannelStore
from kefu.channels.telegram import TelegramChannel, TelegramOptions
from kefu.channels.telegram_api import TelegramApi, TelegramError, webhook_secret
from kefu.channels.telegram_webhook import main, set_webhook
from kefu.errors import SettingsError, StoreError

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WORDS = "my-secret-words"
KIM, EVE = 123456789, 987654321


class Telegram:
    """Posts as Telegram does."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = f"{url}/webhooks/telegram/webhook", session
        self._updates = 10_000

    async def post(self, body: bytes, secret: str | None = None) -> int:
        shown = webhook_secret(TOKEN) if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": shown, "Content-Type": "application/json"}
        async with self._session.post(self._url, data=body, headers=headers) as response:
            await response.read()
            return response.status

    async def update(self, number: int | None = None, **content: Any) -> int:
        self._updates += 1
        return await self.post(json.dumps({"update_id": number or self._updates, **content}).encode())

    async def say(self, text: str | None, sender: int = KIM, number: int | None = None, **more: Any) -> int:
        return await self.update(number, message=message(text, sender, **more))

    async def press(self, data: str, sender: int = KIM, number: int | None = None, **more: Any) -> int:
        query = {
            "id": "4382bfdwdsb323b2d9",
            "from": person(sender, **more),
            "message": message("hello", sender),
            "chat_instance": "-3871",
            "data": data,
        }
        return await self.update(number, callback_query=query)


def person(number: int = KIM, **more: Any) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Kim", "language_code": "en", **more}


def message(text: str | None, sender: int = KIM, **more: Any) -> dict[str, Any]:
    words = {} if text is None else {"text": text}
    return {
        "message_id": 1365,
        "from": person(sender),
        "chat": {"id": sender, "first_name": "Kim", "type": "private"},
        "date": 1441645532,
        **words,
        **more,
    }


@pytest.fixture
async def telegram(serve_channels, channel_parts, platform):
    server = await serve_channels(TelegramChannel(channel_parts(), TOKEN, TelegramOptions(api=platform.url)))
    async with aiohttp.ClientSession() as session:
        posts = Telegram(server.url, session)
        posts.server = server
        yield posts


async def test_message_is_answered_with_a_keyboard_and_a_press_with_more(telegram, platform):
    assert await telegram.say("hello") == 200
    (said,) = await platform.until(1)
    assert (said["chat_id"], said["text"]) == (KIM, "hello")
    ((button,),) = said["reply_markup"]["inline_keyboard"]
    assert button["text"] == "look it up"
    assert len(button["callback_data"].encode()) <= 64 and "lookup" not in button["callback_data"]
    assert await telegram.press(button["callback_data"]) == 200
    assert [call["text"] for call in await platform.until(3, "sendMessage")] == ["hello", "found", "all done"]
    assert await platform.until(1, "answerCallbackQuery") == [{"callback_query_id": "4382bfdwdsb323b2d9"}]


async def test_long_answer_comes_in_pieces(telegram, platform, action_server):
    action_server.answers("action_lookup", text="长" * 5000)
    await telegram.say("lookup")
    assert [len(call["text"]) for call in await platform.until(3)] == [4096, 904, 8]


async def test_people_share_no_conversation(telegram, platform):
    await telegram.say("order")
    await platform.until(1)
    await telegram.say("hello", sender=EVE)
    assert [(call["chat_id"], call["text"]) for call in await platform.until(2)] == [
        (KIM, "which colour"),
        (EVE, "hello"),
    ]


async def test_update_is_taken_once_however_often_it_comes(telegram, platform, action_server):
    for _ in range(3):
        assert await telegram.say("lookup", number=777) == 200
    await platform.until(2)
    await asyncio.sleep(0.3)
    assert [call["text"] for _, call in platform.calls] == ["found", "all done"]
    assert action_server.calls.count("action_lookup") == 1


async def test_second_press_is_told_that_the_choice_is_gone(telegram, platform):
    await telegram.say("hello")
    key = (await platform.until(1))[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await telegram.press(key)
    await platform.until(1, "answerCallbackQuery")
    await telegram.press(key)
    assert "no longer open" in (await platform.until(2, "answerCallbackQuery"))[1]["text"]


async def test_acknowledged_at_once_whatever_the_model_does(telegram, platform, action_server):
    action_server.stalls("action_lookup")
    began = time.monotonic()
    assert await telegram.say("lookup") == 200
    assert time.monotonic() - began < 3 and platform.calls == []
    action_server.released.set()
    assert [call["text"] for call in await platform.until(2)] == ["too late", "all done"]


@pytest.mark.parametrize("secret", ["", "x" * 64, webhook_secret(TOKEN)[:-1], webhook_secret(TOKEN) + "0", "é", TOKEN])
async def test_forged_update_is_refused(telegram, platform, secret, server_log):
    body = json.dumps({"update_id": 1, "message": message(WORDS)}).encode()
    assert await telegram.post(body, secret) == 401
    await asyncio.sleep(0.05)
    assert platform.calls == [] and server_log() == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{not json", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": true}', 400),
        (b"x" * 10_000_000, 413),
        (b'{"update_id": 7}', 200),
        (b'{"update_id": 7, "message": []}', 200),
        (b'{"update_id": 7, "message": {"chat": 1, "from": 2, "text": {}}}', 200),
        (b'{"update_id": 7, "callback_query": {"id": 1, "data": []}}', 200),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_rubbish_gets_a_clean_answer(telegram, platform, body, status, server_log):
    assert await telegram.post(body) == status
    assert platform.calls == [] and server_log() == ""


IGNORED = {
    "edited": {"edited_message": message("hello")},
    "channel_post": {"channel_post": message("hello")},
    "inline": {"inline_query": {"id": "1", "from": person(), "query": "hello", "offset": ""}},
    "membership": {"my_chat_member": {"chat": {"id": KIM, "type": "private"}, "from": person(), "date": 1}},
    "poll": {"poll": {"id": "1", "question": "hello?", "options": []}},
    "reaction": {"message_reaction": {"chat": {"id": KIM, "type": "private"}, "message_id": 1}},
    "group": {"message": message("hello", chat={"id": -100123, "type": "supergroup", "title": "shop"})},
    "bot": {"message": message("hello", **{"from": person(is_bot=True)})},
    "pinned": {"message": message(None, pinned_message=message("hello"))},
    "press_in_a_game": {"callback_query": {"id": "1", "from": person(), "game_short_name": "chess"}},
    "press_of_inline": {"callback_query": {"id": "1", "from": person(), "inline_message_id": "1", "data": "x"}},
    "of_tomorrow": {"something_new": {"chat": {"id": KIM}}},
}


@pytest.mark.parametrize("update", IGNORED.values(), ids=IGNORED)
async def test_update_that_is_not_for_the_assistant_is_ignored(telegram, platform, update, server_log):
    assert await telegram.update(**update) == 200
    await asyncio.sleep(0.1)
    assert platform.calls == [] and server_log() == ""


WORDLESS = {
    "picture": {"photo": [{"file_id": "AgADBAAD", "file_size": 1, "width": 90, "height": 51}]},
    "voice": {"voice": {"file_id": "AwADBAAD", "duration": 3, "mime_type": "audio/ogg"}},
    "sticker": {"sticker": {"file_id": "CAADAgAD", "emoji": "👍", "width": 512, "height": 512}},
    "file": {"document": {"file_id": "BQADAgAD", "file_name": "invoice.pdf"}},
    "place": {"location": {"latitude": 30.2, "longitude": 120.1}},
    "contact": {"contact": {"phone_number": "+8613800138019", "first_name": "Kim"}},
}


@pytest.mark.parametrize("content", WORDLESS.values(), ids=WORDLESS)
async def test_what_has_no_words_gets_an_answer(telegram, platform, content):
    await telegram.say(None, **content)
    assert "I can only read text" in (await platform.until(1))[0]["text"]


async def test_words_under_a_picture_count(telegram, platform):
    await telegram.say(None, photo=[], caption="hello")
    assert (await platform.until(1))[0]["text"] == "hello"


async def test_start_is_a_greeting(telegram, platform, last_message):
    await telegram.say("/start ref_42")
    assert (await platform.until(1))[0]["text"] == "hello"
    await telegram.say("/start", sender=EVE, **{"from": person(EVE, language_code="zh-hans")})
    assert (await last_message(telegram.server.agent, f"telegram:{EVE}")).text == "你好"


async def test_typed_payload_and_forged_press_do_nothing(telegram, platform, action_server, last_message):
    await telegram.say('/nonsense{"a": "b"}')
    assert not (await last_message(telegram.server.agent, f"telegram:{KIM}")).text.startswith("/")
    await telegram.press("/lookup")
    await telegram.say("hello", sender=EVE)
    said = [call for call in await platform.until(2, "sendMessage") if call["chat_id"] == EVE]
    await telegram.press(said[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"], sender=KIM)
    answers = await platform.until(2, "answerCallbackQuery")
    assert all("no longer open" in answer["text"] for answer in answers)
    assert "action_lookup" not in action_server.calls


async def test_call_that_telegram_puts_off_is_made_again(telegram, platform):
    busy = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 0}}
    platform.faults.append(web.json_response(busy, status=429))
    await telegram.say("hello")
    assert [call["text"] for call in await platform.until(2)] == ["hello"] * 2


async def test_message_that_may_have_arrived_is_not_sent_again(platform):
    platform.faults.append(web.Response(status=502, text="<html>"))
    telegram = TelegramApi(TOKEN, platform.url)
    with pytest.raises(TelegramError, match="502"):
        await telegram.call("sendMessage", chat_id=KIM, text="hello")
    await telegram.close()
    assert len(platform.calls) == 1


async def test_press_that_cannot_be_taken_is_told_and_waits_no_longer(telegram, platform, monkeypatch):
    def locked(*_):
        raise StoreError("the database is locked")

    await telegram.say("hello")
    (sent,) = await platform.until(1)
    monkeypatch.setattr(ChannelStore, "choose", locked)
    await telegram.press(sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    await platform.until(1, "answerCallbackQuery")
    assert (await platform.until(2, "sendMessage"))[1]["text"] == "we are busy"


async def test_telegram_that_refuses_leaves_no_words_and_no_secret_in_the_log(telegram, platform, server_log):
    blocked = {"ok": False, "error_code": 403, "description": f"Forbidden: {WORDS}"}
    platform.faults += [web.json_response(blocked, status=403) for _ in range(9)]
    await telegram.say(f"hello {WORDS}")
    await platform.until(3)
    await asyncio.sleep(0.3)
    assert "TelegramError" in server_log() and "403" in server_log()
    assert not any(secret in server_log() for secret in (WORDS, TOKEN, webhook_secret(TOKEN), str(KIM)))


async def test_too_much_at_once_is_told_once(serve_channels, channel_parts, platform):
    parts = channel_parts(per_minute=1, burst=2)
    server = await serve_channels(TelegramChannel(parts, TOKEN, TelegramOptions(api=platform.url)))
    async with aiohttp.ClientSession() as session:
        telegram = Telegram(server.url, session)
        for _ in range(5):
            assert await telegram.say("hello") == 200
    said = [call["text"] for call in await platform.until(3)]
    await asyncio.sleep(0.2)
    assert len(platform.calls) == 3 and sum("faster than I can follow" in text for text in said) == 1


async def test_long_message_is_answered(telegram, platform):
    await telegram.say("很" * 2001)
    assert "太长" in (await platform.until(1))[0]["text"]


@pytest.mark.parametrize("tier", [None, "web"])
async def test_the_tier_of_its_customers_goes_on(serve_channels, channel_parts, platform, last_message, tier):
    options = TelegramOptions(tier=tier, api=platform.url)
    server = await serve_channels(TelegramChannel(channel_parts(), TOKEN, options))
    async with aiohttp.ClientSession() as session:
        await Telegram(server.url, session).say("hello")
        metadata = (await last_message(server.agent, f"telegram:{KIM}")).metadata
    assert (metadata["channel"], metadata.get("channel_tier")) == ("telegram", tier)
    assert "tier" not in metadata, "nobody vouches for this one"


async def test_server_starts_without_network(serve_channels, channel_parts, server_log):
    nowhere = TelegramOptions(api="http://127.0.0.1:1")
    server = await serve_channels(TelegramChannel(channel_parts(), TOKEN, nowhere))
    async with aiohttp.ClientSession() as session:
        assert await Telegram(server.url, session).say(WORDS) == 200
    for _ in range(100):
        if server_log():
            break
        await asyncio.sleep(0.1)
    assert "TelegramError" in server_log()
    assert WORDS not in server_log() and TOKEN not in server_log()


async def test_webhook_is_set_with_its_secret(platform):
    url = "https://chat.shop.example/webhooks/telegram/webhook"
    assert await set_webhook("https://chat.shop.example/", TOKEN, platform.url) == url
    assert platform.calls == [
        (
            "setWebhook",
            {"url": url, "secret_token": webhook_secret(TOKEN), "allowed_updates": ["message", "callback_query"]},
        )
    ]
    with pytest.raises(SettingsError, match="https"):
        await set_webhook("http://chat.shop.example", TOKEN, platform.url)


async def test_error_of_a_call_quotes_no_token():
    telegram = TelegramApi(TOKEN, "http://127.0.0.1:1")
    with pytest.raises(TelegramError) as caught:
        await telegram.call("getMe")
    await telegram.close()
    assert TOKEN not in str(caught.value) and caught.value.__suppress_context__


def test_command_says_what_it_wants(monkeypatch, capsys):
    monkeypatch.delenv("KEFU_TELEGRAM_TOKEN", raising=False)
    assert main(["https://chat.shop.example"]) == 2
    monkeypatch.setenv("KEFU_TELEGRAM_TOKEN", TOKEN)
    assert main(["chat.shop.example"]) == 1
    assert "https" in capsys.readouterr().err


def test_missing_token_is_named(monkeypatch):
    monkeypatch.delenv("KEFU_TELEGRAM_TOKEN", raising=False)
    with pytest.raises(SettingsError, match="KEFU_TELEGRAM_TOKEN"):
        TelegramChannel.from_credentials(None)


def test_an_unknown_tier_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.setenv("KEFU_TELEGRAM_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match=r"telegram\.tier` must be one of vip, web, app; it is 'gold'"):
        TelegramChannel.from_credentials({"tier": "gold"})
