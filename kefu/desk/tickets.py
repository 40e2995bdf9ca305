"""Tickets: what a person at the desk has to take up, with the conversation so far."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kefu.database import Database, Moment
from kefu.protocols import Clock
from kefu.serials import format_number, next_serial, parse_number, write_numbered
from kefu.text import Language

PART = "desk"
VERSION = 2
_LETTER = "T"

Reason = Literal["human", "no_answer", "return", "exchange", "cancel", "identity", "parcel", "feedback", "trouble"]
REASONS: tuple[Reason, ...] = get_args(Reason)

_metadata = sa.MetaData()
_tickets = sa.Table(
    "tickets",
    _metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("order_number", sa.String(20)),
    sa.Column("order_proven", sa.Boolean, nullable=False),
    sa.Column("messages", sa.Text, nullable=False),  # JSON: [[speaker, text], …]
    sa.Column("draft", sa.Text, nullable=False),  # JSON: what an open form had gathered
    sa.Column("created", Moment, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
)
# The database itself holds that a conversation has one open ticket at most.
sa.Index(
    "one_open_ticket",
    _tickets.c.conversation,
    unique=True,
    sqlite_where=_tickets.c.status == "open",
    postgresql_where=_tickets.c.status == "open",
)


@dataclass(frozen=True)
class Line:
    """One line of a conversation."""

    speaker: Literal["customer", "assistant"]
    text: str


@dataclass(frozen=True)
class Request:
    """What is handed over.

    ``order_proven`` says whether the customer has shown that the order is his. ``draft`` is what an open form had
    gathered, as plain values: the person goes on where the form was left.
    """

    conversation: str
    language: Language
    reason: Reason
    order_number: str | None = None
    order_proven: bool = False
    messages: tuple[Line, ...] = ()
    draft: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ticket:
    """A request with its number, such as T20261120-0007."""

    number: str
    request: Request
    created: datetime
    is_open: bool


class TicketDesk:
    """Opens and reads tickets. Days are counted in the shop's time zone."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    def prepare(self) -> None:
        """Create the table where it is missing.

        :raises StoreError: if the database cannot be used.
        """
        with self._database.creating(PART, VERSION, _metadata):
            pass

    def open(self, request: Request) -> Ticket:
        """Open a ticket, or bring the conversation's open one up to date: asking twice gives one number.

        :raises StoreError: if the database cannot be used.
        """
        return write_numbered(self._database, lambda connection: self._open(connection, request))

    def of_conversation(self, conversation: str) -> list[Ticket]:
        """Read all tickets of a conversation, oldest first."""
        query = (
            sa.select(_tickets)
            .where(_tickets.c.conversation == conversation)
            .order_by(_tickets.c.day, _tickets.c.serial)
        )
        with self._database.reading() as connection:
            return [_ticket(row) for row in connection.execute(query)]

    def close(self, number: str) -> None:
        """Mark a ticket as done, so that the conversation can open another one."""
        day, serial = parse_number(_LETTER, number)
        closing = sa.update(_tickets).where(_tickets.c.day == day, _tickets.c.serial == serial)
        with self._database.writing() as connection:
            connection.execute(closing.values(status="closed"))

    def _open(self, connection: Connection, request: Request) -> Ticket:
        mine = sa.and_(_tickets.c.conversation == request.conversation, _tickets.c.status == "open")
        present = connection.execute(sa.select(_tickets).where(mine).with_for_update()).first()
        if present is not None:
            connection.execute(sa.update(_tickets).where(mine).values(**_news(present, request)))
            return _ticket(connection.execute(sa.select(_tickets).where(mine)).one())
        now = self._clock()
        day = now.astimezone(self._zone).date()
        serial = next_serial(connection, _tickets, day)
        row = {"day": day, "serial": serial, "created": now, "status": "open", **_columns(request)}
        connection.execute(sa.insert(_tickets).values(**row))
        return Ticket(format_number(_LETTER, day, serial), request, now, is_open=True)


def _news(present: Row, request: Request) -> dict[str, object]:
    """What a second request adds: the newer lines, and the order where it is better known now."""
    news: dict[str, object] = {"messages": _dump(request.messages)}
    if request.order_number and (request.order_proven or not present.order_proven):
        news |= {"order_number": request.order_number, "order_proven": request.order_proven}
    if present.reason == "human":
        news["reason"] = request.reason
    if request.draft:
        news["draft"] = json.dumps(dict(request.draft), ensure_ascii=False)
    return news


def _columns(request: Request) -> dict[str, object]:
    return {
        "conversation": request.conversation,
        "language": request.language,
        "reason": request.reason,
        "order_number": request.order_number,
        "order_proven": request.order_proven,
        "messages": _dump(request.messages),
        "draft": json.dumps(dict(request.draft), ensure_ascii=False),
    }


def _ticket(row: Row) -> Ticket:
    lines = tuple(Line(speaker, text) for speaker, text in json.loads(row.messages))
    draft = json.loads(row.draft)
    request = Request(row.conversation, row.language, row.reason, row.order_number, row.order_proven, lines, draft)
    return Ticket(format_number(_LETTER, row.day, row.serial), request, row.created, row.status == "open")


def _dump(lines: Sequence[Line]) -> str:
    return json.dumps([[line.speaker, line.text] for line in lines], ensure_ascii=False)
