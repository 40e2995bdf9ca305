"""Where is my order? First who is asking, then what the order and its parcels are doing."""

import asyncio
from datetime import timedelta
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_view import FILLS as AFTER_SALES_FILLS
from kefu.actions.case_view import FORM as AFTER_SALES_FORM
from kefu.actions.context import Offer, Services, ShopAction, Turn, end_form, forget_form, services
from kefu.actions.handover import hand_over
from kefu.actions.identify import identify, orders_of
from kefu.actions.side_question import answer_aside
from kefu.actions.wording import all_items, yuan
from kefu.dialogue.no_number import lacks_number
from kefu.dialogue.own_matter import is_told_only
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.shop.orders import ARRIVED, Order, Parcel
from kefu.text import Language

FORM = "track_order_form"
_FILLS = ("order_number", "contact")
_ASKED = {"order_number": "order_number", "identity_proof": "contact", "second_contact": "contact"}
_AFTER_SALES = frozenset({"request_return", "request_exchange", "cancel_order"})


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
        slot = turn.asked_by(FORM)
        if turn.was_rejected(FORM):
            return [SlotSet("requested_slot", slot)]
        if slot is None and _tells_a_problem(turn):
            return [*end_form(), FollowupAction(AFTER_SALES_FORM)]
        asked = _ASKED.get(slot or "")
        orders = await asyncio.to_thread(_orders, turn) if asked == "order_number" else ()
        draft = Draft(FORM, _FILLS, asked, known={"order_number": turn.slot("order_number")}, orders=orders)
        reading = read_turn(Message(turn.text, turn.intent, turn.language), draft)
        if slot is not None:
            if slot == "order_number" and not orders and lacks_number(turn.words, asked=True):
                reading = Reading(values=reading.values)
            elif reading == Reading():
                return []
            moved = await _moved(dispatcher, turn, reading)
            if moved is not None:
                return moved
            if reading.unclear and slot in ("order_number", "identity_proof"):
                dispatcher.utter_message(response=f"utter_unclear_{slot}")
        for question in reading.questions if slot is not None else ():
            await answer_aside(dispatcher, turn, question.text)
        found = await identify(dispatcher, turn, reading.values)
        if found.is_exhausted:
            return [*found.events, *end_form(), *Offer("handover", "identity", found.order).events()]
        return [*found.events, SlotSet("requested_slot", found.asks)]


def _tells_a_problem(turn: Turn) -> bool:
    """Say whether it is no parcel that is looked for, but something wrong with what came: "only one of two came"."""
    reading = read_turn(Message(turn.text, None, turn.language), Draft(AFTER_SALES_FORM, AFTER_SALES_FILLS))
    is_wish = "remedy" in reading.values or reading.values.get("reason") not in (None, "no_reason")
    return is_wish and reading.move is None and not reading.questions and not is_told_only(turn.words)


async def _moved(dispatcher: CollectingDispatcher, turn: Turn, reading: Reading) -> list[EventType] | None:
    """Do what leads out of the form; None if the message does not."""
    if reading.move == "stop":
        dispatcher.utter_message(response="utter_stopped")
        return end_form()
    if reading.move == "person":
        number = reading.values.get("order_number") or turn.slot("order_number")
        return [*await hand_over(dispatcher, turn, Offer("handover", "human", number)), *end_form()]
    if reading.move == "switch" and reading.target in _AFTER_SALES:
        known = [SlotSet(name, turn.slot(name)) for name in ("order_number", "identity_proof", "first_contact")]
        return [*end_form(), *known, FollowupAction(AFTER_SALES_FORM)]
    if reading.move == "start_over":
        dispatcher.utter_message(response="utter_started_over")
        return [*forget_form(), SlotSet("requested_slot", "order_number")]
    return None


def _orders(turn: Turn) -> tuple[Order, ...]:
    return orders_of(services(), turn.conversation)


class ActionShowOrder(ShopAction):
    """Shows the order if the store says that its customer is asking."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_order"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say what the order and each of its parcels are doing."""
        number = turn.slot("order_number")
        shop, order = await asyncio.to_thread(_proven_order, number, turn.conversation)
        if order is None:  # the form ended without a proof, and has said so
            return forget_form()
        say_order(dispatcher, shop, order, turn.language)
        return [*forget_form(), SlotSet("last_order", order.number)]

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The form is over by now, but what it gathered has to go."""
        return forget_form()


def _proven_order(number: str | None, conversation: str) -> tuple[Services, Order | None]:
    shop = services()
    is_proven = number is not None and shop.identity.is_proven(number, conversation)
    return shop, shop.orders.order(number) if is_proven and number else None


def say_order(dispatcher: CollectingDispatcher, shop: Services, order: Order, language: Language) -> None:
    """Say what an order and each of its parcels are doing."""
    facts: dict[str, Any] = {
        "number": order.number,
        "items": all_items(order, language),
        "total": yuan(order.total_cents),
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
