"""The web chat's messages, numbered and kept for a while, so that a reconnect loses and repeats none."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from kefu.database import Database, take_turns

Kind = Literal["bot", "user"]
KEPT = 200  # messages of one session
_SWEEP_EVERY = 200  # messages between two looks for sessions that are too old

TABLES = sa.MetaData()
_sessions = sa.Table(
    "webchat_sessions",
    TABLES,
    sa.Column("session", sa.String(255), primary_key=True),
    sa.Column("last_id", sa.Integer, nullable=False),
    sa.Column("acked", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
_messages = sa.Table(
    "webchat_messages",
    TABLES,
    sa.Column("session", sa.String(255), primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("client_id", sa.String(64)),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


@dataclass(frozen=True)
class Kept:
    """One message of a session."""

    id: int
    kind: Kind
    content: dict[str, Any]


class Backlog:
    """Numbers and keeps the messages of each session: the latest 200, for ``keep_hours``; calls block.

    Numbers go on as long as a session lives, also over a restart, so that a client can tell new from old by them.
    """

    def __init__(self, database: Database, keep_hours: float, clock: Callable[[], float] = time.time) -> None:
        """:raises StoreError: if the database cannot be used."""
        self._database = database
        self._keep_seconds = keep_hours * 3600
        self._clock = clock
        self._added = 0
        with database.creating("webchat", 1, TABLES):
            pass

    def add(self, session: str, kind: Kind, content: dict[str, Any], client_id: str | None = None) -> Kept:
        """Number and keep a message."""
        now = self._clock()
        with self._database.writing() as connection:
            take_turns(connection, f"webchat {session}")
            number = self._next_id(connection, session, now)
            content = {**content, "time": round(now, 3)}
            row = {"session": session, "id": number, "kind": kind, "client_id": client_id, "at": now}
            connection.execute(sa.insert(_messages).values({**row, "content": json.dumps(content)}))
            old = (_messages.c.session == session) & (_messages.c.id <= number - KEPT)
            connection.execute(sa.delete(_messages).where(old))
            self._sweep(connection, now)
        return Kept(number, kind, content)

    def known(self, session: str, client_id: str) -> int | None:
        """Give the number of a message that the client has sent before under this id."""
        found = sa.select(_messages.c.id).where(_messages.c.session == session, _messages.c.client_id == client_id)
        with self._database.reading() as connection:
            number: int | None = connection.scalar(found)
        return number

    def after(self, session: str, last_id: int) -> list[Kept]:
        """Give the messages that came after a number, oldest first."""
        rows = (
            sa.select(_messages.c.id, _messages.c.kind, _messages.c.content)
            .where(_messages.c.session == session, _messages.c.id > last_id)
            .where(_messages.c.at > self._clock() - self._keep_seconds)
            .order_by(_messages.c.id)
        )
        with self._database.reading() as connection:
            return [Kept(row.id, row.kind, json.loads(row.content)) for row in connection.execute(rows)]

    def acknowledge(self, session: str, number: int) -> None:
        """Note that the client has everything up to this number."""
        higher = (_sessions.c.session == session) & (_sessions.c.acked < number) & (_sessions.c.last_id >= number)
        with self._database.writing() as connection:
            connection.execute(sa.update(_sessions).where(higher).values(acked=number))

    def state(self, session: str) -> tuple[int, int]:
        """Give the number of the latest message and of the latest one acknowledged; zeros for a new session."""
        with self._database.reading() as connection:
            found = sa.select(_sessions.c.last_id, _sessions.c.acked).where(_sessions.c.session == session)
            row = connection.execute(found).first()
        return (row.last_id, row.acked) if row else (0, 0)

    def _next_id(self, connection: sa.engine.Connection, session: str, now: float) -> int:
        of_session = _sessions.c.session == session
        last: int | None = connection.scalar(sa.select(_sessions.c.last_id).where(of_session))
        if last is None:
            connection.execute(sa.insert(_sessions).values(session=session, last_id=1, acked=0, at=now))
            return 1
        connection.execute(sa.update(_sessions).where(of_session).values(last_id=last + 1, at=now))
        return last + 1

    def _sweep(self, connection: sa.engine.Connection, now: float) -> None:
        """Delete messages whose time is over; a session's number is kept as long as its token may live."""
        self._added += 1
        if self._added % _SWEEP_EVERY == 1:
            connection.execute(sa.delete(_messages).where(_messages.c.at < now - self._keep_seconds))
            connection.execute(sa.delete(_sessions).where(_sessions.c.at < now - 90 * 24 * 3600))
