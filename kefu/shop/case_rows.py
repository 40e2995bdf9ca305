"""Cases as rows of the tables, both ways; for stores that hold a transaction open."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from kefu.serials import format_number, next_serial
from kefu.shop import tables
from kefu.shop.cases import Case, CaseState, Line, Plan, Share

_LETTER = "R"


@dataclass(frozen=True)
class NewCase:
    """A case that has no number yet. ``key`` is its idempotency key within the conversation."""

    plan: Plan
    state: CaseState
    created: datetime
    conversation: str
    key: str
    pickup: str | None = None


def insert_case(connection: Connection, new: NewCase, zone: ZoneInfo) -> Case:
    """Write a case under the next number of its day in that time zone.

    :raises IntegrityError: if another process took the number first, or the conversation has such a key already.
    """
    day = new.created.astimezone(zone).date()
    serial = next_serial(connection, tables.cases, day)
    place: dict[str, object] = {"day": day, "serial": serial}
    connection.execute(sa.insert(tables.cases).values(**place, **_columns(new)))
    for line in new.plan.lines:
        values = {**place, "position": line.position, "quantity": line.quantity}
        connection.execute(sa.insert(tables.case_lines).values(**values))
    for position, share in enumerate(new.plan.refund, start=1):
        values = {**place, "position": position, "method": share.method, "cents": share.cents}
        connection.execute(sa.insert(tables.case_refunds).values(**values))
    return Case(format_number(_LETTER, day, serial), new.plan, new.state, new.created, new.pickup)


def find_case(connection: Connection, conversation: str, key: str) -> Case | None:
    """Read the case that a conversation filed under a key."""
    found = _read(
        connection, sa.and_(tables.cases.c.conversation == conversation, tables.cases.c.idempotency_key == key)
    )
    return found[0] if found else None


def read_cases(connection: Connection, order_number: str) -> tuple[Case, ...]:
    """Read all cases of an order, oldest first."""
    return _read(connection, tables.cases.c.order_number == order_number)


def _read(connection: Connection, which: ColumnElement) -> tuple[Case, ...]:
    query = sa.select(tables.cases).where(which).order_by(tables.cases.c.day, tables.cases.c.serial)
    return tuple(_case(connection, row) for row in connection.execute(query).all())


def _case(connection: Connection, row: Row) -> Case:
    lines = _parts(connection, tables.case_lines, row.day, row.serial)
    shares = _parts(connection, tables.case_refunds, row.day, row.serial)
    plan = Plan(
        kind=row.kind,
        order_number=row.order_number,
        lines=tuple(Line(line.position, line.quantity) for line in lines),
        reason=row.reason,
        rule=row.rule,
        postage=row.postage,
        refund=tuple(Share(share.method, share.cents) for share in shares),
        delivery_cents=row.delivery_cents,
        send_by=row.send_by,
    )
    return Case(format_number(_LETTER, row.day, row.serial), plan, row.state, row.created, row.pickup)


def _parts(connection: Connection, table: sa.Table, day: date, serial: int) -> list[Row]:
    query = sa.select(table).where(table.c.day == day, table.c.serial == serial).order_by(table.c.position)
    return connection.execute(query).all()


def _columns(new: NewCase) -> dict[str, object]:
    plan = new.plan
    return {
        "order_number": plan.order_number,
        "kind": plan.kind,
        "reason": plan.reason,
        "rule": plan.rule,
        "postage": plan.postage,
        "delivery_cents": plan.delivery_cents,
        "send_by": plan.send_by,
        "pickup": new.pickup,
        "state": new.state,
        "created": new.created,
        "conversation": new.conversation,
        "idempotency_key": new.key,
    }
