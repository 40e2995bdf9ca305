"""The knowledge as one process sees it: opened from store and index, brought up to date before each answer."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from kefu.errors import ChangesGone, DataError, KnowledgeIndexError, StoreError
from kefu.knowledge.entries import Entry, Facts
from kefu.knowledge.question_rules import QuestionRules, load_question_rules
from kefu.knowledge.ranking import Hits
from kefu.knowledge.records import Change, Record
from kefu.knowledge.rows import Row, rows_of_entry, unanswerable_rows
from kefu.knowledge.saved import Meta, Stamp, open_saved, stamp
from kefu.knowledge.search import Query, Search
from kefu.knowledge.snapshot import REMEDY
from kefu.knowledge.store import KnowledgeStore, open_store
from kefu.knowledge.text_vectors import Embedding
from kefu.protocols import Clock, Embedder, VectorIndex, Vectors
from kefu.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Live:
    """An entry that may be answered with: its texts filled in, its revision, and since when (ISO date)."""

    entry: Entry
    revision: int
    since: str


@dataclass(frozen=True)
class View:
    """What one question needs to see of the knowledge, all of one moment."""

    meta: Meta
    sequence: int
    hits: Hits
    live: Mapping[str, Live]


class CurrentKnowledge:
    """Search over the store's entries. Safe between threads: what changes and what is looked up take turns."""

    def __init__(self, settings: Settings, embedder: Embedder, clock: Clock) -> None:
        """Open store and index.

        :raises KnowledgeIndexError: if there is no index, or another model made it.
        :raises DataError: if an entry, the policy or a rule is wrong.
        :raises StoreError: if the database cannot be used.
        """
        self._settings, self._embedder, self._clock = settings, embedder, clock
        self._lock = threading.RLock()
        self._store: KnowledgeStore = open_store(settings, clock)
        self._embedding = Embedding(self._store.database, embedder)
        self._refused: Stamp | None = None
        self._open()

    @property
    def meta(self) -> Meta:
        """The rule of decision, and what it was fitted on."""
        return self._meta

    @property
    def sequence(self) -> int:
        """The number of the latest change taken in."""
        return self._sequence

    @property
    def live(self) -> Mapping[str, Live]:
        """All entries by id; replaced as a whole, so that it may be read while others change."""
        return self._live

    def next_boundary(self, moment: datetime) -> datetime | None:
        """Say when, after a moment, the next entry begins or ceases to hold."""
        return min((edge for edge in self._boundaries if edge > moment), default=None)

    def find(self, queries: Sequence[Query]) -> list[View]:
        """Recall for several questions, from one state of the knowledge."""
        with self._lock:
            meta, sequence, live = self._meta, self._sequence, self._live
            return [View(meta, sequence, self._search.find(query), live) for query in queries]

    def catch_up(self) -> bool:
        """Take in what changed since the last answer, and say whether anything did.

        What cannot be taken in is logged, and the assistant goes on with what it had.
        """
        with self._lock:
            replaced = self._reopen_if_replaced()
            try:
                if self._store.sequence() == self._sequence:
                    return replaced
                self._take_in(self._store.changes(self._sequence))
            except ChangesGone:
                self._open()
            except (StoreError, DataError) as error:
                logger.warning("New knowledge is not taken in yet: %s", error)
                return replaced
            return True

    def close(self) -> None:
        """Give back connections."""
        self._index.close()
        self._store.database.close()

    def _reopen_if_replaced(self) -> bool:
        present = stamp(self._folder)
        if present is None or present in (self._stamp, self._refused):
            return False
        try:
            self._open()
        except (KnowledgeIndexError, DataError, StoreError) as error:
            self._refused = present
            logger.warning("The new knowledge index is not used, the old one stays: %s", error)
            return False
        logger.info("Took up the knowledge index of %s.", self._meta.built_at)
        return True

    @property
    def _folder(self) -> Path:
        return self._settings.path(self._settings.knowledge.index)

    def _open(self) -> None:
        # Taken before reading: should the index be replaced meanwhile, the next answer looks again.
        before = stamp(self._folder)
        meta, index = open_saved(self._settings, self._folder, self._embedder.identity())
        facts = Facts(self._settings.path(self._settings.knowledge.policy))
        snapshot = self._store.all_entries()
        if not snapshot.records:
            raise KnowledgeIndexError(f"The knowledge store has no entry. {REMEDY}")
        live = {record.entry.id: _live(record, facts) for record in snapshot.records}
        rules = load_question_rules(self._settings.path(self._settings.knowledge.rules))
        if unknown := rules.unknown(live):
            logger.warning("Rules name entries that there are not: %s", ", ".join(unknown))
        search = self._filled(live, index, rules)
        self._meta, self._facts, self._index, self._search = meta, facts, index, search
        self._live, self._sequence, self._stamp = live, snapshot.sequence, before
        self._note_boundaries()

    def _filled(self, live: Mapping[str, Live], index: VectorIndex, rules: QuestionRules) -> Search:
        """Make the search over all entries; vectors that the index lacks come from the store."""
        unanswerable = unanswerable_rows()
        told = self._vectors_of(unanswerable)
        search = Search(index, unanswerable, np.stack([told[row.number] for row in unanswerable]), rules)
        entries = [one.entry for one in live.values()]
        rows = {row.number: row for entry in entries for row in rows_of_entry(entry)}
        there = set(index.ids().tolist())
        index.delete(np.array(sorted(there - set(rows)), dtype=np.int64))
        lacking = {row.entry_id for number, row in rows.items() if number not in there}
        search.put([entry for entry in entries if entry.id not in lacking], None)
        search.put(*self._with_vectors([entry for entry in entries if entry.id in lacking]))
        return search

    def _take_in(self, changes: Sequence[Change]) -> None:
        latest = {change.entry_id: change for change in changes}
        records = {name: self._store.get(name) for name, change in latest.items() if change.kind == "upsert"}
        put = {name: _live(record, self._facts) for name, record in records.items() if record is not None}
        gone = [name for name in latest if name not in put]
        entries, vectors = self._with_vectors([one.entry for one in put.values()])
        self._search.drop(gone)
        self._search.put(entries, vectors)
        self._live = {**{name: one for name, one in self._live.items() if name not in gone}, **put}
        self._sequence = max(change.seq for change in changes)
        self._note_boundaries()

    def _with_vectors(self, entries: Sequence[Entry]) -> tuple[Sequence[Entry], Mapping[int, Vectors]]:
        return entries, self._vectors_of([row for entry in entries for row in rows_of_entry(entry)])

    def _vectors_of(self, rows: Sequence[Row]) -> Mapping[int, Vectors]:
        """Give the vector of each row by its number: from the store, or where it lacks it, from the model."""
        found = self._embedding.vectors_for([row.text for row in rows]).rows
        return {row.number: found[row.text_hash] for row in rows}

    def _note_boundaries(self) -> None:
        scopes = [one.entry.scope for one in self._live.values()]
        edges = [edge for scope in scopes for edge in (scope.valid_from, scope.valid_to)]
        self._boundaries = [edge for edge in edges if edge is not None]


def _live(record: Record, facts: Facts) -> Live:
    return Live(facts.fill(record.entry, record.entry.id), record.revision, record.updated.date().isoformat())
