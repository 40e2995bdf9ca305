"""Finds the entries that a question may mean, by four routes: meaning, words, rules, what concerns the customer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.entries import Entry
from kefu.knowledge.keyword import KeywordIndex
from kefu.knowledge.letters import Letters
from kefu.knowledge.question_rules import QuestionRules
from kefu.knowledge.ranking import Hits
from kefu.knowledge.rows import Row, label_of, rows_of_entry
from kefu.protocols import VectorIndex, Vectors, Where

_RECALLED = 100  # rows that a route brings


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
        self._unanswerable = [row.number for row in unanswerable]
        self._unanswerable_vectors = unanswerable_vectors
        self._letters.put([(row.number, row.text, row.language) for row in unanswerable])

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
        """Put entries in, each instead of the one of its id.

        :param vectors: of every row, by its number; None if the index of vectors holds them already.
        """
        entries = list(entries)
        self.drop((entry.id for entry in entries), with_vectors=vectors is not None)
        rows = [(row, label_of(row, entry)) for entry in entries for row in rows_of_entry(entry)]
        for entry in entries:
            self._entries[entry.id] = entry
            self._numbers[entry.id] = []
        for row, label in rows:
            self._rows[row.number] = row
            self._numbers[label.entry_id].append(row.number)
        self._keyword.put([(row.number, row.text, label) for row, label in rows])
        self._letters.put([(row.number, row.text, row.language) for row, _ in rows])
        if vectors is not None and rows:
            numbers = [row.number for row, _ in rows]
            self._vectors.upsert(
                np.array(numbers, dtype=np.int64),
                np.stack([vectors[number] for number in numbers]),
                [label for _, label in rows],
            )

    def drop(self, entry_ids: Iterable[str], *, with_vectors: bool = True) -> None:
        """Take entries out; one that is not there is none to take."""
        gone = [number for name in entry_ids for number in self._numbers.pop(name, [])]
        for number in gone:
            self._entries.pop(self._rows.pop(number).entry_id or "", None)
        if gone:
            self._keyword.drop(gone)
            self._letters.drop(gone)
            if with_vectors:
                self._vectors.delete(np.array(gone, dtype=np.int64))

    def find(self, query: Query) -> Hits:
        """Recall rows by every route, each with its likeness in meaning and in letters."""
        ruled = self._ruled(query)
        found, _ = self._vectors.search(query.vector[None, :], _RECALLED, query.where, query.dim)
        words = dict(self._keyword.search(query.text, _RECALLED, query.where))
        numbers = list(dict.fromkeys([*found[0][found[0] >= 0].tolist(), *words, *self._first_rows(ruled, query)]))
        rows = [self._rows[number] for number in numbers]
        asked = self._letters.read(query.text)
        nowhere = [at for at, number in enumerate(self._unanswerable) if number not in query.where.without]
        names = sorted({row.entry_id or "" for row in rows})
        place = {name: at for at, name in enumerate(names)}
        entry = np.array([place[row.entry_id or ""] for row in rows], dtype=np.int64)
        return Hits(
            entries=[self._entries[name] for name in names],
            rows=rows,
            entry=entry,
            dense=self._likeness(numbers, query.vector),
            letters=asked.likeness(numbers),
            words=np.array([words.get(number, 0.0) for number in numbers]),
            ruled=[place[name] for name in ruled],
            concerning=np.array([self._concerns(name, query.interests) for name in names], dtype=bool),
            unanswerable_dense=float((self._unanswerable_vectors[nowhere] @ query.vector).max(initial=-1.0)),
            unanswerable_letters=float(asked.likeness([self._unanswerable[at] for at in nowhere]).max(initial=0.0)),
            coverage=asked.coverage(numbers, entry, len(names)),
            known=asked.known(query.where.language),
        )

    def _likeness(self, numbers: Sequence[int], vector: Vectors) -> NDArray[np.float32]:
        if not numbers:
            return np.zeros(0, dtype=np.float32)
        likeness: NDArray[np.float32] = self._vectors.vectors(np.array(numbers, dtype=np.int64)) @ vector
        return likeness

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
