"""The answer to what was offered in the turn before, whatever the classifier takes it for.

A bare "嗯" or "go on then" is little to classify; where a person was offered right before, the words alone decide.
"""

import re
from typing import Literal

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.handover import hand_over, withdraw_offer
from kefu.actions.turn import Turn
from kefu.dialogue.form.move_words import PERSON
from kefu.dialogue.form.moves import refuses_a_person
from kefu.dialogue.words.clauses import clauses
from kefu.dialogue.words.wording import wording
from kefu.dialogue.words.yes_no import HAND_OVER, read_stance
from kefu.text import is_blank, is_payload

_A_PERSON = re.compile(r"人工|真人|客服|\b(?:human|person|agent|representative|operator)\b")


async def on_offer(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Do what was offered, or let it go; None where nothing was, or the message does not answer it."""
    offer = turn.offer
    if offer is None or is_blank(turn.text) or (is_payload(turn.text) and not turn.is_picked):
        return None  # a payload's own intent has found its action
    if answers(turn, "no"):
        dispatcher.utter_message(response="utter_offer_declined")
        return [*turn.leave_form(), *withdraw_offer()]
    return await hand_over(dispatcher, turn, offer) if answers(turn, "yes") else None


def answers(turn: Turn, answer: Literal["yes", "no"]) -> bool:
    """Say whether a message says yes, or no, and nothing else, or names the person who is offered."""
    if turn.is_picked:
        return turn.intent == ("affirm" if answer == "yes" else "deny")
    if is_payload(turn.text):
        return True
    text = wording(turn.words).text
    stance = read_stance(text, None, cut=[clause.span for clause in clauses(text)], proceeds=HAND_OVER.spans(text))
    refuses = refuses_a_person(text) and _A_PERSON.search(text) is not None
    names_a_person = refuses if answer == "no" else PERSON.within(text) and not refuses
    return stance.answer == answer or names_a_person
