"""Which pieces of an order are where, and which of them a case holds."""

from collections import Counter
from collections.abc import Iterable

from kefu.shop.cases import HOLDING, Case, CaseKind, Line
from kefu.shop.matter import Matter, Refusal, Stage
from kefu.shop.orders import ARRIVED, Item, Order, OrderState

# When one of these is done, the customer has goods in hand again and may ask for something else with them.
_HANDS_BACK: frozenset[CaseKind] = frozenset({"exchange", "resend", "repair"})
_BEFORE_SHIPPING: dict[OrderState, Stage] = {
    "unpaid": "unpaid",
    "cancelled": "cancelled",
    "paid": "not_shipped",
    "picking": "not_shipped",
}


def stage(matter: Matter, lines: tuple[Line, ...] | None = None) -> Stage:
    """Say how far the goods are: all of the order, or those of the lines (as far as the order has them)."""
    order = matter.order
    if order.state in _BEFORE_SHIPPING:
        return _BEFORE_SHIPPING[order.state]
    asked = {line.position for line in lines or ()}
    items = [item for item in order.items if item.position in asked] or order.items
    arrived = {has_arrived(order, item) for item in items}
    if len(arrived) > 1:
        return "mixed"
    return "delivered" if True in arrived else "underway"


def has_arrived(order: Order, item: Item) -> bool:
    """Say whether the parcel that an item travels in was signed for, by the customer or by a locker."""
    return any(parcel.position == item.parcel and parcel.state in ARRIVED for parcel in order.parcels)


def open_lines(matter: Matter) -> tuple[Line, ...]:
    """Give what can still be asked for: all pieces but those that a case holds.

    Pieces that were repaired, exchanged or sent again are with the customer, and so can be asked for once more.
    """
    held = count_pieces(line for case in matter.cases if _holds(case) for line in case.plan.lines)
    left = ((item.position, item.quantity - held[item.position]) for item in matter.order.items)
    return tuple(Line(position, quantity) for position, quantity in sorted(left) if quantity > 0)


def choose(matter: Matter, lines: tuple[Line, ...]) -> tuple[Line, ...] | Refusal:
    """Give the lines asked for by position, each position once; or say which of them cannot be asked for."""
    left = {line.position: line.quantity for line in open_lines(matter)}
    bought = {item.position: item.quantity for item in matter.order.items}
    asked = count_pieces(lines)
    if not asked:
        asked[min(left or bought)] = 0
    for position, quantity in sorted(asked.items()):
        available = left.get(position, 0)
        if 1 <= quantity <= available:
            continue
        facts = {"position": position, "asked": quantity, "left": available}
        case = holding_case(matter, position)
        if case is not None and (1 <= quantity <= bought[position] or not available):
            return Refusal("already_in_case", ("person",), {"case": case.number, **facts})
        return Refusal("too_many", ("choose_items",), facts)
    return tuple(Line(position, quantity) for position, quantity in sorted(asked.items()))


def holding_case(matter: Matter, position: int) -> Case | None:
    """Give the first case that holds pieces of the item at a position of the order, if there is one."""
    if all(item.position != position for item in matter.order.items):
        return None
    cases = (case for case in matter.cases if any(line.position == position for line in case.plan.lines))
    return next(filter(_holds, cases), None)


def count_pieces(lines: Iterable[Line]) -> Counter[int]:
    """Count the pieces of lines by the position of their item."""
    pieces = Counter[int]()
    for line in lines:
        pieces[line.position] += line.quantity
    return pieces


def _holds(case: Case) -> bool:
    return case.state in HOLDING and not (case.state == "done" and case.plan.kind in _HANDS_BACK)
