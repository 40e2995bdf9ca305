"""What happens to an order after it was placed, as plain values: what is planned, and what has been filed.

Money is in cents (fen). A *plan* is everything that a summary says and the store writes; a *case* is a plan that the
customer confirmed, with its number (of a return: the RMA).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from kefu.shop.orders import PaymentMethod

Remedy = Literal["return", "exchange", "resend", "refund_only", "repair"]
CaseKind = Literal["return", "exchange", "resend", "refund_only", "repair", "cancellation", "interception"]
CaseState = Literal["open", "done", "rejected", "withdrawn"]
Postage = Literal["shop", "customer", "none"]  # who pays for sending the goods back; none: nothing comes back

REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
CASE_KINDS: tuple[CaseKind, ...] = get_args(CaseKind)
CASE_STATES: tuple[CaseState, ...] = get_args(CaseState)
# A case in one of these states holds its pieces (a done exchange, resend or repair gives them back).
HOLDING: frozenset[CaseState] = frozenset({"open", "done"})


@dataclass(frozen=True)
class Line:
    """So many pieces of the item at a position of the order (both from 1)."""

    position: int
    quantity: int


@dataclass(frozen=True)
class Share:
    """The part of a refund that goes back the way it was paid."""

    method: PaymentMethod
    cents: int


@dataclass(frozen=True)
class Plan:
    """What would be done for an order.

    ``rule`` names the rule of the policy that allows it. ``refund`` is estimated until the goods were inspected; it is
    empty where nothing was paid or nothing is refunded. ``delivery_cents`` of it is delivery given back. ``send_by``
    is the last day to hand the goods over, None where none come back.
    """

    kind: CaseKind
    order_number: str
    lines: tuple[Line, ...]
    reason: str | None
    rule: str
    postage: Postage
    refund: tuple[Share, ...] = ()
    delivery_cents: int = 0
    send_by: date | None = None

    @property
    def refund_cents(self) -> int:
        """All that is refunded."""
        return sum(share.cents for share in self.refund)


@dataclass(frozen=True)
class Case:
    """A plan that was confirmed. ``pickup`` holds what the customer added in his own words.

    That is which other one he wants in exchange, and how and where the goods should be collected.
    """

    number: str
    plan: Plan
    state: CaseState
    created: datetime
    pickup: str | None = None
