"""Praise, blame and breaking off: the replies that have to do more than speak."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Offer, ShopAction, Turn
from kefu.actions.handover import withdraw_offer


class ActionFeedback(ShopAction):
    """Takes praise or blame in words that suit both, and offers a person."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_feedback"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Thank, and offer a person; in a form only thank, since the form asks on."""
        if turn.form is not None:
            dispatcher.utter_message(response="utter_feedback_in_form")
            return []
        dispatcher.utter_message(response="utter_feedback")
        return Offer("handover", "feedback").events()


class ActionStop(ShopAction):
    """Breaks off whatever is under way."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Leave the form, let an offer go, and say so."""
        dispatcher.utter_message(response="utter_stopped")
        return [*turn.leave_form(), *withdraw_offer()]
