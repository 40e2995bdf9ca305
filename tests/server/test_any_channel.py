"""The service message on channels that send by themselves and collect nothing, as those of messengers do."""

import pytest
from rasa.core.channels.channel import OutputChannel, UserMessage

from kefu.server.replies import SERVICE_TROUBLE


class Messenger(OutputChannel):
    """Sends to a customer's device, but for ``failures`` times what holds the words ``fails_on``."""

    def __init__(self, fails_on: str | None = None, failures: float = float("inf")) -> None:
        self.arrived: list[str] = []
        self._fails_on = fails_on
        self._failures = failures

    @classmethod
    def name(cls) -> str:
        return "messenger"

    async def send_text_message(self, recipient_id: str, text: str, **_: object) -> None:
        if self._fails_on is not None and self._fails_on in text and self._failures > 0:
            self._failures -= 1
            raise ConnectionError(f"the messenger refused: {text}")
        self.arrived.append(text)


@pytest.fixture
def say(agent):
    async def send(text: str, channel: OutputChannel) -> None:
        replies = await agent.handle_message(UserMessage(text, channel, "kim", input_channel=channel.name()))
        assert replies is None, "there is no collector to give replies from"

    return send


async def test_replies_arrive(say):
    channel = Messenger()
    await say("lookup", channel)
    assert channel.arrived == ["found", "all done"]


async def test_failing_action_is_told(say, action_server):
    action_server.fails("action_lookup")
    channel = Messenger()
    await say("查一下", channel)
    assert channel.arrived == ["系统忙"]


async def test_failing_parse_is_told(agent, say, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(agent.processor.graph_runner, "run", fail)
    channel = Messenger()
    await say("hello", channel)
    assert channel.arrived == ["we are busy"]


async def test_blank_and_too_long_messages_are_answered(say):
    channel = Messenger()
    await say("？！", channel)
    await say("hello " * 1000, channel)
    assert channel.arrived[0] == "say something"
    assert len(channel.arrived) == 2


async def test_reply_that_cannot_be_sent_ends_in_the_service_message(agent, say):
    channel = Messenger("found")
    await say("lookup", channel)
    assert channel.arrived == ["we are busy"]
    tracker = await agent.tracker_store.retrieve("kim")
    assert tracker.latest_action_name == "action_listen"
    await say("hello", channel)
    assert channel.arrived[1].startswith("hello")


async def test_service_message_that_is_lost_on_its_way_is_sent_again(say, action_server):
    action_server.fails("action_lookup")
    channel = Messenger("we are busy", failures=1)
    await say("lookup", channel)
    assert channel.arrived == ["we are busy"]


async def test_channel_that_is_away_leaves_a_usable_conversation_and_a_log(agent, say, action_server, caplog):
    action_server.fails("action_lookup")
    await say("lookup", Messenger(""))
    assert "channel messenger failed with ConnectionError" in caplog.text
    assert "refused" not in caplog.text and "lookup" not in caplog.text.replace("action_lookup", "")
    tracker = await agent.tracker_store.retrieve("kim")
    told = [event.metadata.get("utter_action") for event in tracker.events if event.type_name == "bot"]
    assert told == [SERVICE_TROUBLE]
    action_server.behaviours.clear()
    channel = Messenger()
    await say("lookup", channel)
    assert channel.arrived == ["found", "all done"]
