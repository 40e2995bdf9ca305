"""Whose order is it? Proof is the order's number together with a contact that was given when it was ordered.

An unknown number, another customer's number and a wrong contact are one and the same outcome, reached by the same
statements, so that nobody learns which orders exist. Failures are counted for the order and for the conversation, in
the transaction that checks: guessing from many conversations at once, or at many orders from one, ends alike.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from kefu.database import Database
from kefu.protocols import Clock
from kefu.settings import OrderSettings
from kefu.shop import tables
from kefu.shop.store import order_number

ATTEMPT_WINDOW = timedelta(hours=24)  # failures older than this are forgotten
PHONE_TAIL = 4

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
# Compared with when there is no such order, so that this costs what a real comparison costs.
_NOBODY = {"customer_id": "", "phone": "\0" * 11, "email": "\0" * 24}


class Outcome(Enum):
    """What came of a check."""

    PROVEN = "proven"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"  # too many failures: no contact counts any more, a person has to help


@dataclass(frozen=True)
class Contact:
    """What a customer named as his: the last four digits of the phone, all of them, or the e-mail."""

    kind: Literal["phone_tail", "phone", "email"]
    value: str


class IdentityDesk:
    """Checks who a customer is, remembers it for a while and counts what failed."""

    def __init__(self, database: Database, clock: Clock, settings: OrderSettings) -> None:
        self._database = database
        self._clock = clock
        self._max_attempts = settings.max_attempts
        self._proof_lifetime = timedelta(minutes=settings.proof_minutes)

    def check(self, reference: str, contact: Contact, conversation: str) -> Outcome:
        """Compare a contact with that of an order, given by its number or a tracking number.

        The failure that uses up the last attempt is EXHAUSTED already; from then on nothing counts as proof.
        """
        now = self._clock()
        with self._database.writing() as connection:
            number = order_number(connection, reference) or reference
            subjects = (("conversation", conversation), ("order", number))
            failures = _lock_counters(connection, subjects, now)
            owner = _owner(connection, number)
            is_owner = _fits(owner, contact) and owner is not _NOBODY
            if max(failures) >= self._max_attempts:
                return Outcome.EXHAUSTED
            if not is_owner:
                _count_failure(connection, subjects)
                return Outcome.EXHAUSTED if max(failures) + 1 >= self._max_attempts else Outcome.REFUSED
            _remember(connection, owner["customer_id"], conversation, now)
            return Outcome.PROVEN

    def is_proven(self, reference: str, conversation: str) -> bool:
        """Say whether the order's customer has shown in this conversation, not too long ago, who he is."""
        with self._database.reading() as connection:
            number = order_number(connection, reference) or reference
            query = (
                sa.select(tables.identity_proofs.c.proven_at)
                .join(tables.orders, tables.orders.c.customer_id == tables.identity_proofs.c.customer_id)
                .where(tables.orders.c.number == number, tables.identity_proofs.c.conversation == conversation)
            )
            proven_at = connection.scalar(query)
        return proven_at is not None and self._clock() - proven_at < self._proof_lifetime


def _lock_counters(connection: Connection, subjects: tuple[tuple[str, str], ...], now: datetime) -> list[int]:
    """Forget old failures, then read those of the subjects, keeping other checks of them waiting."""
    counters = tables.identity_attempts
    connection.execute(sa.delete(counters).where(counters.c.since < now - ATTEMPT_WINDOW))
    insert = _INSERTS[connection.dialect.name]
    failures = []
    for scope, subject in subjects:  # always in the same order: two checks cannot wait for each other
        row = insert(counters).values(scope=scope, subject=subject, failures=0, since=now)
        connection.execute(row.on_conflict_do_nothing())
        query = sa.select(counters.c.failures).where(counters.c.scope == scope, counters.c.subject == subject)
        failures.append(connection.scalar(query.with_for_update()) or 0)
    return failures


def _count_failure(connection: Connection, subjects: tuple[tuple[str, str], ...]) -> None:
    counters = tables.identity_attempts
    for scope, subject in subjects:
        connection.execute(
            sa.update(counters)
            .where(counters.c.scope == scope, counters.c.subject == subject)
            .values(failures=counters.c.failures + 1)
        )


def _owner(connection: Connection, number: str) -> dict[str, str]:
    query = (
        sa.select(tables.orders.c.customer_id, tables.customers.c.phone, tables.customers.c.email)
        .join(tables.customers, tables.customers.c.id == tables.orders.c.customer_id)
        .where(tables.orders.c.number == number)
    )
    row: Row | None = connection.execute(query).first()
    return _NOBODY if row is None else dict(row._mapping)


def _fits(owner: dict[str, str], contact: Contact) -> bool:
    known = {
        "phone_tail": owner["phone"][-PHONE_TAIL:],
        "phone": owner["phone"],
        "email": owner["email"].lower(),
    }[contact.kind]
    return hmac.compare_digest(known.encode(), contact.value.lower().encode())


def _remember(connection: Connection, customer_id: str, conversation: str, now: datetime) -> None:
    row = _INSERTS[connection.dialect.name](tables.identity_proofs).values(
        customer_id=customer_id, conversation=conversation, proven_at=now
    )
    connection.execute(
        row.on_conflict_do_update(index_elements=["customer_id", "conversation"], set_={"proven_at": now})
    )
