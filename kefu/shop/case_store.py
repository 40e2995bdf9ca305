"""Cases in the database: what the rules look at in one view, and the one place that files what was confirmed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kefu.database import Database
from kefu.protocols import Clock
from kefu.serials import write_numbered
from kefu.settings import OrderSettings
from kefu.shop import proofs, tables
from kefu.shop.case_rows import NewCase, find_case, insert_case, read_cases
from kefu.shop.cases import Case, Plan
from kefu.shop.matter import Matter, Refusal
from kefu.shop.order_rows import lock_order, order_number, read_customer, read_orders
from kefu.shop.policy import Policy


@dataclass(frozen=True)
class Filing:
    """A plan that the customer confirmed, to be written once.

    ``key`` is the idempotency key: it counts within the conversation. ``again`` works the plan out anew from how the
    order stands when it is written; it must be a pure function, for it may run more than once.
    """

    conversation: str
    key: str
    plan: Plan
    pickup: str | None
    again: Callable[[Matter], Plan | Refusal]


@dataclass(frozen=True)
class Changed:
    """The order is no longer what the customer confirmed; ``outcome`` is what the rules say now."""

    outcome: Plan | Refusal


@dataclass(frozen=True)
class Unproven:
    """The conversation has not proven, or not lately, that the order is its customer's."""


class CaseStore:
    """Reads and files cases. They are numbered by day in the policy's time zone."""

    def __init__(self, database: Database, clock: Clock, policy: Policy, settings: OrderSettings) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._settings = settings

    def matter(self, reference: str) -> Matter | None:
        """Read all that the rules look at, of an order given by its number or a tracking number."""
        with self._database.reading() as connection:
            number = order_number(connection, reference)
            return None if number is None else self._matter(connection, number, self._clock())

    def of_order(self, reference: str) -> tuple[Case, ...]:
        """Read the cases of an order, oldest first."""
        with self._database.reading() as connection:
            number = order_number(connection, reference)
            return () if number is None else read_cases(connection, number)

    def filed(self, conversation: str, key: str) -> Case | None:
        """Read what was filed under an idempotency key of a conversation."""
        with self._database.reading() as connection:
            return find_case(connection, conversation, key)

    def file(self, filing: Filing) -> Case | Changed | Unproven:
        """Write a case, if the conversation is its customer's and the plan is still what the rules say.

        All of it is written or nothing. The same filing gives the same case, however often it comes and whatever has
        become of the order since. The last day to send goods back may have moved over midnight: that day is written
        as it is now, and is no change.

        :raises StoreError: if the database cannot be used.
        """
        return write_numbered(self._database, lambda connection: self._file(connection, filing))

    def _file(self, connection: Connection, filing: Filing) -> Case | Changed | Unproven:
        number = filing.plan.order_number
        # First of all: of two equal filings at once, the second waits here and then finds the first one's case.
        is_there = lock_order(connection, number)
        present = find_case(connection, filing.conversation, filing.key)
        if present is not None:
            return present
        now = self._clock()
        expired = proofs.expiry(self._settings, now)
        if not is_there or not proofs.is_proven(connection, number, filing.conversation, expired):
            return Unproven()
        outcome = filing.again(self._matter(connection, number, now))
        if not isinstance(outcome, Plan) or not _is_same(outcome, filing.plan):
            return Changed(outcome)
        new = NewCase(outcome, "open", now, filing.conversation, filing.key, filing.pickup)
        if outcome.kind == "cancellation":
            _cancel(connection, number, now)
        return insert_case(connection, new, self._policy.timezone)

    def _matter(self, connection: Connection, number: str, now: datetime) -> Matter:
        (order,) = read_orders(connection, [number])
        customer = read_customer(connection, number)
        assert customer is not None  # an order cannot be without one: the database holds it
        return Matter(order, read_cases(connection, number), customer.level, now, self._policy)


def _is_same(now: Plan, confirmed: Plan) -> bool:
    if (now.send_by is None) != (confirmed.send_by is None):
        return False
    return replace(now, send_by=confirmed.send_by) == confirmed


def _cancel(connection: Connection, number: str, now: datetime) -> None:
    cancelling = sa.update(tables.orders).where(tables.orders.c.number == number)
    connection.execute(cancelling.values(state="cancelled", cancelled=now))
