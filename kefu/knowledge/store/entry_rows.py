"""Reads and writes the rows of the knowledge store, within a transaction of the caller's."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kefu.knowledge.entries import Entry
from kefu.knowledge.files.reader import read_entry
from kefu.knowledge.files.writer import entry_item
from kefu.knowledge.store import tables
from kefu.knowledge.store.records import Kind, Record
from kefu.text import normalise

_PART_OF_A_LIST = 500  # ids in one statement; databases bound the number of parameters
_WHERE = "knowledge store"
T = TypeVar("T")


@dataclass(frozen=True)
class EntryRow:
    """A row of ``knowledge_entries``, without what follows from its content."""

    id: str
    revision: int
    deleted: bool
    content: str | None
    source: str
    author: str
    in_file: str | None
    created: datetime
    updated: datetime


def encode(entry: Entry) -> str:
    """Write an entry as the store keeps it: equal entries give equal texts."""
    return json.dumps(entry_item(entry), ensure_ascii=False)


def decode(content: str | None) -> Entry | None:
    """Read what :func:`encode` wrote.

    :raises DataError: if this Kefu does not take the entry, which another version wrote.
    """
    return None if content is None else read_entry(json.loads(content), _WHERE, "", _WHERE)


def record_of(row: Row) -> Record:
    """Make a record of a row that is not deleted."""
    entry = decode(row.content)
    assert entry is not None, f"{row.id} has no content"
    return Record(entry, row.revision, row.source, row.author, row.created, row.updated)


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a list into parts, each for one statement."""
    for start in range(0, len(values), _PART_OF_A_LIST):
        yield values[start : start + _PART_OF_A_LIST]


def read_rows(connection: Connection, ids: Iterable[str]) -> dict[str, EntryRow]:
    """Read the rows of these ids that there are, deleted ones too."""
    columns = [tables.entries.c[name] for name in EntryRow.__dataclass_fields__]
    rows: dict[str, EntryRow] = {}
    for part in parts(list(ids)):
        for row in connection.execute(sa.select(*columns).where(tables.entries.c.id.in_(part))):
            rows[row.id] = EntryRow(**row._mapping)
    return rows


def number(connection: Connection, name: str) -> int:
    """Read one of the store's numbers; 0 where it was never set."""
    column = tables.numbers.c
    return connection.scalar(sa.select(column.value).where(column.name == name)) or 0


def set_number(connection: Connection, name: str, value: int) -> None:
    """Set one of the store's numbers."""
    column = tables.numbers.c
    changed = connection.execute(sa.update(tables.numbers).where(column.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(sa.insert(tables.numbers).values(name=name, value=value))


def write_rows(connection: Connection, rows: Sequence[EntryRow]) -> None:
    """Put new revisions of entries in the place of the old ones, with their history and their lines of the log."""
    _replace_rows(connection, rows)
    insert(connection, tables.history, (_revision(row) for row in rows))
    latest = number(connection, tables.SEQUENCE)
    numbered = enumerate(rows, start=latest + 1)
    insert(connection, tables.changes, (_change(row, seq) for seq, row in numbered))
    set_number(connection, tables.SEQUENCE, latest + len(rows))


def note_files(connection: Connection, in_file: dict[str, str | None]) -> None:
    """Keep what a file says of each entry by now, where that makes no new revision."""
    column = tables.entries.c
    statement = sa.update(tables.entries).where(column.id == sa.bindparam("key"))
    if values := [{"key": entry_id, "said": said} for entry_id, said in in_file.items()]:
        connection.execute(statement.values(in_file=sa.bindparam("said")), values)


def insert(connection: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert any number of rows."""
    if values := list(rows):
        connection.execute(sa.insert(table), values)


def deleted_row(row: EntryRow, author: str, moment: datetime) -> EntryRow:
    """Give the tombstone of an entry, which keeps what it said until it is compacted."""
    return replace(row, revision=row.revision + 1, deleted=True, author=author, updated=moment)


def _replace_rows(connection: Connection, rows: Sequence[EntryRow]) -> None:
    entries = {row.id: decode(row.content) for row in rows}
    for part in parts([row.id for row in rows]):
        connection.execute(sa.delete(tables.labels).where(tables.labels.c.entry_id.in_(part)))
        connection.execute(sa.delete(tables.entries).where(tables.entries.c.id.in_(part)))
    insert(connection, tables.entries, (_entry_row(row, entries[row.id]) for row in rows))
    insert(connection, tables.labels, (label for row in rows for label in _labels(row.id, entries[row.id])))


def _entry_row(row: EntryRow, entry: Entry | None) -> dict[str, Any]:
    scope = entry.scope if entry else None
    return {
        **vars(row),
        "words": searchable(_texts(entry)) if entry else "",
        "category": entry.category if entry else "",
        "valid_from": scope and scope.valid_from,
        "valid_to": scope and scope.valid_to,
    }


def searchable(text: str) -> str:
    """Give the form in which texts are searched."""
    return normalise(text).lower()


def _texts(entry: Entry) -> str:
    wordings = entry.wordings.values()
    return "\n".join(text for wording in wordings for text in (*wording.questions, wording.answer))


def _labels(entry_id: str, entry: Entry | None) -> Iterator[dict[str, str]]:
    if entry is None:
        return
    named = {"tag": entry.tags, "channel": entry.scope.channels, "language": tuple(entry.wordings)}
    for kind, values in named.items():
        for value in dict.fromkeys(values):
            yield {"entry_id": entry_id, "kind": kind, "value": value}


def _kind(row: EntryRow) -> Kind:
    return "delete" if row.deleted else "upsert"


def _revision(row: EntryRow) -> dict[str, Any]:
    content = None if row.deleted else row.content
    values = {"entry_id": row.id, "revision": row.revision, "kind": _kind(row), "content": content}
    return {**values, "source": row.source, "author": row.author, "at": row.updated}


def _change(row: EntryRow, seq: int) -> dict[str, Any]:
    return {"seq": seq, "kind": _kind(row), "entry_id": row.id, "revision": row.revision, "at": row.updated}
