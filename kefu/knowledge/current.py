"""The knowledge as one process sees it: opened from store and index, brought up to date before each answer."""

import bisect
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from kefu.errors import ChangesGone, DataError, KefuError, KnowledgeIndexError
from kefu.knowledge.entries import Entry, Facts, digest
from kefu.knowledge.index.saved import Meta, Stamp, open_saved, stamp
from kefu.knowledge.index.snapshot import REMEDY
from kefu.knowledge.recall.question_rules import QuestionRules, load_question_rules
from kefu.knowledge.recall.ranking import Hits
from kefu.knowledge.recall.rows import Row, rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Query, Search
from kefu.knowledge.store.records import Change, Record, Version
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.knowledge.store.text_vectors import Embedding
from kefu.protocols import Clock, Embedder, VectorIndex, Vectors
from kefu.settings import Settings

logger = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds that an answer waits for a new index; a large one is opened while answers go on
_RETRY_SECONDS = 10.0  # after an index could not be opened for a reason that may pass


@dataclass(frozen=True)
class Live:
    """An entry that may be answered with: its texts filled in, its revision, and since which day (ISO date)."""

    entry: Entry
    revision: int
    since: str


@dataclass(frozen=True)
class View:
    """What one question needs to see of the knowledge, all of one moment."""

    version: str
    sequence: int
    meta: Meta
    hits: Hits
    live: Mapping[str, Live]
    dimension: int  # by which the search really looked


@dataclass
class _State:
    """One index with the entries taken into it up to a version of the store; ``live`` and ``edges`` never change."""

    meta: Meta
    index: VectorIndex
    search: Search
    stamp: Stamp | None
    version: Version
    live: Mapping[str, Live]
    edges: Sequence[datetime] = field(default_factory=tuple)  # when entries begin or cease to hold, in their order
    withdrawn: frozenset[str] = frozenset()  # entries that are gone already, though later than ``version``


