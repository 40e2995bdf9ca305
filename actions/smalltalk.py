"""Breaking off, praise and blame: the replies that have to do more than speak."""

import asyncio

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Offer, ShopAction, Turn
from kefu.actions.handover import withdraw_offer
from kefu.actions.side_question import decide, say_answer
from kefu.dialogue.mood import asks_something, mood
from kefu.dialogue.move_words import CANCEL_ORDER
from kefu.dialogue.own_matter import FORM
from kefu.dialogue.wording import wording
from kefu.dialogue.yes_no import STOP_IT


class ActionStop(ShopAction):
    """Breaks off whatever is under way."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Leave the form, let an offer go, and say so; "stop it" behind a parcel on its way means the parcel."""
        if turn.form is None and turn.slot("last_order") and _means_the_parcel(turn.words):
            return [SlotSet("case_wish", "cancel"), FollowupAction(FORM)]
        dispatcher.utter_message(response="utter_stopped")
        return [*turn.leave_form(), *withdraw_offer()]


def _means_the_parcel(words: str) -> bool:
    text = wording(words).text
    return STOP_IT.within(text) or CANCEL_ORDER.within(text)


class ActionFeedback(ShopAction):
    """Takes praise and blame."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_feedback"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Thank for what is no blame; else apologise, and offer a person."""
        if mood(turn.words) is not None:
            return await appease(dispatcher, turn)
        dispatcher.utter_message(response="utter_feedback")
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


async def appease(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Apologise, with the answer if something was asked that has a sure one."""
    if asks_something(turn.words):
        decision = await asyncio.to_thread(decide, turn.words, turn.language, strict=True)
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
