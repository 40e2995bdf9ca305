"""Whatever fails, the customer hears of it once, in his language, and can go on."""

import asyncio
import socket

import pytest
from aiohttp import web
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import EventVerbosity

SECRET = "my-secret-words"


async def tracker_of(agent, sender="kim"):
    return await agent.tracker_store.retrieve(sender)


def ends_listening(tracker) -> bool:
    events = [event for event in tracker.events if isinstance(event, ActionExecuted | UserUttered)]
    return isinstance(events[-1], ActionExecuted) and events[-1].action_name == "action_listen"


def said(tracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, BotUttered)]


async def test_action_that_works_is_answered_by_it(agent, talk):
    assert await talk(agent, "lookup") == ["found", "all done"]


async def test_failing_action_ends_in_one_service_message(agent, action_server, talk):
    action_server.fails("action_lookup")
    assert await talk(agent, "please lookup") == ["we are busy"]
    tracker = await tracker_of(agent)
    assert said(tracker) == ["we are busy"]
    assert ends_listening(tracker)


async def test_service_message_is_in_the_language_of_the_message(agent, action_server, talk):
    action_server.fails("action_lookup")
    assert await talk(agent, "查一下") == ["系统忙"]


@pytest.mark.parametrize("text", ["😀", "8019", "SO20260001"])
@pytest.mark.parametrize(("earlier", "expected"), [("查一下", "系统忙"), ("please lookup", "we are busy")])
async def test_message_of_no_language_is_answered_in_that_of_the_conversation(
    agent, talk, monkeypatch, text, earlier, expected
):
    """Told by what he said before: this domain sets no slot, as a conversation that has failed from its start."""
    await talk(agent, earlier)

    def fail(*_, **__):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(agent.processor.graph_runner, "run", fail)
    assert await talk(agent, text) == [expected]
    assert await talk(agent, text) == [expected]


async def test_known_language_of_the_conversation_outweighs_what_was_said_before(agent, action_server, talk):
    action_server.answers("action_lookup", events=[{"event": "slot", "name": "language", "value": "zh"}], text="ok")
    await talk(agent, "please lookup")
    agent.processor.graph_runner = None
    assert await talk(agent, "12345") == ["系统忙"]


async def test_conversation_goes_on_once_the_action_works_again(agent, action_server, talk):
    action_server.fails("action_lookup")
    await talk(agent, "lookup")
    action_server.behaviours.clear()
    assert await talk(agent, "lookup") == ["found", "all done"]


async def test_action_server_that_is_away(make_agent, talk):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        agent = make_agent(url=f"http://127.0.0.1:{closed.getsockname()[1]}/webhook")
        assert await talk(agent, "lookup") == ["we are busy"]
        assert await talk(agent, "hello") == ["hello"]


async def test_action_slower_than_its_deadline(make_agent, action_server, talk):
    action_server.stalls("action_lookup")
    assert await talk(make_agent(action_timeout=0.05), "lookup") == ["we are busy"]


async def test_turn_does_not_outlive_its_lock(make_agent, action_server, talk):
    action_server.stalls("action_lookup")
    agent = make_agent(action_timeout=3600.0, lock_lifetime=0.2)
    assert await talk(agent, "lookup") == ["we are busy"]


async def test_turn_out_of_time_is_said_and_saved_under_its_lock(make_agent, action_server, talk, monkeypatch):
    agent = make_agent(action_timeout=3600.0, lock_lifetime=0.5)
    save, held = agent.tracker_store.save, []

    async def look_and_save(tracker):
        lock = agent.lock_store.get_lock(tracker.sender_id)
        held.append([ticket.has_expired() for ticket in lock.tickets])
        await save(tracker)

    monkeypatch.setattr(agent.tracker_store, "save", look_and_save)
    action_server.stalls("action_lookup")
    assert await talk(agent, "lookup") == ["we are busy"]
    assert held[-1] == [False]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("{not json", "application/json"),
        ("[1, 2]", "application/json"),
        ("<html>", "text/html"),
        ('{"events": "none"}', "application/json"),
        ('{"events": [{"event": "no such event"}]}', "application/json"),
    ],
)
async def test_answers_that_are_none(agent, action_server, talk, content, content_type):
    action_server.answers_raw("action_lookup", content, content_type)
    assert await talk(agent, "lookup") == ["we are busy"]


