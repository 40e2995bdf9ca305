"""The living knowledge store: entries with their history and a log of changes, in SQLite or Postgres.

Every change is one transaction: entry, revision, line of the log and vectors are there together, or none of them.
Writers take turns, so that the log's numbers have no gaps and never appear out of order: whoever has read up to a
number needs only what comes after it. A deletion counts at once; what was deleted is kept until :meth:`compact`.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from kefu.clock import now
from kefu.database import Database, take_turns
from kefu.errors import ChangesGone, DataError, StoreError
from kefu.knowledge.entries import Entry
from kefu.knowledge.store import tables
from kefu.knowledge.store.entry_rows import (
    EntryRow,
    decode,
    deleted_row,
    encode,
    note_files,
    number,
    parts,
    read_rows,
    record_of,
    set_number,
    write_rows,
)
from kefu.knowledge.store.find import find, stats
from kefu.knowledge.store.marks import change_of, latest_version, mark_at
from kefu.knowledge.store.records import Change, Page, Query, Record, Report, Revision, Snapshot, Stats, Version
from kefu.knowledge.store.text_vectors import TextVectors, delete_vectors, write_vectors
from kefu.protocols import Clock
from kefu.settings import Settings

_TURN = "knowledge"
_PATIENCE_SECONDS = 60.0  # longer than anybody's transaction; the database's own waits are shorter
_FILE = "file:"  # what the sources of the project's files begin with


class KnowledgeStore:
    """Keeps the entries; safe between threads and processes. Each method raises StoreError if the database fails."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self.database = database
        self._clock = clock

    def prepare(self) -> None:
        """Create the tables where they are missing.

        :raises StoreError: if the database cannot be used.
        """
        with self.database.creating(tables.PART, tables.VERSION, tables.metadata):
            pass

    # --- reading

    def sequence(self) -> int:
        """Give the number of the latest change; 0 before the first."""
        with self.database.reading() as connection:
            return number(connection, tables.SEQUENCE)

    def version(self) -> Version:
        """Give the number of the latest change with its mark, in one view.

        A reader that has taken in what has this version has nothing to read; the number alone does not say so, because
        an older copy of the database may have been put back and have come as far by other changes.
        """
        with self.database.reading() as connection:
            return latest_version(connection)

    def changes(self, after: int, mark: str | None = None) -> list[Change]:
        """List the changes after a number, in their order.

        :param mark: of the change with that number, as the reader knows it; None compares nothing.
        :raises ChangesGone: if some of them were compacted away, or this is another history than the reader's (an
            older copy was put back): read :meth:`all_entries` instead.
        """
        log, past = tables.changes.c, tables.history.c
        same = (past.entry_id == log.entry_id) & (past.revision == log.revision)
        query = sa.select(tables.changes, past.content).join_from(tables.changes, tables.history, same)
        with self.database.reading() as connection:
            listed_from, latest = number(connection, tables.COMPACTED), number(connection, tables.SEQUENCE)
            if after > latest:
                raise ChangesGone(f"The latest change is {latest}; there never was one numbered {after} here.")
            if after < listed_from:
                raise ChangesGone(
                    f"Changes up to {listed_from} were compacted; those after {after} are not all there."
                )
            if mark not in (None, mark_at(connection, after)):
                raise ChangesGone(f"The change numbered {after} is another one by now: an older copy was put back.")
            rows = connection.execute(query.where(log.seq > after).order_by(log.seq)).all()
        return [change_of(row) for row in rows]

    def all_entries(self) -> Snapshot:
        """Read all entries and the number of the latest change among them, in one view."""
        query = sa.select(tables.entries).where(~tables.entries.c.deleted)
        with self.database.reading() as connection:
            version = latest_version(connection)
            rows = connection.execute(query).all()
        return Snapshot(version, tuple(sorted(map(record_of, rows), key=lambda record: record.entry.id)))

    def get(self, entry_id: str) -> Record | None:
        """Read one entry; None where there is none, or it was deleted."""
        entries = tables.entries.c
        with self.database.reading() as connection:
            row = connection.execute(sa.select(tables.entries).where(entries.id == entry_id, ~entries.deleted)).first()
        return record_of(row) if row else None

    def find(self, query: Query | None = None, *, limit: int | None = None, offset: int = 0) -> Page:
        """Look entries up; without a query, all of them."""
        with self.database.reading() as connection:
            return find(connection, query or Query(), limit, offset)

    def of_source(self, source: str) -> tuple[Entry, ...]:
        """Read the entries that were last changed from this source, ordered by id."""
        entries = tables.entries.c
        query = sa.select(tables.entries).where(entries.source == source, ~entries.deleted).order_by(entries.id)
        with self.database.reading() as connection:
            return tuple(record_of(row).entry for row in connection.execute(query))

    def history(self, entry_id: str) -> list[Revision]:
        """List the revisions of an entry, oldest first; empty where there never was one."""
        past = tables.history.c
        query = sa.select(tables.history).where(past.entry_id == entry_id).order_by(past.revision)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [Revision(row.revision, row.kind, decode(row.content), row.source, row.author, row.at) for row in rows]

    def stats(self) -> Stats:
        """Count what there is."""
        with self.database.reading() as connection:
            return stats(connection, self._clock())

    def compare(self, entries: Sequence[Entry], source: str) -> Report:
        """Say what :meth:`put` would do."""
        with self.database.reading() as connection:
            there = read_rows(connection, (entry.id for entry in entries))
        return _report({entry.id: _what_it_is(there.get(entry.id), entry, source) for entry in entries})

    # --- writing

    def put(self, entries: Iterable[Entry], *, author: str, source: str, vectors: TextVectors | None = None) -> Report:
        """Add or replace entries, all of them or none; what is the same already gets no new revision.

        An entry keeps its source where nothing else of it changes, but for one that is found in a file.

        :param vectors: of the entries' questions, facts filled in (:class:`Embedding`).
        :raises DataError: if an id stands twice.
        """
        return self.put_from([(entry, source) for entry in entries], author=author, vectors=vectors)

    def put_from(
        self, entries: Sequence[tuple[Entry, str]], *, author: str, vectors: TextVectors | None = None
    ) -> Report:
        """Do as :meth:`put`, each entry with its own source."""
        _refuse_twice(entry for entry, _ in entries)
        with self._turn() as connection:
            return self._write(connection, entries, author, vectors)

    def replace(
        self,
        entries: Sequence[Entry],
        doomed: Collection[str],
        *,
        author: str,
        source: str,
        vectors: TextVectors | None = None,
    ) -> Report:
        """Put entries as :meth:`put` does, and delete others that come from this source still, in one transaction."""
        _refuse_twice(entries)
        with self._turn() as connection:
            report = self._write(connection, [(entry, source) for entry in entries], author, vectors)
            there = read_rows(connection, doomed)
            still = [row.id for row in there.values() if row.source == source]
            return replace(report, deleted=self._delete(connection, still, author).deleted)

    def delete(self, ids: Collection[str], *, author: str) -> Report:
        """Delete entries at once; ids that there are not are left out of the report. The history is kept."""
        with self._turn() as connection:
            return self._delete(connection, ids, author)

    def put_vectors(self, vectors: TextVectors) -> None:
        """Keep vectors of texts that belong to no entry, or of another model."""
        with self._turn() as connection:
            write_vectors(connection, vectors)

    def synchronise(
        self, entries: Sequence[tuple[Entry, str]], hashes: Mapping[str, str], *, vectors: TextVectors | None
    ) -> Report:
        """Bring the entries that files hold in line with the files, all in one transaction.

        A file counts where it says something else than when it was last read: what was changed or deleted here since
        then stays until the file changes too. Entries that no file has any more are deleted, unless they were changed
        here.

        :param entries: what the files say, each with its source, such as `file:data/knowledge/return.yml`.
        :param hashes: of what the files say, by id.
        """
        sources = {entry.id: source for entry, source in entries}
        with self._turn() as connection:
            before = _in_files(connection)
            new = [(entry, source) for entry, source in entries if _differs(before.get(entry.id), hashes, source)]
            report = self._write(connection, new, "kefu", vectors)
            gone = [row for row in before.values() if row.id not in sources]
            left = [row.id for row in gone if row.source.startswith(_FILE) and not row.deleted]
            deleted = self._delete(connection, left, "kefu").deleted
            note_files(
                connection, {**{row.id: None for row in gone}, **{entry.id: hashes[entry.id] for entry, _ in new}}
            )
        renewed = {entry.id for entry, _ in new}
        kept = tuple(entry.id for entry, _ in entries if entry.id not in renewed)
        return replace(report, unchanged=(*report.unchanged, *kept), deleted=deleted)

    def is_behind(self, entries: Sequence[tuple[Entry, str]], hashes: Mapping[str, str]) -> bool:
        """Say whether :meth:`synchronise` would change anything."""
        sources = {entry.id: source for entry, source in entries}
        with self.database.reading() as connection:
            before = _in_files(connection)
        return before.keys() != sources.keys() or any(
            _differs(before.get(entry.id), hashes, source) for entry, source in entries
        )

    def compact(
        self,
        *,
        before: datetime | None = None,
        up_to: int | None = None,
        used: tuple[str, int, Collection[str]] | None = None,
    ) -> int:
        """Forget what nobody needs any more, and give the number that the log begins after.

        Lines of the log go, and with those of them that are deletions what the deleted entries said, history included
        (who did what and when stays).

        :param before: only of changes that are older.
        :param up_to: only of changes up to this number, such as the oldest snapshot's that is still in use.
        :param used: fingerprint and dimension of the model, and hashes of the texts whose vectors are kept; all other
            vectors go. None keeps all.
        """
        with self._turn() as connection:
            last = _last_to_forget(connection, before, up_to)
            set_number(connection, tables.COMPACTED_MARK, int(mark_at(connection, last), 16))
            _forget_deleted(connection, last)
            connection.execute(sa.delete(tables.changes).where(tables.changes.c.seq <= last))
            set_number(connection, tables.COMPACTED, last)
            if used is not None:
                delete_vectors(connection, *used)
            return last

    @contextmanager
    def _turn(self) -> Iterator[Connection]:
        """A transaction of the one writer; who comes second waits for a whole import of the first."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with ExitStack() as stack:
                try:
                    connection = stack.enter_context(self.database.writing())
                    take_turns(connection, _TURN)
                except (StoreError, OperationalError) as error:
                    if time.monotonic() > deadline or not _is_taken(error):
                        raise
                    continue
                yield connection
                return

    def _write(
        self,
        connection: Connection,
        entries: Sequence[tuple[Entry, str]],
        author: str,
        vectors: TextVectors | None,
    ) -> Report:
        there = read_rows(connection, (entry.id for entry, _ in entries))
        moment = self._clock()
        kinds = {entry.id: _what_it_is(there.get(entry.id), entry, source) for entry, source in entries}
        changed = [
            _next_row(entry, there.get(entry.id), source, author, moment)
            for entry, source in entries
            if kinds[entry.id] != "unchanged"
        ]
        write_rows(connection, changed)
        if vectors is not None:
            write_vectors(connection, vectors)
        return _report(kinds)

    def _delete(self, connection: Connection, ids: Collection[str], author: str) -> Report:
        moment = self._clock()
        there = read_rows(connection, dict.fromkeys(ids))
        gone = [deleted_row(row, author, moment) for row in there.values() if not row.deleted]
        write_rows(connection, gone)
        return Report(deleted=tuple(row.id for row in gone))


def open_store(settings: Settings, clock: Clock = now) -> KnowledgeStore:
    """Open the store that the settings name, with its tables.

    :raises StoreError: if the database cannot be used.
    """
    store = KnowledgeStore(Database(settings.database_url(settings.knowledge.url)), clock)
    store.prepare()
    return store


def _is_taken(error: Exception) -> bool:
    """Say whether another writer was in the way."""
    of_driver = type(getattr(error, "orig", error)).__name__
    return of_driver in ("LockNotAvailable", "QueryCanceled") or "database is locked" in str(error)


def _what_it_is(old: EntryRow | None, entry: Entry, source: str) -> str:
    if old is None or old.deleted:
        return "added"
    moved = source.startswith(_FILE) and old.source != source
    return "updated" if moved or old.content != encode(entry) else "unchanged"


def _report(kinds: Mapping[str, str]) -> Report:
    names = ("added", "updated", "unchanged")
    return Report(**{name: tuple(entry_id for entry_id, kind in kinds.items() if kind == name) for name in names})


def _next_row(entry: Entry, old: EntryRow | None, source: str, author: str, moment: datetime) -> EntryRow:
    revision, created, in_file = (old.revision + 1, old.created, old.in_file) if old else (1, moment, None)
    return EntryRow(entry.id, revision, False, encode(entry), source, author, in_file, created, moment)


def _refuse_twice(entries: Iterable[Entry]) -> None:
    twice = [entry_id for entry_id, times in Counter(entry.id for entry in entries).items() if times > 1]
    if twice:
        raise DataError(f"Ids are unique; these stand more than once: {', '.join(f'`{name}`' for name in twice)}.")


def _in_files(connection: Connection) -> dict[str, EntryRow]:
    """Read the rows that a file had when files were last read."""
    ids = connection.execute(sa.select(tables.entries.c.id).where(tables.entries.c.in_file.is_not(None))).scalars()
    return read_rows(connection, ids.all())


def _differs(row: EntryRow | None, hashes: Mapping[str, str], source: str) -> bool:
    return row is None or row.in_file != hashes[row.id] or (row.source.startswith(_FILE) and row.source != source)


def _last_to_forget(connection: Connection, before: datetime | None, up_to: int | None) -> int:
    """Give the number of the last change that may be forgotten."""
    log = tables.changes.c
    forgotten = number(connection, tables.COMPACTED)
    last = number(connection, tables.SEQUENCE)
    if before is not None:
        first_kept = connection.scalar(sa.select(sa.func.min(log.seq)).where(log.at >= before))
        last = last if first_kept is None else first_kept - 1
    return max(forgotten, last if up_to is None else min(last, up_to))


def _forget_deleted(connection: Connection, last: int) -> None:
    """Drop what deleted entries said, if the deletion is one of the changes up to a number."""
    log, entries = tables.changes.c, tables.entries.c
    same = (log.entry_id == entries.id) & (log.revision == entries.revision)
    deletions = sa.select(entries.id).where(entries.deleted, entries.content.is_not(None))
    ids = connection.execute(deletions.where(sa.exists().where(same, log.seq <= last))).scalars().all()
    for part in parts(ids):
        of_entry = tables.entries.c.id.in_(part)
        connection.execute(sa.delete(tables.labels).where(tables.labels.c.entry_id.in_(part)))
        connection.execute(sa.update(tables.entries).where(of_entry).values(content=None, words="", category=""))
        past = tables.history.c.entry_id.in_(part)
        connection.execute(sa.update(tables.history).where(past).values(content=None))
