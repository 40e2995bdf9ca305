"""Queries over the knowledge store: what fits a description, and how much there is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kefu.knowledge.store import tables
from kefu.knowledge.store.entry_rows import number, record_of, searchable
from kefu.knowledge.store.records import Page, Query, Stats

_ENTRIES = tables.entries.c
_LABELS = tables.labels.c


def find(connection: Connection, query: Query, limit: int | None, offset: int) -> Page:
    """Read the entries that fit, ordered by id, and count them."""
    fits = sa.and_(~_ENTRIES.deleted, *_conditions(query))
    total = connection.scalar(sa.select(sa.func.count()).select_from(tables.entries).where(fits)) or 0
    statement = sa.select(tables.entries).where(fits).order_by(_ENTRIES.id).offset(offset)
    if limit is not None:
        statement = statement.limit(limit)
    return Page(total, tuple(record_of(row) for row in connection.execute(statement)))


def stats(connection: Connection, moment: datetime) -> Stats:
    """Count entries, revisions and vectors."""
    there = ~_ENTRIES.deleted
    by_language = sa.select(_LABELS.value, sa.func.count()).join_from(tables.labels, tables.entries)
    by_language = by_language.where(_LABELS.kind == "language", there).group_by(_LABELS.value)
    model = tables.vectors.c.model
    return Stats(
        sequence=number(connection, tables.SEQUENCE),
        compacted=number(connection, tables.COMPACTED),
        entries=_count(connection, tables.entries, there),
        deleted=_count(connection, tables.entries, _ENTRIES.deleted),
        revisions=_count(connection, tables.history),
        valid_now=_count(connection, tables.entries, sa.and_(there, *_valid_at(moment))),
        languages=_counted(connection, by_language),
        categories=_counted(connection, _grouped(_ENTRIES.category, there)),
        sources=_counted(connection, _grouped(_ENTRIES.source, there)),
        vectors=_counted(connection, sa.select(model, sa.func.count()).group_by(model)),
    )


def _conditions(query: Query) -> Iterator[Any]:
    if query.category is not None:
        yield _ENTRIES.category == query.category
    if query.tag is not None:
        yield _has("tag", query.tag)
    if query.language is not None:
        yield _has("language", query.language)
    if query.channel is not None:
        yield _has("channel", query.channel) | ~_has("channel", None)
    if query.source is not None:
        is_beginning = query.source.endswith("*")
        beginning = query.source.removesuffix("*")
        yield _ENTRIES.source.startswith(beginning, autoescape=True) if is_beginning else _ENTRIES.source == beginning
    if query.valid_at is not None:
        yield from _valid_at(query.valid_at)
    if query.text:
        yield _ENTRIES.words.contains(searchable(query.text), autoescape=True)


def _has(kind: str, value: str | None) -> Any:
    """Whether an entry has this label (None: any of the kind)."""
    same = [_LABELS.entry_id == _ENTRIES.id, _LABELS.kind == kind]
    if value is not None:
        same.append(_LABELS.value == value)
    return sa.exists().where(*same)


def _valid_at(moment: datetime) -> list[Any]:
    begun = _ENTRIES.valid_from.is_(None) | (_ENTRIES.valid_from <= moment)
    not_over = _ENTRIES.valid_to.is_(None) | (_ENTRIES.valid_to > moment)
    return [begun, not_over]


def _count(connection: Connection, table: sa.Table, condition: Any = None) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return connection.scalar(query if condition is None else query.where(condition)) or 0


def _grouped(column: Any, condition: Any) -> Any:
    return sa.select(column, sa.func.count()).where(condition).group_by(column)


def _counted(connection: Connection, query: Any) -> dict[str, int]:
    return dict(sorted((name, count) for name, count in connection.execute(query)))
