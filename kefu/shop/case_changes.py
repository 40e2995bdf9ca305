"""What may still become of a case that was filed: it is taken back, or it gets the number of the parcel sent in.

Each is one transaction that checks whose the order is. Both may come twice: the second time nothing changes.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kefu.database import Database
from kefu.protocols import Clock
from kefu.serials import parse_number
from kefu.settings import OrderSettings
from kefu.shop import proofs, tables
from kefu.shop.case_rows import read_cases
from kefu.shop.case_store import Unproven
from kefu.shop.cases import Case
from kefu.shop.order_rows import lock_order
from kefu.shop.policy import Policy

_LETTER = "R"
_MOST_NOTES = 400  # characters kept with a case


@dataclass(frozen=True)
class Stands:
    """The case cannot be taken back: it is of a kind that the policy does not name, or it is open no more."""

    case: Case


class CaseChanges:
    """Changes cases of customers who have shown who they are."""

    def __init__(self, database: Database, policy: Policy, settings: OrderSettings, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._settings = settings
        self._clock = clock

    def withdraw(self, order: str, number: str, conversation: str) -> Case | Stands | Unproven:
        """Take a case back, so that it holds its pieces no more.

        :raises StoreError: if the database cannot be used, or the number is no case's.
        """
        with self._database.writing() as connection:
            case = self._own(connection, order, number, conversation)
            if case is None:
                return Unproven()
            if case.state == "withdrawn":
                return case
            if not may_be_withdrawn(case, self._policy):
                return Stands(case)
            _update(connection, number, state="withdrawn")
            return next(one for one in read_cases(connection, order) if one.number == number)

    def note_sent(self, order: str, number: str, note: str, conversation: str) -> Case | Unproven:
        """Write down with a case what its customer says about the parcel that he has sent.

        :raises StoreError: if the database cannot be used, or the number is no case's.
        """
        with self._database.writing() as connection:
            case = self._own(connection, order, number, conversation)
            if case is None:
                return Unproven()
            if note not in (case.pickup or ""):
                _update(connection, number, pickup="; ".join(filter(None, (case.pickup, note)))[:_MOST_NOTES])
            return next(one for one in read_cases(connection, order) if one.number == number)

    def _own(self, connection: Connection, order: str, number: str, conversation: str) -> Case | None:
        """Give a case of an order, locked, if the conversation has shown that the order is its customer's."""
        is_there = lock_order(connection, order)
        expired = proofs.expiry(self._settings, self._clock())
        if not is_there or not proofs.is_proven(connection, order, conversation, expired):
            return None
        return next((case for case in read_cases(connection, order) if case.number == number), None)


def may_be_withdrawn(case: Case, policy: Policy) -> bool:
    """Say whether the customer may take a case back now."""
    return case.state == "open" and case.plan.kind in policy.withdrawable


def _update(connection: Connection, number: str, **values: object) -> None:
    day, serial = parse_number(_LETTER, number)
    cases = tables.cases
    connection.execute(sa.update(cases).where(cases.c.day == day, cases.c.serial == serial).values(**values))
