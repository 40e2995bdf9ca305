"""Questions about the shop, answered from its knowledge or, honestly, not at all."""

import asyncio

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer, say_no_answer, say_no_answer_in_form
from kefu.actions.ask_back import ask_back
from kefu.actions.follow_ups import on_follow_up
from kefu.actions.services import services
from kefu.actions.shop_action import ShopAction
from kefu.actions.side_question import answer_about_goods, decide, say_not_sold
from kefu.actions.smalltalk import apologise
from kefu.actions.turn import Offer, Turn
from kefu.actions.worded_answer import say_worded
from kefu.dialogue.alarms.mood import asks_something, mood
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.form.told_state import told_state
from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.questions.doubtful import is_doubtful
from kefu.dialogue.questions.own_matter import FORM, STRANGE, OwnMatter, opens_form, own_matter
from kefu.dialogue.words.wording import wording


class ActionAnswerQuestion(ShopAction):
    """Answers `ask_question`, and by a stricter measure `out_of_scope` and what asks nothing."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer_question"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say the answer with its source, lead into the form that has it, ask back, or say that there is none."""
        if turn.form is not None and told_state(turn.words) is not None:
            return []  # nothing is asked: the form asks on
        if turn.form is None and (answered := await on_follow_up(dispatcher, turn)) is not None:
            return answered
        matter = await asyncio.to_thread(_own_matter, turn) if turn.form is None else None
        if matter is not None and opens_form(matter, is_answered=True):
            return _into_form(matter)
        if matter is None and await answer_about_goods(dispatcher, turn, turn.words):
            return []
        is_angry = mood(turn.words) == "angry"
        if is_angry and not asks_something(turn.words):
            return apologise(dispatcher, turn)
        is_shop_matter = turn.intent not in STRANGE
        decision = await asyncio.to_thread(decide, turn, turn.words, strict=is_doubtful(turn.message))
        if decision is not None and decision.kind == "answer":
            if is_angry:
                dispatcher.utter_message(response="utter_sorry")
            say_answer(dispatcher, decision)
            return _into_form(matter) if matter is not None and matter.follows_answer else []
        if is_angry:
            return apologise(dispatcher, turn)
        if matter is None and await say_not_sold(dispatcher, turn, turn.words):
            return []
        if turn.form is not None:
            say_no_answer_in_form(dispatcher, turn)
            return []
        if matter is not None and opens_form(matter, is_answered=False):
            return _into_form(matter)
        if is_shop_matter and matter is None and await say_worded(dispatcher, turn, decision, turn.words):
            return []
        if decision is not None and decision.kind == "ask_back":
            return ask_back(dispatcher, turn, decision)
        if is_shop_matter:
            return say_no_answer(dispatcher)
        dispatcher.utter_message(response="utter_not_a_shop_matter")
        return Offer("handover", "no_answer").events()

    def after_failure(self, turn: Turn) -> list[EventType]:
        """A form goes on: it does not need the knowledge base."""
        return []


def _own_matter(turn: Turn) -> OwnMatter | None:
    shop = services()
    last = turn.slot("last_order")
    order = shop.orders.order(last) if last and shop.identity.is_proven(last, turn.conversation) else None
    items = order.items if order else ()
    others = bool(items) and not mentions(wording(turn.words).text, items) and shop.goods.names_goods(turn.words)
    return own_matter(
        turn.message,
        last_order=last,
        items=items,
        today=shop.clock().astimezone(shop.policy.timezone).date(),
        quoted=turn.was_quoted,
        other_goods=others,
    )


def _into_form(matter: OwnMatter) -> list[EventType]:
    """The events that lead to the form that has the answer.

    "How much do I get back?" is answered for the order that it is about: by the rules that would be used for filing,
    not by general text.
    """
    if matter.kind == "track":
        return [FollowupAction(TRACK_FORM)]
    if matter.kind == "quote":
        return [SlotSet("case_wish", "quote"), SlotSet("order_number", matter.order), FollowupAction(FORM)]
    wish = [SlotSet("case_wish", "cancel")] if matter.kind == "cancel" else []
    return [*wish, FollowupAction(FORM)]