async def test_action_that_has_said_it_itself_is_enough(agent, action_server, talk):
    async def say_it_and_go_on(_):
        events = [{"event": "followup", "name": "action_extract_size"}]
        return web.json_response({"events": events, "responses": [{"response": "utter_service_trouble"}]})

    action_server.behaviours["action_lookup"] = say_it_and_go_on
    action_server.fails("action_extract_size")
    assert await talk(agent, "lookup") == ["系统忙 / we are busy"]
    assert ends_listening(await tracker_of(agent))


async def test_action_that_names_itself_for_ever_is_stopped(agent, action_server, talk):
    action_server.answers("action_lookup", events=[{"event": "followup", "name": "action_lookup"}])
    assert await talk(agent, "lookup") == ["we are busy"]
    assert ends_listening(await tracker_of(agent))
    assert await talk(agent, "hello") == ["hello"]


async def test_failing_validator_leaves_the_form_open_and_its_slot_empty(agent, action_server, talk):
    assert await talk(agent, "order") == ["which colour"]
    action_server.fails("validate_order_form")
    assert await talk(agent, "in red") == ["we are busy"]
    tracker = await tracker_of(agent)
    assert tracker.active_loop_name == "order_form"
    assert tracker.get_slot("colour") is None
    assert ends_listening(tracker)
    action_server.answers("validate_order_form", events=[{"event": "slot", "name": "colour", "value": "blue"}])
    assert await talk(agent, "in blue") == ["ordered in blue"]


async def test_failing_extraction_of_slots(agent, action_server, talk):
    action_server.answers("action_extract_size", text=None)
    assert await talk(agent, "measure") == ["which size"]
    action_server.fails("action_extract_size")
    assert await talk(agent, "XL please") == ["we are busy"]
    tracker = await tracker_of(agent)
    assert tracker.active_loop_name == "size_form"
    assert ends_listening(tracker)


async def test_declining_is_no_failure(agent, action_server, talk):
    action_server.fails("action_lookup", status=400)
    assert "we are busy" not in await talk(agent, "lookup")


