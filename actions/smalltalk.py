"""Breaking off, praise and blame: the replies that have to do more than speak."""

import asyncio

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer
from kefu.actions.handover import withdraw_offer
from kefu.actions.remembered import means_to_stop, read_alone, wish_of
from kefu.actions.shop_action import ShopAction
from kefu.actions.side_question import answer_about_goods, decide
from kefu.actions.turn import Offer, Turn
from kefu.dialogue.alarms.mood import asks_something, mood
from kefu.dialogue.form.case_draft import Wish
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.questions.own_matter import FORM, changed_mind, is_told_only, own_matter
from kefu.entities import extract_entities


class ActionStop(ShopAction):
    """Breaks off whatever is under way."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Leave the form, let an offer go, and say so, unless the words want something done with an order."""
        if turn.form is None and turn.offer is None and changed_mind(turn.words):
            return [FollowupAction(FORM)]
        wish = await asyncio.to_thread(_wish, turn) if turn.form is None else None
        if wish is not None:
            return [SlotSet("case_wish", wish), FollowupAction(FORM)]
        dispatcher.utter_message(response="utter_stopped")
        return [*turn.leave_form(), *withdraw_offer()]


def _wish(turn: Turn) -> Wish | None:
    """Say what a message comes for that was taken for breaking off: "stop the parcel", "不想要了退掉"; blocks."""
    if means_to_stop(turn):
        return "cancel"
    reading = read_alone(turn.words, turn.language)
    wish = wish_of(reading)
    is_to_be_done = reading.move == "switch" or "remedy" in reading.values
    return (
        wish if wish in ("return", "exchange", "cancel") and is_to_be_done and not is_told_only(turn.words) else None
    )


class ActionThanks(ShopAction):
    """Takes thanks; "好的谢谢" behind an offer takes that up first, as every answer to one does."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_thanks"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say that it was a pleasure."""
        dispatcher.utter_message(response="utter_thanks")
        return []


class ActionFeedback(ShopAction):
    """Takes praise and blame."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_feedback"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Thank for what is no blame; else apologise, and offer a person. A fault told of his goods opens the form."""
        if mood(turn.words) is not None:
            return await appease(dispatcher, turn)
        matter = own_matter(turn.message) if turn.form is None else None
        if matter is not None and matter.follows_answer:
            return [FollowupAction(FORM)]
        dispatcher.utter_message(response="utter_feedback")
        return []


class ActionAreYouThere(ShopAction):
    """Says that it is there, unless that was no question: "are you kidding me"."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_are_you_there"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Answer; apologise to whoever is angry."""
        if mood(turn.words) == "angry":
            return await appease(dispatcher, turn)
        dispatcher.utter_message(response="utter_here")
        return []


class ActionAreYouRobot(ShopAction):
    """Says what it is, unless it was called names."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_are_you_robot"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Own to be a program; apologise to whoever is angry."""
        if mood(turn.words) == "angry":
            return await appease(dispatcher, turn)
        dispatcher.utter_message(response="utter_are_you_robot")
        return []


class ActionWhatCanYouDo(ShopAction):
    """Says what it can do, unless "what do I do" was asked after a warning."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_what_can_you_do"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Name the skills."""
        if not await answer_about_goods(dispatcher, turn, turn.words):  # "what do you sell" sounds like it
            dispatcher.utter_message(response="utter_what_can_you_do")
        return []


async def appease(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Apologise, with the order if one is named, or with the answer if something was asked that has a sure one."""
    if turn.form is None and any(found.kind == "order_number" for found in extract_entities(turn.text)):
        dispatcher.utter_message(response="utter_sorry")
        return [FollowupAction(TRACK_FORM)]
    if asks_something(turn.words):
        decision = await asyncio.to_thread(decide, turn, turn.words, strict=True)
        if decision is not None and decision.kind == "answer":
            dispatcher.utter_message(response="utter_sorry")
            say_answer(dispatcher, decision)
            return []
    return apologise(dispatcher, turn)


def apologise(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Apologise to whoever is angry; the events of the offer that goes with it, for which no form may be open.

    In a form a yes would answer the form: there a person is only mentioned.
    """
    if turn.form is not None:
        dispatcher.utter_message(response="utter_sorry")
        return []
    dispatcher.utter_message(response="utter_apology")
    return Offer("handover", "feedback").events()
