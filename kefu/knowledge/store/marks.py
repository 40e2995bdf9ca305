"""Marks of changes: what tells a change from another that has its number in another copy of the store.

A mark is computed from the line of the log, moment in microseconds included, so that it needs no column of its own.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kefu.knowledge.store import tables
from kefu.knowledge.store.entry_rows import decode, number
from kefu.knowledge.store.records import Change, Version

_BITS = 31  # bits of a mark: an integer column holds it
_NONE = 0  # before the first change


def change_of(row: Row) -> Change:
    """Make a change of a line of the log with its content."""
    return Change(row.seq, row.kind, row.entry_id, row.revision, row.at, decode(row.content), _mark(row))


def latest_version(connection: Connection) -> Version:
    """Give the number of the latest change and its mark."""
    latest = number(connection, tables.SEQUENCE)
    return Version(latest, mark_at(connection, latest))


def mark_at(connection: Connection, seq: int) -> str:
    """Give the mark of the change with a number; of a compacted one, as it was kept, where it is the last of them."""
    row = connection.execute(sa.select(tables.changes).where(tables.changes.c.seq == seq)).first()
    if row is not None:
        return _mark(row)
    is_last = seq and seq == number(connection, tables.COMPACTED)
    return _text(number(connection, tables.COMPACTED_MARK) if is_last else _NONE)


def _mark(row: Row) -> str:
    line = f"{row.seq} {row.kind} {row.entry_id} {row.revision} {row.at.isoformat(timespec='microseconds')}"
    digest = hashlib.sha256(line.encode()).digest()
    return _text(int.from_bytes(digest[:4], "big") % 2**_BITS)


def _text(value: int) -> str:
    return f"{value:08x}"
