"""A yes or a no outside of every form: to what was offered, to what was just filed, or to nothing."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.filed_again import say_filed_again
from kefu.actions.handover import hand_over, withdraw_offer
from kefu.actions.offers import answers
from kefu.actions.shop_action import ShopAction
from kefu.actions.turn import Turn
from kefu.dialogue.words.clauses import clauses
from kefu.dialogue.words.wording import wording
from kefu.dialogue.words.yes_no import is_nothing_but_agreement


class ActionAffirm(ShopAction):
    """A yes: to what was offered right before, to what it has just filed, or to nothing."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_affirm"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Do what was offered, or tell again what was filed; what says more than yes is a question."""
        if turn.offer is not None and answers(turn, "yes"):
            return await hand_over(dispatcher, turn, turn.offer)
        if turn.offer is not None or (turn.form is None and _asks(turn.words)):
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
        if turn.form is None and not answers(turn, "no"):
            return await ActionAnswerQuestion().act(dispatcher, turn)
        dispatcher.utter_message(response="utter_offer_declined" if turn.offer else "utter_deny_noted")
        return withdraw_offer() if turn.offer else []


def _asks(words: str) -> bool:
    """Say whether a message that was taken for a yes asks something: "is it OK to wash", "sure about the size?"."""
    text = wording(words).text
    return not is_nothing_but_agreement(text) and any(clause.kind in ("asks", "doubts") for clause in clauses(text))
