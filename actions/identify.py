"""Which order, and is it the customer's? The part that every form about an order begins with.

The order's number and a contact make a proof; without the number, both contacts do. What is shown afterwards is
decided by the store, never by a slot.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import Services, services
from kefu.actions.turn import Offer, Turn
from kefu.dialogue.form.no_number import lacks_number
from kefu.shop.identity import Contact, Outcome
from kefu.shop.named import named_contact
from kefu.shop.orders import Order
from kefu.text import is_payload, normalise

ContactKind = Literal["phone_tail", "phone", "email"]

_MISSHAPEN = re.compile(r"(?<![A-Za-z0-9])SO[ -]?(\d{5,7}|\d{9,12})(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Identified:
    """Where the question stands: ``asks`` is the slot to ask for, None once the order is known and proven."""

    events: list[EventType]
    order: str | None = None
    asks: str | None = None
    is_exhausted: bool = False


async def identify(dispatcher: CollectingDispatcher, turn: Turn, values: Mapping[str, Any]) -> Identified:
    """Take an order number and contacts that a message gave, on top of what was known; check them.

    :raises KefuError: if the store cannot be used.
    """
    order = values.get("order_number") or turn.slot("order_number")
    contact, second = values.get("contact"), values.get("second_contact")
    if order is None and (digits := misshapen(turn.text)):
        dispatcher.utter_message(response="utter_number_misshapen", digits=digits)
        contact = contact or named_contact(turn.text, asked=True)
        kept = [contact.kind, contact.value] if contact else turn.slot("first_contact")
        return Identified([SlotSet("first_contact", kept)], asks="order_number")
    if order is None:
        return await _without_number(dispatcher, turn, contact, second)
    contact = contact or _remembered(turn)
    outcome = await asyncio.to_thread(_check, order, contact, turn)
    proof = outcome.value if outcome is Outcome.PROVEN else None
    events = [SlotSet("order_number", order), SlotSet("identity_proof", proof), SlotSet("first_contact", None)]
    if outcome is Outcome.PROVEN:
        return Identified(events, order)
    return _unproven(dispatcher, outcome, events, order)


def misshapen(text: str) -> int | None:
    """Give how many digits an order number has that has too few or too many; None where there is none such."""
    found = _MISSHAPEN.search(normalise(text))
    return None if found is None or is_payload(text) else len(found.group(1))


async def _without_number(
    dispatcher: CollectingDispatcher, turn: Turn, contact: Contact | None, second: Contact | None
) -> Identified:
    """Whoever has no number at hand names two contacts, at once or one after the other, and chooses the order."""
    first = _remembered(turn)
    if contact is not None and second is None and first is not None and _differ(first, contact):
        contact, second = first, contact
    if contact is None:
        asked = turn.slot("requested_slot")
        is_lacking = asked == "second_contact" or lacks_number(turn.words, asked=asked == "order_number")
        asks = "second_contact" if is_lacking or first is not None else "order_number"
        return Identified([SlotSet("order_number", None)], asks=asks)
    if second is None:
        return Identified([SlotSet("first_contact", [contact.kind, contact.value])], asks="second_contact")
    outcome = await asyncio.to_thread(_check_customer, contact, second, turn)
    events: list[EventType] = [SlotSet("first_contact", None), SlotSet("order_number", None)]
    if outcome is Outcome.PROVEN:
        return Identified(events, asks="order_number")
    return _unproven(dispatcher, outcome, events, None)


def _unproven(
    dispatcher: CollectingDispatcher, outcome: Outcome | None, events: list[EventType], order: str | None
) -> Identified:
    if outcome is Outcome.EXHAUSTED:
        dispatcher.utter_message(response="utter_identity_exhausted")
        return Identified([*events, *Offer("handover", "identity", order).events()], order, is_exhausted=True)
    if outcome is Outcome.REFUSED:
        dispatcher.utter_message(response="utter_identity_refused" if order else "utter_contacts_refused")
    return Identified(events, order, asks="identity_proof" if order else "second_contact")


def _differ(first: Contact, second: Contact) -> bool:
    """Say whether one is an e-mail and the other a phone number; two of a kind prove no more than one."""
    return (first.kind == "email") != (second.kind == "email")


def _remembered(turn: Turn) -> Contact | None:
    value = turn.slot("first_contact")
    return Contact(cast(ContactKind, value[0]), value[1]) if isinstance(value, list) and len(value) == 2 else None


def _check(order: str, contact: Contact | None, turn: Turn) -> Outcome | None:
    identity = services().identity
    if identity.is_proven(order, turn.conversation):
        return Outcome.PROVEN
    return None if contact is None else identity.check(order, contact, turn.conversation, turn.source)


def _check_customer(first: Contact, second: Contact, turn: Turn) -> Outcome:
    return services().identity.check_customer(first, second, turn.conversation, turn.source)


def orders_of(shop: Services, conversation: str) -> tuple[Order, ...]:
    """Give the orders of whoever has shown in this conversation who he is, newest first."""
    customers = shop.identity.proven_customers(conversation)
    return tuple(order for customer in customers for order in shop.orders.orders_of(customer))
