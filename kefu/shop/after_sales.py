"""What may be done for an order, by the shop's policy: pure functions, no model, no database.

Every answer names the rule that fired. Wording has no part in it: the functions take positions, names of reasons and
times, never a customer's words.
"""

from collections.abc import Iterable
from datetime import timedelta

from kefu.shop.amounts import Refund, completes_order, refund_pieces, refund_rest, refunding
from kefu.shop.cases import Line, Plan, Remedy
from kefu.shop.matter import Instead, Matter, Refusal, Remedies, Stage
from kefu.shop.offers import SENT_BACK, offer
from kefu.shop.orders import Item
from kefu.shop.pieces import choose, has_arrived, open_lines, stage

__all__ = [
    "RULES",
    "Instead",
    "Matter",
    "Refusal",
    "Remedies",
    "Stage",
    "open_lines",
    "plan_cancellation",
    "plan_interception",
    "plan_remedy",
    "remedies",
    "stage",
]

# Every rule that a plan, an offer or a refusal can name: those that allow something, then those that refuse it.
RULES: tuple[str, ...] = (
    *("no_reason_window", "defect_window", "warranty"),
    *("cancel_unpaid", "cancel_before_shipping", "intercept_underway"),
    *("not_paid", "not_shipped", "already_cancelled", "already_shipped", "already_delivered"),
    *("underway", "mixed_parcels", "whole_parcel", "too_many", "already_in_case"),
    *("never_returnable", "excluded_at_checkout", "condition", "not_perishable"),
    *("no_reason_window_over", "defect_window_over", "warranty_over", "remedy_not_offered"),
)

_REFUNDED: frozenset[Remedy] = frozenset({"return", "refund_only"})


def remedies(
    matter: Matter, lines: tuple[Line, ...], reason: str, condition: frozenset[str] = frozenset()
) -> Remedies | Refusal:
    """Say what may be chosen for goods that have arrived.

    :param condition: what the customer said of their state (names of ``policy.condition``, such as ``tags_cut``).
    :raises KeyError: if the policy has no such reason.
    """
    arrived = _arrived_lines(matter, lines)
    if isinstance(arrived, Refusal):
        return arrived
    return offer(matter, [matter.order.item(line.position) for line in arrived], reason, condition)


def plan_remedy(
    matter: Matter,
    lines: tuple[Line, ...],
    reason: str,
    remedy: Remedy,
    condition: frozenset[str] = frozenset(),
) -> Plan | Refusal:
    """Work out a return, an exchange, a resend, a refund only or a repair.

    :raises KeyError: if the policy has no such reason.
    :raises DataError: if the order's amounts contradict each other.
    """
    offered = remedies(matter, lines, reason, condition)
    if isinstance(offered, Refusal):
        return offered
    if remedy not in offered.kinds:
        return Refusal("remedy_not_offered", facts={"kinds": offered.kinds})
    chosen = choose(matter, lines)
    assert not isinstance(chosen, Refusal)  # or there would be no offer
    refund = Refund()
    if remedy in _REFUNDED:
        delivery = _gives_delivery_back(matter, chosen, reason)
        refund = refund_pieces(matter.order, matter.cases, chosen, delivery=delivery)
    return Plan(
        kind=remedy,
        order_number=matter.order.number,
        lines=chosen,
        reason=reason,
        rule=offered.rule,
        postage=offered.postage if remedy in SENT_BACK else "none",
        refund=refund.shares,
        delivery_cents=refund.delivery_cents,
        send_by=matter.today + timedelta(days=matter.policy.send_back_days) if remedy in SENT_BACK else None,
    )


def plan_cancellation(matter: Matter) -> Plan | Refusal:
    """Work out the cancellation of a whole order that has not left.

    :raises DataError: if the order's amounts contradict each other.
    """
    order, reached = matter.order, stage(matter)
    if reached == "cancelled":
        return Refusal("already_cancelled")
    held = _all_held(matter)
    if held is not None:
        return held
    if reached == "underway":
        return Refusal("already_shipped", ("intercept",))
    if reached in ("delivered", "mixed"):
        return Refusal("already_delivered", ("return",))
    refund = Refund()
    if reached == "not_shipped":
        refund = refund_rest(order, matter.cases, delivery="cancellation" in matter.policy.delivery_refunded)
    return Plan(
        kind="cancellation",
        order_number=order.number,
        lines=tuple(Line(item.position, item.quantity) for item in _by_position(order.items)),
        reason=None,
        rule="cancel_unpaid" if reached == "unpaid" else "cancel_before_shipping",
        postage="none",
        refund=refund.shares,
        delivery_cents=refund.delivery_cents,
    )