class CurrentKnowledge:
    """Search over the store's entries. Safe between threads: what changes and what is looked up take turns."""

    def __init__(self, settings: Settings, embedder: Embedder, clock: Clock) -> None:
        """Open store and index.

        The policy is read once: the rules of returns that run in this process read it once, too, and answers must not
        say anything else.

        :raises KnowledgeIndexError: if there is no index, or another model made it.
        :raises DataError: if the policy or a rule is wrong.
        :raises StoreError: if the database cannot be used.
        """
        self._settings, self._embedder = settings, embedder
        self._lock = threading.RLock()
        self._store: KnowledgeStore = open_store(settings, clock)
        self._embedding = Embedding(self._store.database, embedder)
        self._facts = Facts(settings.path(settings.knowledge.policy))
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="knowledge-index")
        self._opening: Future[_State] | None = None
        self._refused: Stamp | None = None
        self._not_before = 0.0
        self._told = ""
        self._state = self._opened()

    @property
    def meta(self) -> Meta:
        """The rule of decision, and what it was fitted on."""
        return self._state.meta

    @property
    def version(self) -> str:
        """What all answers depend on beside the question: the state of store, index and policy."""
        return self._version(self._state)

    @property
    def facts(self) -> Facts:
        """The policy's facts that entries are filled in with."""
        return self._facts

    @property
    def live(self) -> Mapping[str, Live]:
        """All entries by id; replaced as a whole, so that it may be read while others change."""
        return self._state.live

    def next_edge(self, moment: datetime) -> datetime | None:
        """Say when, after a moment, the next entry begins or ceases to hold."""
        edges = self._state.edges
        place = bisect.bisect_right(edges, moment)
        return edges[place] if place < len(edges) else None

    def find(self, queries: Sequence[Query]) -> list[View]:
        """Recall for several questions, from one state of the knowledge."""
        with self._lock:
            state = self._state
            seen = self._version(state), state.version.sequence, state.meta
            return [
                View(*seen, state.search.find(query), state.live, state.index.searched_dim(query.dim))
                for query in queries
            ]

    def catch_up(self) -> bool:
        """Take in what changed since the last answer, and say whether anything did.

        What cannot be taken in is logged, and the assistant goes on with what it had, but for what was deleted.
        """
        replaced = self._take_up_new_index()
        with self._lock:
            try:
                changed = self._take_in(self._state)
            except KefuError as error:
                self._warn(f"New knowledge is not taken in yet: {error}")
                return replaced
        self._told = ""
        return replaced or changed

    def close(self) -> None:
        """Give back connections."""
        self._opener.shutdown()
        self._state.index.close()
        self._store.database.close()

    def _version(self, state: _State) -> str:
        taken_out = f" without {digest(sorted(state.withdrawn))}" if state.withdrawn else ""
        return f"{state.version}{taken_out} {state.meta.built_at} {state.meta.fit.fingerprint} {self._facts.version}"

    def _warn(self, message: str) -> None:
        """Log a fault once, not with every question that meets it."""
        if message != self._told:
            logger.warning(message)
        self._told = message

    @property
    def _folder(self) -> Path:
        return self._settings.path(self._settings.knowledge.index)

    def _take_up_new_index(self) -> bool:
        """Open an index that was replaced on disk, for a while in the background; say whether it is used now."""
        present = stamp(self._folder)
        if present is None or present in (self._state.stamp, self._refused) or time.monotonic() < self._not_before:
            return False
        with self._lock:
            opening = self._opening = self._opening or self._opener.submit(self._opened)
        try:
            state = opening.result(_PATIENCE)
        except LateError:
            return False
        except (KnowledgeIndexError, DataError) as error:
            self._refused = present
            logger.warning("The new knowledge index is not used, the old one stays: %s", error)
            state = None
        except KefuError as error:
            self._not_before = time.monotonic() + _RETRY_SECONDS
            self._warn(f"The new knowledge index is not used yet: {error}")
            state = None
        return self._use(opening, state)

    def _use(self, opening: "Future[_State]", state: _State | None) -> bool:
        with self._lock:
            if self._opening is not opening:
                return state is not None  # another thread has done so
            self._opening = None
            if state is None:
                return False
            old, self._state = self._state, state
            old.index.close()
        logger.info("Took up the knowledge index of %s.", state.meta.built_at)
        return True

    def _opened(self) -> _State:
        """Open index and store; an entry whose facts cannot be filled in is left out with a warning."""
        # Taken before reading: should the index be replaced meanwhile, the next answer looks again.
        before = stamp(self._folder)
        meta, index = open_saved(self._settings, self._folder, self._embedder.identity())
        snapshot = self._store.all_entries()
        if not snapshot.records:
            raise KnowledgeIndexError(f"The knowledge store has no entry. {REMEDY}")
        live = self._live_of(snapshot.records)
        rules = load_question_rules(self._settings.path(self._settings.knowledge.rules))
        if unknown := rules.unknown(live):
            logger.warning("Rules name entries that there are not: %s", ", ".join(unknown))
        search = self._filled(live, index, rules)
        return _State(meta, index, search, before, snapshot.version, live, _edges(live))

    def _live_of(self, records: Sequence[Record]) -> dict[str, Live]:
        live = {}
        for record in records:
            try:
                live[record.entry.id] = self._live(record.entry, record.revision, record.updated)
            except DataError as error:
                logger.warning("An entry is left out: %s", error)
        return live

    def _live(self, entry: Entry, revision: int, changed: datetime) -> Live:
        since = changed.astimezone(self._facts.zone).date().isoformat()
        return Live(self._facts.fill(entry, entry.id), revision, since)

    def _filled(self, live: Mapping[str, Live], index: VectorIndex, rules: QuestionRules) -> Search:
        """Make the search over all entries; vectors that the index lacks come from the store."""
        unanswerable = unanswerable_rows()
        told = self._vectors_of(unanswerable)
        search = Search(index, unanswerable, np.stack([told[row.number] for row in unanswerable]), rules)
        entries = [one.entry for one in live.values()]
        rows = {row.number: row for entry in entries for row in rows_of_entry(entry)}
        there = set(index.ids().tolist())
        # What is not known here may have been put into a shared store by a worker that is ahead. (What was deleted
        # while no worker ran stays there too, passed over, until the index is built again.)
        if not index.is_shared:
            index.delete(np.array(sorted(there - set(rows)), dtype=np.int64))
        lacking = {row.entry_id for number, row in rows.items() if number not in there}
        search.put([entry for entry in entries if entry.id not in lacking], None)
        new = [entry for entry in entries if entry.id in lacking]
        search.put(new, self._vectors_of([row for entry in new for row in rows_of_entry(entry)]))
        return search

    def _take_in(self, state: _State) -> bool:
        """Apply the store's changes since the state's version: all of them, or where one fails, the deletions only.

        An entry that cannot be answered with is taken out with a warning, as its earlier text is withdrawn.
        """
        if self._store.version() == state.version:
            return False
        try:
            changes = self._store.changes(state.version.sequence, state.version.mark)
        except ChangesGone:
            there = {record.entry.id for record in self._store.all_entries().records}
            self._withdraw(state, state.live.keys() - there)
            self._state = self._opened()
            return True
        if not changes:
            return False
        latest: dict[str, Change] = {change.entry_id: change for change in changes}
        put = self._changed(latest)
        # First, as it needs neither a model nor a store of vectors: both may be away for long.
        self._withdraw(state, latest.keys() - put.keys())
        entries = [one.entry for one in put.values()]
        state.search.put(entries, self._vectors_of([row for entry in entries for row in rows_of_entry(entry)]))
        state.live = {**state.live, **put}
        state.edges = _edges(state.live)
        state.version, state.withdrawn = changes[-1].version, frozenset()
        return True

    def _withdraw(self, state: _State, gone: AbstractSet[str]) -> None:
        """Answer with these entries no more; as another version, so that none comes from a cache either."""
        state.search.drop(gone)
        state.live = {name: one for name, one in state.live.items() if name not in gone}
        state.edges = _edges(state.live)
        state.withdrawn |= gone

    def _changed(self, latest: Mapping[str, Change]) -> dict[str, Live]:
        put = {}
        for name, change in latest.items():
            if change.entry is None:
                continue
            try:
                put[name] = self._live(change.entry, change.revision, change.at)
            except DataError as error:
                logger.warning("An entry is not answered with: %s", error)
        return put

    def _vectors_of(self, rows: Sequence[Row]) -> Mapping[int, Vectors]:
        """Give the vector of each row by its number: from the store, or where it lacks it, from the model."""
        found = self._embedding.vectors_for([row.text for row in rows]).rows
        return {row.number: found[row.text_hash] for row in rows}


def _edges(live: Mapping[str, Live]) -> list[datetime]:
    scopes = [one.entry.scope for one in live.values()]
    return sorted(edge for scope in scopes for edge in (scope.valid_from, scope.valid_to) if edge is not None)
