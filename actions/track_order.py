"""Where is my order? First who is asking, then what the order and its parcels are doing."""

import asyncio
from datetime import timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Offer, Services, ShopAction, Turn, forget_form, services
from kefu.shop.identity import Contact, Outcome
from kefu.shop.named import has_words_beside, looks_like_a_number, named_contact, named_order
from kefu.shop.orders import ARRIVED, Order, Parcel
from kefu.text import Language

FORM = "track_order_form"
# The customer wants something else than the form, even where his message names a number, too.
_LEAVING_INTENTS = frozenset({"stop", "talk_to_human", "request_return", "request_exchange", "cancel_order"})
_SEPARATOR: dict[Language, str] = {"zh": "、", "en": ", "}


class ValidateTrackOrderForm(ShopAction):
    """Reads what a message gives to the form.

    It reads the customer's words only: neither entities nor slots that a typed payload could bring. Returning no event
    rejects the message, so that the rules answer it and the form asks on.
    """

    def name(self) -> str:
        """The action's name in the domain."""
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Take an order number, a contact, or both; check the contact."""
        asked = turn.slot("requested_slot") if turn.form == FORM else None
        if asked and turn.intent in _LEAVING_INTENTS and has_words_beside(turn.text):
            return []
        named = named_order(turn.text, asked=asked == "order_number")
        contact = named_contact(turn.text, asked=asked == "identity_proof")
        known = turn.slot("order_number")
        order = named or known
        if order is not None and (order != known or contact is not None):
            return await _take(dispatcher, turn, order, contact)
        if asked is None:
            return []
        is_unclear = contact is not None or looks_like_a_number(turn.words)
        if is_unclear:
            dispatcher.utter_message(response=f"utter_unclear_{asked}")
        # An event, even an empty one, keeps the form in charge: it asks again.
        return [SlotSet(asked, None)] if is_unclear or turn.intent == "track_order" else []


async def _take(dispatcher: CollectingDispatcher, turn: Turn, order: str, contact: Contact | None) -> list[EventType]:
    outcome = await asyncio.to_thread(_check, order, contact, turn.conversation)
    if outcome is Outcome.REFUSED:
        dispatcher.utter_message(response="utter_identity_refused")
    # Filling the slot ends the form; whether the order is shown is decided by the store, not by this slot.
    proof = outcome.value if outcome in (Outcome.PROVEN, Outcome.EXHAUSTED) else None
    return [SlotSet("order_number", order), SlotSet("identity_proof", proof)]


def _check(order: str, contact: Contact | None, conversation: str) -> Outcome | None:
    identity = services().identity
    if identity.is_proven(order, conversation):
        return Outcome.PROVEN
    return None if contact is None else identity.check(order, contact, conversation)


class ActionShowOrder(ShopAction):
    """Shows the order if the store says that its customer is asking; otherwise offers a person."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_order"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say what the order and each of its parcels are doing."""
        number = turn.slot("order_number")
        shop, order = await asyncio.to_thread(_proven_order, number, turn.conversation)
        if order is None:
            dispatcher.utter_message(response="utter_identity_exhausted")
            return [*forget_form(), *Offer("handover", "identity", number).events()]
        _show(dispatcher, shop, order, turn.language)
        return forget_form()

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The form is over by now, but what it gathered has to go."""
        return forget_form()


def _proven_order(number: str | None, conversation: str) -> tuple[Services, Order | None]:
    shop = services()
    is_proven = number is not None and shop.identity.is_proven(number, conversation)
    return shop, shop.orders.order(number) if is_proven and number else None


def _show(dispatcher: CollectingDispatcher, shop: Services, order: Order, language: Language) -> None:
    facts: dict[str, Any] = {
        "number": order.number,
        "items": _items(order, language),
        "total": _yuan(order.total_cents),
        "count": len(order.parcels),
    }
    for name in ("pay_within_minutes", "dispatch_hours", "refund_days", "refund_days_card"):
        facts[name] = shop.policy.fact(f"policy.{name}", language)
    response = f"utter_order_{order.state}"
    if order.state == "unpaid" and shop.clock() > order.created + _time_to_pay(shop):
        response += "_too_late"
    if len(order.parcels) > 1:
        response += "_in_parts"
    dispatcher.utter_message(response=response, **facts)
    for parcel in order.parcels:
        _show_parcel(dispatcher, shop, parcel, language)


def _time_to_pay(shop: Services) -> timedelta:
    return timedelta(minutes=int(shop.policy.facts["policy.pay_within_minutes"]))


def _show_parcel(dispatcher: CollectingDispatcher, shop: Services, parcel: Parcel, language: Language) -> None:
    latest = parcel.latest
    hours = int(shop.policy.facts["policy.tracking_stuck_hours"])
    is_stuck = parcel.state not in ARRIVED and shop.clock() - latest.at > timedelta(hours=hours)
    dispatcher.utter_message(
        response="utter_parcel_stuck" if is_stuck else f"utter_parcel_{parcel.state}",
        carrier=parcel.carrier.in_language(language),
        tracking_number=parcel.tracking_number,
        news=latest.text.in_language(language),
        time=f"{latest.at.astimezone(shop.policy.timezone):%m-%d %H:%M}",
        hours=hours,
    )


def _items(order: Order, language: Language) -> str:
    return _SEPARATOR[language].join(
        item.name.in_language(language) + (f" ×{item.quantity}" if item.quantity > 1 else "") for item in order.items
    )


def _yuan(cents: int) -> str:
    return f"{cents / 100:.2f}".removesuffix(".00")
