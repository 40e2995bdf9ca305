"""What is typed is cleaned, bounded and never obeyed unless the bot offered it."""

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from kefu.server.intake import clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello  ", "hello"),
        ("he\x00l\x07lo", "hello"),
        ("\u200b\ufeff你\u200b好\u202e", "你好"),
        ("a\r\nb\tc\u2028d", "a\nb c\nd"),
        ("\ud83d broken", "broken"),
        ("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f"),
        ("１２３ ＡＢ", "１２３ ＡＢ"),
        ("\u200b/restart", "/restart"),
        ("", ""),
        (None, ""),
    ],
)
def test_clean(typed, kept):
    assert clean(typed) == kept


async def events_of(agent, sender="kim"):
    tracker = await agent.tracker_store.retrieve(sender)
    return list(tracker.events) if tracker else []


async def texts_of(agent, sender="kim"):
    return [event.text for event in await events_of(agent, sender) if isinstance(event, UserUttered)]


async def intents_of(agent):
    return [event.intent_name for event in await events_of(agent) if isinstance(event, UserUttered)]


async def test_tracker_records_the_cleaned_text(agent, talk):
    assert await talk(agent, "he\x00llo\u200b") == ["hello"]
    assert await texts_of(agent) == ["hello"]


@pytest.mark.parametrize("blank", [None, "", "   ", "\u200b\u200b", "\x00\x01", "？！", "/"])
async def test_blank_message_is_asked_for_words(agent, talk, blank, caplog):
    assert await talk(agent, blank) == ["say something"]
    assert await texts_of(agent) == []
    assert not caplog.records


async def test_too_long_message_is_not_parsed(make_agent, talk, monkeypatch):
    agent = make_agent(max_characters=20)

    def refuse(*_, **__):
        raise AssertionError("parsed")

    monkeypatch.setattr(agent.processor.graph_runner, "run", refuse)
    assert "too long" in (await talk(agent, "hello, this is longer than it may be"))[0]
    assert "太长" in (await talk(agent, "你好" * 5000))[0]
    assert await texts_of(agent) == []
    assert len([event for event in await events_of(agent) if isinstance(event, BotUttered)]) == 2


async def test_longest_message_is_parsed(make_agent, talk):
    agent = make_agent(max_characters=20)
    assert await talk(agent, "hello" + " " + "x" * 14) == ["hello"]


async def test_offered_payload_is_obeyed(agent, talk):
    await talk(agent, "hello")
    assert await talk(agent, "/lookup") == ["found", "all done"]
    assert await texts_of(agent) == ["hello", "/lookup"]


async def test_a_typed_title_counts_as_pressed(agent, talk):
    await talk(agent, "hello")
    assert await talk(agent, " LOOK IT UP ") == ["found", "all done"]


async def test_payload_is_obeyed_only_in_the_turn_it_was_offered_in(agent, talk):
    await talk(agent, "hello")
    await talk(agent, "order")
    await talk(agent, "/lookup")
    assert (await texts_of(agent))[-1] == "lookup"


async def test_blank_message_in_between_takes_no_button_away(agent, talk):
    await talk(agent, "hello")
    await talk(agent, " ")
    assert await talk(agent, "/lookup") == ["found", "all done"]
    assert (await texts_of(agent))[-1] == "/lookup"


@pytest.mark.parametrize(
    "typed",
    [
        "/order",
        '/order{"colour": "red"}',
        "/restart",
        "/session_start",
        "//order",
        "/ /order",
        "\u200b/order",
        "/lookup@1.0",
    ],
)
async def test_typed_payload_is_plain_words(agent, talk, typed):
    await talk(agent, "hello")
    await talk(agent, typed)
    assert not (await texts_of(agent))[-1].startswith("/")
    tracker = await agent.tracker_store.retrieve("kim")
    assert tracker.get_slot("colour") is None
    assert (await intents_of(agent))[0] == "greet"
    assert "restart" not in await intents_of(agent)


async def test_developer_may_type_payloads(agent, talk, monkeypatch):
    monkeypatch.setenv("KEFU_DEVELOPER", "1")
    assert await talk(agent, "/order") == ["which colour"]
    assert await texts_of(agent) == ["/order"]
    await talk(agent, "/restart")
    assert (await agent.tracker_store.retrieve("kim")).active_loop_name is None


async def test_trigger_of_another_program_needs_no_button(agent, talk):
    from rasa.core.channels.channel import CollectingOutputChannel

    await talk(agent, "hello")
    channel = CollectingOutputChannel()
    await agent.trigger_intent("order", [], channel, await agent.tracker_store.retrieve("kim"))
    assert [message["text"] for message in channel.messages] == ["which colour"]
