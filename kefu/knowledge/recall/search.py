"""Finds the entries that a question may mean, by four routes: meaning, words, rules, what concerns the customer."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.entries import Entry
from kefu.knowledge.recall.keyword import KeywordIndex
from kefu.knowledge.recall.letters import Asked, Letters
from kefu.knowledge.recall.question_rules import QuestionRules
from kefu.knowledge.recall.ranking import Hits
from kefu.knowledge.recall.rows import Row, label_of, rows_of_entry
from kefu.protocols import VectorIndex, Vectors, Where

logger = logging.getLogger(__name__)

RECALLED = 100  # rows that a route brings


@dataclass(frozen=True)
class Query:
    """A question with its vector, ``float32[dim]``.

    ``interests`` are tags and categories of what the customer bought or has open; ``dim`` is how many of the vector's
    leading dimensions are searched by (None: all).
    """

    text: str
    vector: Vectors
    where: Where = field(default_factory=Where)
    interests: frozenset[str] = frozenset()
    dim: int | None = None


class Search:
    """All entries, by every route. What changes and what is looked up must take turns: not safe between threads."""

    def __init__(
        self,
        vectors: VectorIndex,
        unanswerable: Sequence[Row],
        unanswerable_vectors: Vectors,
        rules: QuestionRules,
    ) -> None:
        """Take an index of vectors, which may hold those of entries that are put in later, and what nothing answers
        with its vectors, ``float32[n, dim]``."""
        self._vectors, self._rules = vectors, rules
        self._keyword, self._letters = KeywordIndex(), Letters()
        self._entries: dict[str, Entry] = {}
        self._rows: dict[int, Row] = {}
        self._numbers: dict[str, list[int]] = {}  # of each entry's rows
        self._undeleted: set[int] = set()  # rows that are gone from everywhere but the index of vectors
        self._unanswerable = [row.number for row in unanswerable]
        self._unanswerable_vectors = unanswerable_vectors
        self._letters.put([(row.number, row.text, row.language) for row in unanswerable], known=False)
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="meaning")

    @property
    def vectors(self) -> VectorIndex:
        """The index of vectors."""
        return self._vectors

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All entries by id."""
        return self._entries

    def row(self, number: int) -> Row:
        """Give a row by its number."""
        return self._rows[number]

    def put(self, entries: Iterable[Entry], vectors: Mapping[int, Vectors] | None) -> None:
        """Put entries in, each instead of the one of its id; rows that stay the same are not touched.

        :param vectors: of every row, by its number; None if the index of vectors holds them already.
        :raises KnowledgeIndexError: if the index does not take the vectors; nothing has changed then.
        """
        by_id = {entry.id: entry for entry in entries}
        rows = {row.number: row for entry in by_id.values() for row in rows_of_entry(entry)}
        new = [row for number, row in rows.items() if number not in self._rows]
        labels = [label_of(row, by_id[row.entry_id or ""]) for row in new]
        if vectors is not None and new:
            numbers = np.array([row.number for row in new], dtype=np.int64)
            self._vectors.upsert(numbers, np.stack([vectors[row.number] for row in new]), labels)
            self._undeleted.difference_update(row.number for row in new)
        gone = [number for name in by_id for number in self._numbers.get(name, []) if number not in rows]
        self._forget(gone, with_vectors=vectors is not None)
        self._entries.update(by_id)
        self._rows.update(rows)
        self._numbers.update({name: [] for name in by_id})
        for number, row in rows.items():
            self._numbers[row.entry_id or ""].append(number)
        self._keyword.put([(row.number, row.text, label) for row, label in zip(new, labels, strict=True)])
        self._letters.put([(row.number, row.text, row.language) for row in new])

    def drop(self, entry_ids: Iterable[str]) -> None:
        """Take entries out at once; an index of vectors that is away gives up theirs with the next change. One that is
        not there is none to take."""
        names = list(entry_ids)
        self._forget([number for name in names for number in self._numbers.pop(name, [])])
        for name in names:
            self._entries.pop(name, None)

    def _forget(self, numbers: list[int], *, with_vectors: bool = True) -> None:
        for number in numbers:
            del self._rows[number]
        self._keyword.drop(numbers)
        self._letters.drop(numbers)
        self._undeleted.update(numbers if with_vectors else ())
        if not self._undeleted:
            return
        try:
            self._vectors.delete(np.array(sorted(self._undeleted), dtype=np.int64))
        except KnowledgeIndexError as error:
            logger.warning("Vectors of withdrawn entries are not deleted yet: %s", error)
        else:
            self._undeleted.clear()

    def find(self, query: Query) -> Hits:
        """Recall rows by every route, side by side, each with its likeness in meaning and in letters."""
        near, words, ruled, asked = self._recalled(query)
        numbers = list(dict.fromkeys([*near, *words, *self._first_rows(ruled, query)]))
        numbers, dense = self._likeness(numbers, near, query.vector)
        rows = [self._rows[number] for number in numbers]
        nowhere = [at for at, number in enumerate(self._unanswerable) if number not in query.where.without]
        names = sorted({row.entry_id or "" for row in rows})
        place = {name: at for at, name in enumerate(names)}
        entry = np.array([place[row.entry_id or ""] for row in rows], dtype=np.int64)
        return Hits(
            entries=[self._entries[name] for name in names],
            rows=rows,
            entry=entry,
            dense=dense,
            letters=asked.likeness(numbers),
            words=np.array([words.get(number, 0.0) for number in numbers]),
            ruled=[place[name] for name in ruled if name in place],
            concerning=np.array([self._concerns(name, query.interests) for name in names], dtype=bool),
            unanswerable_dense=float((self._unanswerable_vectors[nowhere] @ query.vector).max(initial=-1.0)),
            unanswerable_letters=float(asked.likeness([self._unanswerable[at] for at in nowhere]).max(initial=0.0)),
            coverage=asked.coverage(numbers, entry, len(names)),
            known=asked.known(query.where.language),
        )

    def _recalled(self, query: Query) -> tuple[list[int], dict[int, float], list[str], Asked]:
        """Give rows by meaning, rows by words with their scores, entries by rules, and the question's letters.

        No route knows of the others. Meaning has a thread of its own: a server of vectors is waited for, and FAISS
        lets Python go on; whatever is looked up here is looked up meanwhile.
        """
        meaning = self._beside.submit(self._vectors.search, query.vector[None, :], RECALLED, query.where, query.dim)
        try:
            ruled = self._ruled(query)
            words = dict(self._keyword.search(query.text, RECALLED, query.where))
            asked = self._letters.read(query.text)
        finally:
            wait([meaning])  # nothing is put in or taken out while the index is read, whatever failed here
        found, _ = meaning.result()
        # In a store that several workers share, another one may be ahead: what is not known here is passed over, as is
        # what could not be deleted there.
        return [number for number in found[0].tolist() if number in self._rows], words, ruled, asked

    def _likeness(self, numbers: list[int], near: list[int], vector: Vectors) -> tuple[list[int], NDArray[np.float32]]:
        """Give the rows whose vectors there are, and their likeness in meaning; ``near`` were just found by it."""
        if not numbers:
            return numbers, np.zeros(0, dtype=np.float32)
        try:
            rows = self._vectors.vectors(np.array(numbers, dtype=np.int64))
        except KnowledgeIndexError:
            if numbers == near or not near:
                raise
            return self._likeness(near, near, vector)
        except KeyError as missing:  # another worker of a shared index took these away, and this one will, too
            gone = set(missing.args)
            left, still_near = ([one for one in part if one not in gone] for part in (numbers, near))
            return self._likeness(left, still_near, vector)
        likeness: NDArray[np.float32] = rows @ vector
        return numbers, likeness

    def _ruled(self, query: Query) -> list[str]:
        """Give the entries that a rule names and that may be given."""
        return [name for name in self._rules.match(query.text) if self._first_rows([name], query)]

    def _first_rows(self, names: Collection[str], query: Query) -> list[int]:
        """Give the first row of each entry that may be given."""
        found = []
        for name in names:
            for number in self._numbers.get(name, []):
                if query.where.admits(number, label_of(self._rows[number], self._entries[name])):
                    found.append(number)
                    break
        return found

    def _concerns(self, name: str, interests: frozenset[str]) -> bool:
        entry = self._entries[name]
        return not interests.isdisjoint((entry.category, *entry.tags))
