"""`rasa shell`: choices are numbered lines, and a number picks one; with Kefu's server or Rasa's own."""

import pytest
from rasa.core.actions.action import create_bot_utterance
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.channels.numbered_choices import CONSOLE, NumberedChoices
from kefu.server.payloads import admit

DOMAIN = Domain.from_dict(
    {
        "responses": {
            "utter_offer": [
                {
                    "text": "a person?",
                    "buttons": [{"title": "yes", "payload": "/affirm"}, {"title": "no", "payload": "/deny"}],
                }
            ],
            "utter_ask_size": [{"text": "which size"}, {"text": "type a size", "channel": CONSOLE}],
        }
    }
)


def conversation(channel=CONSOLE):
    return DialogueStateTracker.from_events("kim", [UserUttered("hello", input_channel=channel)])


@pytest.fixture
def nlg():
    return NumberedChoices(None, DOMAIN)


async def test_buttons_of_the_domain_become_lines(nlg):
    said = await nlg.generate("utter_offer", conversation(), "queue")
    assert said["text"] == "a person?\n  1. yes\n  2. no"
    assert "buttons" not in said


async def test_buttons_of_an_action_become_lines_and_are_not_added_again(nlg):
    buttons = [{"title": "43", "payload": "43"}]
    said = await nlg.generate("utter_ask_size", conversation(), "queue", buttons=buttons)
    assert (said["text"], buttons) == ("type a size\n  1. 43", [])


async def test_other_channels_keep_their_buttons(nlg):
    buttons = [{"title": "43", "payload": "43"}]
    said = await nlg.generate("utter_offer", conversation("rest"), "collector", buttons=buttons)
    assert len(said["buttons"]) == 2 and len(buttons) == 1
    assert (await nlg.generate("utter_ask_size", conversation("rest"), "collector"))["text"] == "which size"


async def test_what_the_domain_lacks_is_nothing(nlg):
    assert await nlg.generate("utter_nothing", conversation(), "queue") is None


@pytest.fixture
async def offered(nlg):
    tracker = conversation()
    tracker.update(create_bot_utterance(await nlg.generate("utter_offer", tracker, "queue")))
    return tracker


@pytest.mark.parametrize(
    ("typed", "admitted"),
    [
        ("2", "/deny"),
        (" １. ", "/affirm"),
        ("no", "/deny"),
        ("3", "3"),
        ("0", "0"),
        ("2 and 1", "2 and 1"),
        ("/deny", "/deny"),
    ],
)
def test_a_number_that_was_shown_is_its_choice(offered, typed, admitted):
    assert admit(typed, offered) == admitted


def test_a_number_of_an_earlier_turn_is_a_number(offered):
    offered.update(UserUttered("why", input_channel=CONSOLE))
    assert admit("2", offered) == "2"


async def test_a_number_in_a_list_is_left_to_the_dialogue(nlg):
    """It may be a number of pieces there."""
    tracker = conversation()
    buttons = [{"title": "43", "payload": "43"}, {"title": "44", "payload": "44"}]
    tracker.update(create_bot_utterance(await nlg.generate("utter_ask_size", tracker, "queue", buttons=buttons)))
    assert admit("2", tracker) == "2"
