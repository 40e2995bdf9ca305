"""Cases that exist: how far they are, that their parcel is on its way, that they are taken back.

Whatever the classifier takes such a message for, it is answered from the case store, once the customer has shown who
he is.
"""

import asyncio
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.identify import orders_of
from kefu.actions.order_replies import say_order
from kefu.actions.services import Services, services
from kefu.actions.turn import Offer, Turn
from kefu.actions.wording import day, joined, some_items, yuan
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.wishes.case_requests import Request, case_number, names_a_case, parcel_number, wanted
from kefu.dialogue.words.wording import wording
from kefu.shop.case_changes import may_be_withdrawn
from kefu.shop.cases import Case
from kefu.shop.labels import label
from kefu.shop.named import named_order
from kefu.shop.offers import SENT_BACK
from kefu.shop.orders import Order
from kefu.text import Language

Owned = tuple[Order, Case]
_MOST = 3  # cases that are told at once


async def on_own_case(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Answer what is wanted with a case, or open the form that asks whose it is; None where none is meant."""
    request = wanted(turn.words)
    if request is None or turn.slot("case_request") is not None:
        return None
    owned = await asyncio.to_thread(_own, services(), turn.conversation)
    reference = case_number(turn.words) or (None if request == "sent" else named_order(turn.words))
    is_known = reference is None or any(reference in (order.number, case.number) for order, case in owned)
    leave = turn.leave_form()
    if owned and is_known:
        return [*leave, *await answer_request(dispatcher, turn, request, _meant(turn, owned, reference))]
    if reference is None and not names_a_case(turn.words):
        return None
    noted = [SlotSet("case_request", request), SlotSet("case_note", parcel_number(turn.words))]
    return [*leave, *noted, SlotSet("order_number", reference), FollowupAction(TRACK_FORM)]


async def on_proven(dispatcher: CollectingDispatcher, turn: Turn, order: Order) -> list[EventType]:
    """Answer what was wanted with a case, now that the customer has shown that the order is his."""
    owned = await asyncio.to_thread(_own, services(), turn.conversation)
    of_order = [(one, case) for one, case in owned if one.number == order.number]
    if not of_order:
        dispatcher.utter_message(response="utter_no_case", number=order.number)
        say_order(dispatcher, services(), order, turn.language)
        return []
    return await answer_request(dispatcher, turn, turn.slot("case_request"), of_order)


async def answer_request(
    dispatcher: CollectingDispatcher, turn: Turn, request: Request, owned: list[Owned]
) -> list[EventType]:
    """Do what is wanted with cases of the customer's, the latest first."""
    last = SlotSet("last_order", owned[0][0].number)
    if request == "sent":
        return [last, *await _note(dispatcher, turn, owned)]
    if request == "withdraw":
        return [last, *_withdraw(dispatcher, turn, owned)]
    for order, case in owned[:_MOST]:
        say_case(dispatcher, services(), order, case, turn.language)
    return [last]


def say_case(dispatcher: CollectingDispatcher, shop: Services, order: Order, case: Case, language: Language) -> None:
    """Say what a case is, which articles it holds, how far it is, and what comes back."""
    dispatcher.utter_message(response=_case_response(case), **case_words(shop, order, case, language))


def case_words(shop: Services, order: Order, case: Case, language: Language) -> dict[str, Any]:
    """Give the words of what is said about a case."""
    plan, today = case.plan, shop.clock().astimezone(shop.policy.timezone).date()
    facts = ("refund_days", "refund_days_card", "inspect_days", "repair_days")
    shares = (f"{label('methods', share.method, language)} {yuan(share.cents)}" for share in plan.refund)
    return {
        "case": case.number,
        "kind": label("kinds", plan.kind, language),
        "number": order.number,
        "items": some_items(order, plan.lines, language),
        "amount": yuan(plan.refund_cents),
        "parts": joined(shares, language),
        "send_by": day(plan.send_by, language, today) if plan.send_by else "",
        **{name: shop.policy.fact(f"policy.{name}", language) for name in facts},
    }


def _case_response(case: Case) -> str:
    if case.state == "open":
        is_unpaid = case.plan.kind == "cancellation" and not case.plan.refund
        return "utter_case_done" if is_unpaid else f"utter_case_{case.plan.kind}_open"
    if case.state == "done":
        return "utter_case_refunded" if case.plan.refund else "utter_case_done"
    return "utter_case_withdrawn" if case.state == "withdrawn" else "utter_case_rejected"


def _own(shop: Services, conversation: str) -> list[Owned]:
    """Give all cases of whoever has shown who he is, the latest first; blocks."""
    orders = orders_of(shop, conversation)
    owned = [(order, case) for order in orders for case in shop.cases.of_order(order.number)]
    return sorted(owned, key=lambda one: one[1].created, reverse=True)


def _meant(turn: Turn, owned: list[Owned], reference: str | None) -> list[Owned]:
    """Keep the cases that a message names: by number, by article, or those of the order spoken of last."""
    if reference is not None:
        return [one for one in owned if reference in (one[0].number, one[1].number)]
    text = wording(turn.words).text
    by_article = [
        (order, case)
        for order, case in owned
        if mentions(text, [order.item(line.position) for line in case.plan.lines])
    ]
    of_last = [one for one in owned if one[0].number == turn.slot("last_order")]
    return by_article or of_last or owned


async def _note(dispatcher: CollectingDispatcher, turn: Turn, owned: list[Owned]) -> list[EventType]:
    """Write the number of the parcel sent in with its case."""
    waiting = [one for one in owned if one[1].state == "open" and one[1].plan.kind in SENT_BACK]
    if not waiting:
        say_case(dispatcher, services(), *owned[0], turn.language)
        return []
    order, case = waiting[0]
    parcel = turn.slot("case_note") or parcel_number(turn.words)
    words = case_words(services(), order, case, turn.language)
    if parcel is None:
        dispatcher.utter_message(response="utter_case_which_parcel", **words)
        return []
    note = f"{label('notes', 'sent_in', turn.language)}: {parcel}"
    await asyncio.to_thread(services().changes.note_sent, order.number, case.number, note, turn.conversation)
    dispatcher.utter_message(response="utter_case_sent", parcel=parcel, **words)
    return []


def _withdraw(dispatcher: CollectingDispatcher, turn: Turn, owned: list[Owned]) -> list[EventType]:
    """Ask whether a case is really to be taken back; where it cannot be, say that it stands."""
    shop = services()
    # The one that he was asked about already, where he had to show once more who he is.
    owned = [one for one in owned if one[1].number == turn.slot("withdraw_case")] or owned
    possible = [one for one in owned if may_be_withdrawn(one[1], shop.policy)]
    if possible:
        order, case = possible[0]
        number = [SlotSet("order_number", order.number), SlotSet("withdraw_case", case.number)]
        return [*number, FollowupAction("withdraw_form")]
    order, case = owned[0]
    say_case(dispatcher, shop, order, case, turn.language)
    if case.state != "open":
        return []
    dispatcher.utter_message(response="utter_case_stands", case=case.number)
    return Offer("handover", "return", order.number).events()