def plan_interception(matter: Matter, lines: tuple[Line, ...] | None = None) -> Plan | Refusal:
    """Work out that parcels on their way are stopped, or refused at the door, and refunded once they are back.

    :param lines: all the pieces of those parcels; None: of all parcels still on their way.
    :raises DataError: if the order's amounts contradict each other.
    """
    order = matter.order
    refusal = _not_sent(matter)
    if refusal is not None:
        return refusal
    if stage(matter, lines) == "delivered":
        return Refusal("already_delivered", ("return",))
    chosen = choose(matter, _underway(matter) if lines is None else lines)
    if isinstance(chosen, Refusal):
        return chosen
    if stage(matter, chosen) == "mixed":
        return _mixed_parcels(matter, chosen)
    parcels = {order.item(line.position).parcel for line in chosen}
    travelling = [item for item in _by_position(order.items) if item.parcel in parcels]
    if chosen != tuple(Line(item.position, item.quantity) for item in travelling):
        return Refusal("whole_parcel", ("choose_items",), {"positions": tuple(item.position for item in travelling)})
    return Plan(
        kind="interception",
        order_number=order.number,
        lines=chosen,
        reason=None,
        rule="intercept_underway",
        postage="customer",
        refund=refund_pieces(order, matter.cases, chosen, delivery=False).shares,
    )


def _arrived_lines(matter: Matter, lines: tuple[Line, ...]) -> tuple[Line, ...] | Refusal:
    refusal = _not_sent(matter)
    if refusal is not None:
        return refusal
    chosen = choose(matter, lines)
    if isinstance(chosen, Refusal):
        return chosen
    reached = stage(matter, chosen)
    if reached == "underway":
        return Refusal("underway", ("intercept",))
    return _mixed_parcels(matter, chosen) if reached == "mixed" else chosen


def _not_sent(matter: Matter) -> Refusal | None:
    reached = stage(matter)
    if reached == "cancelled":
        return Refusal("already_cancelled")
    if reached not in ("unpaid", "not_shipped"):
        return None
    # Where the cancellation has been filed, it is not suggested once more.
    return _all_held(matter) or Refusal("not_paid" if reached == "unpaid" else "not_shipped", ("cancel",))


def _all_held(matter: Matter) -> Refusal | None:
    """Refuse if cases hold every piece of the order."""
    outcome = choose(matter, open_lines(matter))
    return outcome if isinstance(outcome, Refusal) else None


def _mixed_parcels(matter: Matter, lines: tuple[Line, ...]) -> Refusal:
    order = matter.order
    arrived = tuple(line.position for line in lines if has_arrived(order, order.item(line.position)))
    return Refusal("mixed_parcels", ("choose_items",), {"positions": arrived})


def _underway(matter: Matter) -> tuple[Line, ...]:
    """Give the pieces on their way: those that no case holds, or all if cases hold every one."""
    order = matter.order
    moving = tuple(Line(item.position, item.quantity) for item in order.items if not has_arrived(order, item))
    positions = {line.position for line in moving}
    return tuple(line for line in open_lines(matter) if line.position in positions) or moving


def _gives_delivery_back(matter: Matter, lines: tuple[Line, ...], reason: str) -> bool:
    """Say whether all of the order has now been given back, and every time because of a fault of the shop.

    That every case counts, not this one alone, keeps the sum the same in whichever order the cases come.
    """
    reasons = [case.plan.reason for case in refunding(matter.cases)] + [reason]
    rules = [matter.policy.reasons.get(name or "") for name in reasons]
    at_fault = all(rule is not None and rule.postage == "shop" for rule in rules)
    is_promised = "shop_fault_whole_order" in matter.policy.delivery_refunded
    return is_promised and at_fault and completes_order(matter.order, matter.cases, lines)


def _by_position(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.position)
