"""Short messages that follow each other within a second, to the agent as it is by default: answered once, together."""

import asyncio
from uuid import uuid4

import pytest

from kefu.settings import ServerSettings, load_settings


async def _typed_fast(agent, pieces, pause):
    """Send the pieces from one sender, a pause between two; give what came back on each, and what was understood."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    async def send(piece, after):
        await asyncio.sleep(after)
        channel = CollectingOutputChannel()
        await agent.handle_message(UserMessage(piece, channel, sender, input_channel="rest"))
        return [message["text"] for message in channel.messages]

    sender = uuid4().hex
    replies = await asyncio.gather(*(send(piece, number * pause) for number, piece in enumerate(pieces)))
    tracker = await agent.tracker_store.get_or_create_tracker(sender)
    return replies, [event.text for event in tracker.events if event.type_name == "user"]


@pytest.mark.parametrize(
    ("pieces", "whole", "said"),
    [
        # Which order it is about; in English behind what the help page says.
        (["我上周买的", "那个耳机", "坏了"], "我上周买的，那个耳机，坏了", ["订单号"]),
        (
            ["the headphones", "i bought last week", "are broken"],
            "the headphones i bought last week are broken",
            ["within 30 days", "order number"],
        ),
    ],
)
@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_a_sentence_in_three_pieces_is_answered_once(patient_agent, loop, pieces, whole, said, pause):
    replies, heard = loop.run(_typed_fast(patient_agent, pieces, pause))
    assert heard == [whole]
    assert replies[:2] == [[], []]
    assert len(replies[2]) == len(said)
    assert all(words in reply for words, reply in zip(said, replies[2], strict=True))


def test_the_product_waits_for_the_rest_of_a_sentence(patient_agent, endpoints):
    assert patient_agent.settings.burst_seconds == load_settings(endpoints).server.burst_seconds == 1.0


def test_pieces_that_are_further_apart_are_answered_each(patient_agent, loop):
    pause = ServerSettings().burst_seconds * 1.5
    replies, heard = loop.run(_typed_fast(patient_agent, ["你好", "几天可以退货"], pause))
    assert heard == ["你好", "几天可以退货"]
    assert all(len(said) == 1 for said in replies)
