"""Returns, exchanges and cancellations: how they go, and a person who does them.

The approved text comes from the knowledge base by its entry, never by a search.
"""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Offer, ShopAction, Turn, services
from kefu.desk.tickets import Reason
from kefu.shop.named import named_order

# intent → (entry of the knowledge base, reason on the ticket)
_REQUESTS: dict[str, tuple[str, Reason]] = {
    "request_return": ("return_how", "return"),
    "request_exchange": ("exchange_how", "exchange"),
    "cancel_order": ("order_cancel_how", "cancel"),
}


class ActionServiceRequest(ShopAction):
    """Tells how a return, an exchange or a cancellation goes, and offers a person who does it."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_service_request"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say the approved text and make the offer; an open form is left, the customer wants something else."""
        entry, reason = _REQUESTS[turn.intent or ""]
        title, text = await asyncio.to_thread(_entry, entry, turn)
        dispatcher.utter_message(response="utter_how_it_goes", answer=text, source=title)
        dispatcher.utter_message(response=f"utter_offer_{reason}")
        order = named_order(turn.text) or (turn.slot("order_number") if turn.form else None)
        return [*turn.leave_form(), *Offer("handover", reason, order).events()]


def _entry(entry: str, turn: Turn) -> tuple[str, str]:
    knowledge = services().knowledge()
    return knowledge.entry_title(entry, turn.language), knowledge.entry_text(entry, turn.language)
