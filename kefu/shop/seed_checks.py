"""What must hold of demo orders, so that a slip in the file is found when it is read and not by a customer."""

from collections import Counter
from collections.abc import Iterable, Sequence

from kefu.errors import DataError
from kefu.shop.amounts import REFUNDING
from kefu.shop.case_rows import NewCase
from kefu.shop.orders import Order


def check_order(order: Order, where: str) -> None:
    """Refuse an order that contradicts itself.

    :raises DataError: naming the order and what is wrong with it.
    """
    if not order.items:
        raise DataError(f"`{where}` has no items.")
    for item in order.items:
        if item.quantity < 1:
            raise DataError(f"`{where}`: there must be at least one piece of item {item.position}.")
    _check_state(order, where)
    _check_money(order, where)
    _check_parcels(order, where)


def check_cases(order: Order, cases: Sequence[NewCase], where: str) -> None:
    """Refuse cases that do not fit their order, or that together take more from it than is in it.

    :raises DataError: naming the order and what is wrong with its cases.
    """
    for case in cases:
        _check_case(order, case, where)
    # Goods that were exchanged or repaired are with the customer again: another case may hold them.
    held = [
        case.plan for case in cases if case.state == "open" or (case.state == "done" and case.plan.kind in REFUNDING)
    ]
    pieces = Counter[int]()
    refunded = Counter[str]()
    for plan in held:
        pieces.update({line.position: line.quantity for line in plan.lines})
        for share in plan.refund:
            refunded[share.method] += share.cents
    for item in order.items:
        if pieces[item.position] > item.quantity:
            raise DataError(f"`{where}`: cases hold more of item {item.position} than the {item.quantity} bought.")
    paid = Counter[str]({payment.method: payment.cents for payment in order.payments})
    for method, amount in refunded.items():
        if amount > paid[method]:
            raise DataError(f"`{where}`: cases refund more by {method} than was paid by it.")


def check_unique(kind: str, values: Iterable[object]) -> None:
    """Refuse what stands there twice.

    :raises DataError: naming the kind and the value.
    """
    for value, times in Counter(values).items():
        if times > 1:
            raise DataError(f"The {kind} {value} stands there twice.")


def _check_case(order: Order, case: NewCase, where: str) -> None:
    plan = case.plan
    positions = [line.position for line in plan.lines]
    check_unique(f"position of a case of {where},", positions)
    if not positions or not set(positions) <= {item.position for item in order.items}:
        raise DataError(f"`{where}`: a case must name positions of the order's items, one at least.")
    if any(line.quantity < 1 for line in plan.lines):
        raise DataError(f"`{where}`: a case needs at least one piece of each item that it names.")
    if case.created < order.created:
        raise DataError(f"`{where}`: a case cannot be older than its order.")
    if plan.delivery_cents > min(order.delivery_cents, plan.refund_cents):
        raise DataError(f"`{where}`: a case gives back more for delivery than was paid for it, or than is refunded.")
    if plan.kind == "cancellation" and order.state != "cancelled":
        raise DataError(f"`{where}` has a case of cancellation; its state must be cancelled, not {order.state}.")


def _check_state(order: Order, where: str) -> None:
    if order.state != "cancelled" and (order.paid is None) != (order.state == "unpaid"):
        raise DataError(f"`{where}.paid` does not fit its state, which is {order.state}.")
    if (order.state == "cancelled") != (order.cancelled is not None):
        raise DataError(f"`{where}.cancelled` must be given exactly when its state is cancelled; it is {order.state}.")


def _check_money(order: Order, where: str) -> None:
    items = sum(item.price_cents * item.quantity for item in order.items)
    if order.discount_cents > items:
        raise DataError(f"`{where}.discount` is more than its items cost.")
    check_unique(f"payment method of {where},", [payment.method for payment in order.payments])
    paid = sum(payment.cents for payment in order.payments)
    due = order.total_cents if order.paid else 0
    if paid != due:
        raise DataError(f"`{where}.payments` must sum up to {due / 100:.2f} yuan; they are {paid / 100:.2f}.")
    if any(payment.cents == 0 for payment in order.payments):
        raise DataError(f"`{where}.payments`: leave out what paid nothing.")


def _check_parcels(order: Order, where: str) -> None:
    if (order.state == "shipped") != bool(order.parcels):
        raise DataError(f"`{where}` must have parcels exactly when its state is shipped; it is {order.state}.")
    positions: set[int | None] = {parcel.position for parcel in order.parcels}
    if {item.parcel for item in order.items} != (positions or {None}):
        raise DataError(f"`{where}`: every item must name the parcel it is in, and no parcel may be empty.")
    for parcel in order.parcels:
        times = [event.at for event in parcel.events]
        if not times or times != sorted(times):
            raise DataError(f"`{where}`: the events of parcel {parcel.position} must be in the order of time.")