async def test_parse_that_fails_is_noted_and_answered(agent, talk, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(agent.processor.graph_runner, "run", fail)
    assert await talk(agent, "where is my parcel") == ["we are busy"]
    tracker = await tracker_of(agent)
    assert tracker.latest_message.text == "where is my parcel"
    monkeypatch.undo()
    assert await talk(agent, "hello") == ["hello"]


async def test_domain_without_the_response_uses_the_built_in_one(agent, action_server, talk):
    action_server.fails("action_lookup")
    del agent.nlg.responses["utter_service_trouble"]
    assert "系统暂时" in (await talk(agent, "查一下"))[0]
    assert "on our side" in (await talk(agent, "lookup"))[0]


async def test_response_generator_that_fails(agent, action_server, talk, monkeypatch):
    action_server.fails("action_lookup")

    async def fail(*_, **__):
        raise ConnectionError(SECRET)

    monkeypatch.setattr(agent.nlg, "generate", fail)
    assert "on our side" in (await talk(agent, "lookup"))[0]


async def test_lock_that_cannot_be_had(agent, talk, monkeypatch):
    def fail(*_, **__):
        raise LockError(SECRET)

    monkeypatch.setattr(agent.lock_store, "issue_ticket", fail)
    assert await talk(agent, "hello, is anyone there?") == ["we are busy"]


async def test_second_message_waits_for_the_first(agent, action_server, talk):
    action_server.stalls("action_lookup")
    first = asyncio.ensure_future(talk(agent, "lookup"))
    while not action_server.calls:
        await asyncio.sleep(0)
    second = asyncio.ensure_future(talk(agent, "hello"))
    await asyncio.sleep(0)
    action_server.released.set()
    assert await first == ["too late", "all done"]
    assert await second == ["hello"]
    texts = [event.text for event in (await tracker_of(agent)).events if isinstance(event, UserUttered)]
    assert texts == ["lookup", "hello"]


async def test_store_that_cannot_save_neither_doubles_nor_loses_the_reply(make_agent, talk):
    class Broken(InMemoryTrackerStore):
        async def save(self, tracker):
            raise OSError(SECRET)

    agent = make_agent(tracker_store=Broken(None))
    assert await talk(agent, "hello") == ["hello"]


async def test_conversation_that_cannot_be_read_is_not_begun_anew(make_agent, talk):
    """Rasa takes it for a new one, and saves that: a form that was open is lost."""

    class Away(InMemoryTrackerStore):
        is_away = False

        async def retrieve(self, sender_id):
            if self.is_away:
                raise OSError(SECRET)
            return await super().retrieve(sender_id)

    store = Away(None)
    agent = make_agent(tracker_store=store)
    await talk(agent, "order")
    before = await tracker_of(agent)
    store.is_away = True
    assert await talk(agent, "hello") == ["we are busy"]
    store.is_away = False
    after = await tracker_of(agent)
    assert after.active_loop_name == "order_form"
    assert list(after.events) == list(before.events)


async def test_agent_without_a_model_answers(make_agent):
    agent = make_agent()
    agent.processor = None
    replies = await agent.handle_message(UserMessage("hello there, my friend.", sender_id="kim"))
    assert [reply["text"] for reply in replies] == ["we are busy"]


async def test_client_that_hangs_up_does_not_undo_the_turn(agent, action_server, talk):
    action_server.stalls("action_lookup")
    request = asyncio.ensure_future(talk(agent, "lookup"))
    while not action_server.calls:
        await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    action_server.released.set()
    await asyncio.gather(*agent._turns)
    assert "too late" in said(await tracker_of(agent))


async def test_reminder_whose_extraction_fails_ends_in_a_usable_conversation(agent, action_server, talk):
    action_server.answers("action_extract_size", text=None)
    await talk(agent, "measure")
    action_server.fails("action_extract_size")
    channel = CollectingOutputChannel()
    await agent.trigger_intent("greet", [], channel, await tracker_of(agent))
    assert [message["text"] for message in channel.messages] == ["we are busy"]
    assert ends_listening(await tracker_of(agent))


async def test_reminder_to_somebody_who_has_said_nothing_fails_in_both_languages(agent, action_server):
    """What Rasa writes down for a reminder ("EXTERNAL: lookup") are no words of his."""
    action_server.fails("action_lookup")
    channel = CollectingOutputChannel()
    tracker = await agent.tracker_store.get_or_create_tracker("kim")
    await agent.trigger_intent("lookup", [], channel, tracker)
    assert [message["text"] for message in channel.messages] == ["系统忙 / we are busy"]


@pytest.mark.parametrize("fault", ["500", "parse", "store", "lock"])
async def test_logs_hold_no_words_of_the_customer(make_agent, action_server, talk, caplog, capfd, monkeypatch, fault):
    agent = make_agent()

    def fail(*_, **__):
        raise LockError(f"about {SECRET} [SQL: INSERT {SECRET}]")

    if fault == "500":
        action_server.fails("action_lookup")
    elif fault == "parse":
        monkeypatch.setattr(agent.processor.graph_runner, "run", fail)
    elif fault == "lock":
        monkeypatch.setattr(agent.lock_store, "issue_ticket", fail)
    else:
        monkeypatch.setattr(agent.tracker_store._tracker_store, "save", fail)
    await talk(agent, f"lookup {SECRET}", sender="kim@example.com")
    assert caplog.records
    printed = capfd.readouterr()
    for text in (caplog.text, printed.out, printed.err):
        assert SECRET not in text
        assert "kim@example.com" not in text


async def test_service_message_is_marked_on_the_tracker(agent, action_server, talk):
    action_server.fails("action_lookup")
    await talk(agent, "lookup")
    events = (await tracker_of(agent)).current_state(EventVerbosity.ALL)["events"]
    assert [event["metadata"]["utter_action"] for event in events if event["event"] == "bot"] == [
        "utter_service_trouble"
    ]
