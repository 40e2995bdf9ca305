"""Where is my order? First who is asking, then what the order and its parcels are doing."""

import asyncio

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.form_slots import IDENTITY_SLOTS
from kefu.actions.handover import hand_over
from kefu.actions.identify import identify, misshapen, orders_of
from kefu.actions.next_matter import keep_for_later, split
from kefu.actions.not_received import on_not_received
from kefu.actions.order_replies import say_order, say_what_next
from kefu.actions.own_cases import on_proven
from kefu.actions.remembered import leads_to_after_sales, number_before
from kefu.actions.services import Services, services
from kefu.actions.shop_action import ShopAction
from kefu.actions.side_question import answer_aside
from kefu.actions.turn import Offer, Turn, end_form, forget_form, forget_request
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.form.no_number import lacks_number
from kefu.dialogue.questions.own_matter import FORM as AFTER_SALES_FORM
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Reading
from kefu.shop.named import is_bare, named_contact
from kefu.shop.orders import Order

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
        return f"validate_{TRACK_FORM}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Take an order number, a contact, or both; check the contact."""
        slot = turn.asked_by(TRACK_FORM)
        if turn.was_rejected(TRACK_FORM):
            return [SlotSet("requested_slot", slot)]
        later: list[EventType] = []
        if slot is None and (matters := await asyncio.to_thread(split, turn)).then:
            turn.text, later = matters.now, [keep_for_later(turn, *matters.then)]
        instead: list[EventType] | None = None
        if turn.slot("case_request") is None:
            instead = await asyncio.to_thread(leads_to_after_sales, turn, opening=slot is None)
        if instead:
            return [*later, *instead]
        asked = _ASKED.get(slot or "")
        orders = await asyncio.to_thread(_orders, turn) if asked == "order_number" else ()
        draft = Draft(TRACK_FORM, _FILLS, asked, known={"order_number": turn.slot("order_number")}, orders=orders)
        reading = read_turn(turn.message, draft)
        if slot is not None:
            if slot == "order_number" and not orders and lacks_number(turn.words, asked=True):
                reading = Reading(values=reading.values)
            elif reading == Reading():
                return []
            moved = await _moved(dispatcher, turn, reading)
            if moved is not None:
                return moved
            if reading.unclear and slot is not None and not misshapen(turn.text):
                dispatcher.utter_message(response=f"utter_unclear_{slot}")
        for question in reading.questions if slot is not None else ():
            await answer_aside(dispatcher, turn, question.text)
        values = dict(reading.values)
        if turn.slot("case_request") == "sent" and not str(values.get("order_number", "SO")).startswith("SO"):
            del values["order_number"]  # that of the parcel that he has sent
        bare = slot is None and is_bare(turn.words)
        if bare and "order_number" not in values and (contact := named_contact(turn.text, asked=True)):
            # "8031" behind an order number that was answered otherwise: the proof for that order.
            values |= {"contact": contact, "order_number": number_before(turn)}
        found = await identify(dispatcher, turn, values)
        if found.is_exhausted:
            return [*found.events, *end_form(), *Offer("handover", "identity", found.order).events()]
        noted = [SlotSet("bare_number", bare)] if slot is None else []
        return [*later, *found.events, *noted, SlotSet("requested_slot", found.asks)]


async def _moved(dispatcher: CollectingDispatcher, turn: Turn, reading: Reading) -> list[EventType] | None:
    """Do what leads out of the form; None if the message does not."""
    if reading.move == "stop":
        dispatcher.utter_message(response="utter_stopped")
        return end_form()
    if reading.move == "which":
        # What is under way is a look-up: that ends. No order is cancelled on a word that may mean either.
        dispatcher.utter_message(response="utter_stopped_tracking")
        return end_form()
    if reading.move == "person":
        number = reading.values.get("order_number") or turn.slot("order_number")
        return [*await hand_over(dispatcher, turn, Offer("handover", "human", number)), *end_form()]
    if reading.move == "switch" and reading.target in _AFTER_SALES:
        known = [SlotSet(name, turn.slot(name)) for name in IDENTITY_SLOTS]
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
        known = [*forget_form(), SlotSet("last_order", order.number)]
        if turn.slot("case_request"):
            return [*known, *forget_request(), *await on_proven(dispatcher, turn, order)]
        say_order(dispatcher, shop, order, turn.language)
        if turn.slot("bare_number"):
            say_what_next(dispatcher, shop, order)
        return [*known, *await on_not_received(dispatcher, turn, order)]

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The form is over by now, but what it gathered has to go."""
        return forget_form()


def _proven_order(number: str | None, conversation: str) -> tuple[Services, Order | None]:
    shop = services()
    is_proven = number is not None and shop.identity.is_proven(number, conversation)
    return shop, shop.orders.order(number) if is_proven and number else None
