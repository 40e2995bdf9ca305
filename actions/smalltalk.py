"""Breaking off: the reply that has to do more than speak."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import ShopAction, Turn
from kefu.actions.handover import withdraw_offer


class ActionStop(ShopAction):
    """Breaks off whatever is under way."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Leave the form, let an offer go, and say so."""
        dispatcher.utter_message(response="utter_stopped")
        return [*turn.leave_form(), *withdraw_offer()]
