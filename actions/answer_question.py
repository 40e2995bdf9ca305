"""Questions about the shop, answered from its knowledge or, honestly, not at all."""

import asyncio

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_view import FILLS, FORM
from kefu.actions.context import Offer, ShopAction, Turn, services
from kefu.actions.side_question import decide, say_answer
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message

# What no shop does is answered only where the knowledge base is very sure that it was misjudged.
_STRICT_INTENTS = frozenset({"out_of_scope"})


class ActionAnswerQuestion(ShopAction):
    """Answers `ask_question` and `nlu_fallback`, and `out_of_scope` by a stricter measure."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer_question"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say the answer with its source, or that there is none, and offer a person."""
        if turn.form is None and (own := await asyncio.to_thread(_own_matter, turn)):
            return own
        is_shop_matter = turn.intent not in _STRICT_INTENTS
        decision = await asyncio.to_thread(decide, turn.words, turn.language, strict=not is_shop_matter)
        if decision is not None and decision.kind == "answer":
            say_answer(dispatcher, decision)
            return []
        if turn.form is not None:
            # The form asks on right after this: a yes would then be an answer to the form, not to an offer.
            dispatcher.utter_message(response="utter_no_answer_in_form")
            return []
        dispatcher.utter_message(response="utter_no_answer" if is_shop_matter else "utter_not_a_shop_matter")
        return Offer("handover", "no_answer").events()

    def after_failure(self, turn: Turn) -> list[EventType]:
        """A form goes on: it does not need the knowledge base."""
        return []


def _own_matter(turn: Turn) -> list[EventType]:
    """The events that lead to the after-sales form, where the message is about an order of his, not about the rules.

    "How much do I get back?" is answered for the order that it names or that was spoken of last: by the rules that
    would be used for filing, not by general text. A plain wish that the classifier took for a question
    ("退这单的数据线，用不上了") opens the form.
    """
    today = services().clock().date()
    reading = read_turn(Message(turn.text, turn.intent, turn.language), Draft(FORM, FILLS, today=today))
    order = reading.values.get("order_number") or turn.slot("last_order")
    if not reading.questions and ("remedy" in reading.values or ("reason" in reading.values and order)):
        return [FollowupAction(FORM)]
    if reading.topic not in ("amount", "eligible") or order is None:
        return []
    return [SlotSet("case_wish", "quote"), SlotSet("order_number", order), FollowupAction(FORM)]
