"""A yes or a no outside of every form: to what was offered, to what was just filed, or to nothing."""

from typing import Literal

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.context import ShopAction, Turn
from kefu.actions.filed_again import say_filed_again
from kefu.actions.handover import hand_over, withdraw_offer
from kefu.dialogue.clauses import clauses
from kefu.dialogue.move_words import PERSON
from kefu.dialogue.moves import refuses_a_person
from kefu.dialogue.wording import wording
from kefu.dialogue.yes_no import read_stance
from kefu.text import is_payload


class ActionAffirm(ShopAction):
    """A yes: to what was offered right before, to what it has just filed, or to nothing."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_affirm"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Do what was offered, or tell again what was filed; what says more than yes is a question."""
        if turn.offer is not None and _is_answer(turn, "yes"):
            return await hand_over(dispatcher, turn, turn.offer)
        if turn.offer is not None:
            return await ActionAnswerQuestion().act(dispatcher, turn)
        if not await say_filed_again(dispatcher, turn):
            dispatcher.utter_message(response="utter_affirm_noted")
        return []


class ActionDeny(ShopAction):
    """A no: to what was offered right before, or to nothing."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_deny"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Let the offer go; "it does not fit" is no refusal of a person."""
        if turn.form is None and not _is_answer(turn, "no"):
            return await ActionAnswerQuestion().act(dispatcher, turn)
        dispatcher.utter_message(response="utter_offer_declined" if turn.offer else "utter_deny_noted")
        return withdraw_offer() if turn.offer else []


def _is_answer(turn: Turn, answer: Literal["yes", "no"]) -> bool:
    """Say whether a message says yes, or no, and nothing else, or names the person who is offered."""
    if is_payload(turn.text):
        return True
    text = wording(turn.words).text
    stance = read_stance(text, None, cut=[clause.span for clause in clauses(text)])
    names_a_person = refuses_a_person(text) if answer == "no" else PERSON.within(text)
    return stance.answer == answer or names_a_person
