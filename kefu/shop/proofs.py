"""The rows behind proof of identity: who has shown in which conversation who he is, and which attempts failed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from kefu.settings import OrderSettings
from kefu.shop import tables

ATTEMPT_WINDOW = timedelta(hours=24)  # failures older than this are forgotten
Subject = tuple[str, str]
"""What failures are counted for: a scope, and a name within it."""

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def expiry(settings: OrderSettings, now: datetime) -> datetime:
    """Give the moment after which a proof must have been given to count still."""
    return now - timedelta(minutes=settings.proof_minutes)


def is_proven(connection: Connection, number: str, conversation: str, expired: datetime) -> bool:
    """Say whether the customer of an order has shown in this conversation, after ``expired``, who he is."""
    proofs = tables.identity_proofs.c
    query = (
        sa.select(proofs.proven_at)
        .join(tables.orders, tables.orders.c.customer_id == proofs.customer_id)
        .where(tables.orders.c.number == number, proofs.conversation == conversation, proofs.proven_at > expired)
    )
    return connection.scalar(query) is not None


def proven_customers(connection: Connection, conversation: str, expired: datetime) -> list[str]:
    """Name the customers who have shown in this conversation, after ``expired``, who they are; the last one first."""
    proofs = tables.identity_proofs.c
    query = (
        sa.select(proofs.customer_id)
        .where(proofs.conversation == conversation, proofs.proven_at > expired)
        .order_by(proofs.proven_at.desc(), proofs.customer_id)
    )
    return list(connection.execute(query).scalars())


def remember_proof(connection: Connection, customer_id: str, conversation: str, now: datetime) -> None:
    """Write down that a customer has shown who he is, or renew it."""
    row = _INSERTS[connection.dialect.name](tables.identity_proofs).values(
        customer_id=customer_id, conversation=conversation, proven_at=now
    )
    connection.execute(
        row.on_conflict_do_update(index_elements=["customer_id", "conversation"], set_={"proven_at": now})
    )


def lock_failures(connection: Connection, subjects: tuple[Subject, ...], now: datetime) -> list[int]:
    """Forget old failures, then read those of the subjects, keeping other checks of them waiting."""
    counters = tables.identity_attempts
    insert = _INSERTS[connection.dialect.name]
    old = counters.c.since < now - ATTEMPT_WINDOW
    failures = []
    for scope, subject in subjects:  # always in the same order: two checks cannot wait for each other
        row = insert(counters).values(scope=scope, subject=subject, failures=0, since=now)
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["scope", "subject"], set_={"failures": 0, "since": now}, where=old
            )
        )
        query = sa.select(counters.c.failures).where(counters.c.scope == scope, counters.c.subject == subject)
        failures.append(connection.scalar(query.with_for_update()) or 0)
    _forget(connection, old)
    return failures


def _forget(connection: Connection, old: ColumnElement) -> None:
    """Delete old counters, but for those that another check holds: with its own locked, this one must not wait."""
    counters = tables.identity_attempts
    key = (counters.c.scope, counters.c.subject)
    free = sa.select(*key).where(old).with_for_update(skip_locked=True)
    connection.execute(sa.delete(counters).where(sa.tuple_(*key).in_(free)))


def count_failure(connection: Connection, subjects: tuple[Subject, ...]) -> None:
    """Add one failure to each of the subjects."""
    counters = tables.identity_attempts
    for scope, subject in subjects:
        connection.execute(
            sa.update(counters)
            .where(counters.c.scope == scope, counters.c.subject == subject)
            .values(failures=counters.c.failures + 1)
        )
