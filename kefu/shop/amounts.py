"""What is given back, in cents: each piece's price less its share of the discount, split over the ways it was paid.

The shares are fixed by the order alone. Whatever is returned, in whichever order, together it comes to what was paid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kefu.errors import DataError
from kefu.shop.cases import HOLDING, Case, CaseKind, Line, Share
from kefu.shop.orders import Order, PaymentMethod
from kefu.shop.pieces import count_pieces

REFUNDING: frozenset[CaseKind] = frozenset({"return", "refund_only", "cancellation", "interception"})


@dataclass(frozen=True)
class Refund:
    """An amount by the ways it goes back, none of them empty; ``delivery_cents`` of it is delivery given back."""

    shares: tuple[Share, ...] = ()
    delivery_cents: int = 0


def paid_for_pieces(order: Order) -> Mapping[int, tuple[int, ...]]:
    """Give what each piece cost in the end, by the position of its item, in the order in which pieces are given back.

    The discount is shared by price over all pieces to the cent: rounded down first, then a cent more for those that
    lost most by it, and of equals for the first.

    :raises DataError: if a price is below zero, or the discount below zero or more than the goods cost.
    """
    items = sorted(order.items, key=lambda item: item.position)
    pieces = [(item.position, item.price_cents) for item in items for _ in range(item.quantity)]
    goods, discount = sum(price for _, price in pieces), order.discount_cents
    if any(price < 0 for _, price in pieces) or not 0 <= discount <= goods:
        raise DataError(
            f"Order {order.number}: no price may be below 0, and the discount must lie between 0 and what the goods "
            f"cost ({goods} cents); it is {discount} cents."
        )
    shares = [discount * price // goods if goods else 0 for _, price in pieces]
    lost = [-(discount * price % goods) if goods else 0 for _, price in pieces]
    for index in sorted(range(len(pieces)), key=lost.__getitem__)[: discount - sum(shares)]:
        shares[index] += 1
    paid: dict[int, list[int]] = {item.position: [] for item in items}
    for (position, price), share in zip(pieces, shares, strict=True):
        paid[position].append(price - share)
    return {position: tuple(cents) for position, cents in paid.items()}


def refunding(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Give the cases that refund something, or already have."""
    return tuple(case for case in cases if case.state in HOLDING and case.plan.kind in REFUNDING)


def completes_order(order: Order, cases: Iterable[Case], lines: Iterable[Line]) -> bool:
    """Say whether with these lines every piece of the order has been given back."""
    refunded = count_pieces(line for case in refunding(cases) for line in case.plan.lines) + count_pieces(lines)
    return all(refunded[item.position] >= item.quantity for item in order.items)


def refund_pieces(order: Order, cases: Iterable[Case], lines: Iterable[Line], *, delivery: bool) -> Refund:
    """Work out what is given back for pieces, of each item those that come next after the ones given back already.

    :param delivery: whether the delivery fee is given back too, as far as it has not been.
    :raises DataError: if the order's amounts contradict each other.
    """
    earlier = refunding(cases)
    worth = paid_for_pieces(order)
    before = count_pieces(line for case in earlier for line in case.plan.lines)
    goods = sum(sum(worth[line.position][before[line.position] :][: line.quantity]) for line in lines)
    # A case that was withdrawn leaves a gap among the pieces, so that a later one may have got some cents more than
    # the pieces before this one are worth. They are not paid twice.
    rightful = sum(sum(worth.get(position, ())[:count]) for position, count in before.items())
    received = sum(case.plan.refund_cents - case.plan.delivery_cents for case in earlier)
    goods = max(0, goods - max(0, received - rightful))
    return _refund(order, earlier, goods, _delivery_left(order, earlier) if delivery else 0)


def refund_rest(order: Order, cases: Iterable[Case], *, delivery: bool) -> Refund:
    """Work out what is given back when nothing of the order is delivered: all that was paid and is not refunded yet.

    :param delivery: whether the delivery fee is given back too.
    :raises DataError: if the order's amounts contradict each other.
    """
    earlier = refunding(cases)
    rest = max(0, order.total_cents - sum(case.plan.refund_cents for case in earlier))
    fee = min(rest, _delivery_left(order, earlier))
    return _refund(order, earlier, rest - fee, fee if delivery else 0)


def split(cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount in proportion to weights, in whole cents that sum up to it.

    Each weight in turn takes its rounded part of what is left. Of a larger amount no part is smaller, and no part of
    an amount up to the sum of the weights is larger than its weight: both hold for a single step, where the part
    taken and the amount left each grow by 0 or 1 with every cent, and end at the weight and at the other weights.
    """
    parts = []
    total = sum(weights)
    for weight in weights:
        part = (2 * cents * weight + total) // (2 * total) if total else 0
        parts.append(part)
        cents, total = cents - part, total - weight
    return tuple(parts)


def _refund(order: Order, earlier: Sequence[Case], goods: int, delivery: int) -> Refund:
    paid_for_pieces(order)  # checks the amounts
    paid = Counter[PaymentMethod]()
    for payment in order.payments:
        paid[payment.method] += payment.cents
    if sum(paid.values()) != order.total_cents or min(paid.values(), default=0) < 0:
        raise DataError(
            f"Order {order.number}: its payments must sum up to its total of {order.total_cents} cents, none of them "
            f"below 0; they sum up to {sum(paid.values())} cents."
        )
    given = Counter[PaymentMethod]()
    for share in (share for case in earlier for share in case.plan.refund):
        given[share.method] += share.cents
    left = max(0, sum(paid.values()) - sum(given.values()))
    goods = min(goods, left)
    delivery = min(delivery, left - goods)
    parts = _by_method(goods + delivery, paid, given)
    return Refund(tuple(Share(method, cents) for method, cents in parts.items() if cents), delivery)


def _by_method(
    cents: int, paid: Mapping[PaymentMethod, int], given: Mapping[PaymentMethod, int]
) -> dict[PaymentMethod, int]:
    """Split a refund so that all refunds together are in proportion to what was paid each way."""
    known = [given.get(method, 0) for method in paid]
    aims = split(sum(known) + cents, list(paid.values()))
    parts = [aim - back for aim, back in zip(aims, known, strict=True)]
    if min(parts, default=0) < 0:
        # Earlier refunds were not in proportion: one was withdrawn, or paid out by hand.
        parts = list(split(cents, [max(0, paid[method] - back) for method, back in zip(paid, known, strict=True)]))
    return dict(zip(paid, parts, strict=True))


def _delivery_left(order: Order, earlier: Iterable[Case]) -> int:
    return max(0, order.delivery_cents - sum(case.plan.delivery_cents for case in earlier))
