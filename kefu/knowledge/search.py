"""Finds the entries that a question may mean: by meaning (FAISS) and by letters (TF-IDF), fused by a fitted rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.decide import Rule, Signals
from kefu.knowledge.entries import Knowledge
from kefu.knowledge.lexical import LexicalIndex
from kefu.knowledge.rows import Row
from kefu.protocols import Vectors
from kefu.text import LANGUAGES, Language

_RECALLED = 100  # rows that each route brings
_AGREEING = 5  # the best rows that are asked whether they name the same entry
# Enough to order entries that are otherwise alike, and no more.
_POPULARITY_WEIGHT = 0.01


@dataclass(frozen=True)
class Hits:
    """Rows found by either route, each with both scores; ``nowhere`` are the likenesses to what nothing answers."""

    question: str
    only: Language | None
    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    nowhere_dense: float
    nowhere_lexical: float


@dataclass(frozen=True)
class Found:
    """An entry with its best row."""

    entry_id: str
    row: int
    score: float
    dense: float
    lexical: float


class Search:
    """Search over one state of the knowledge; immutable, so that threads share it freely."""

    def __init__(self, knowledge: Knowledge, rows: Sequence[Row], vectors: Any) -> None:
        """Take ``vectors`` as a FAISS index with one vector for each of ``rows``, in their order."""
        self.rows = list(rows)
        self._vectors = vectors
        self._ids = sorted(knowledge.entries)
        number = {entry_id: position for position, entry_id in enumerate(self._ids)}
        answering = [row for row in rows if row.entry_id is not None]
        self._count = len(answering)
        self._entry = np.array([number[row.entry_id or ""] for row in answering], dtype=np.int64)
        self._language = np.array([LANGUAGES.index(row.language) for row in answering], dtype=np.int8)
        self._prior = np.array([_POPULARITY_WEIGHT * knowledge.entries[name].popularity for name in self._ids])
        self._lexical = LexicalIndex([row.text for row in rows])
        self._vocabulary = {only: self._lexical.vocabulary(self._rows_in(only)) for only in (None, *LANGUAGES)}
        self._unanswerable: Vectors = vectors.reconstruct_n(self._count, len(rows) - self._count)

    def _rows_in(self, only: Language | None) -> NDArray[np.int64]:
        """Give the rows of one language, or of all: a range, since rows stand in the order of their language."""
        if only is None:
            return np.arange(self._count)
        code = LANGUAGES.index(only)
        return np.arange(*np.searchsorted(self._language, [code, code + 1]))

    def find(
        self, question: str, vector: Vectors, *, only: Language | None = None, without: Collection[int] = ()
    ) -> Hits:
        """Recall rows by both routes.

        :param vector: the question's, ``float32[dim]``.
        :param only: rows of this language alone, as if the knowledge had no other.
        :param without: rows to leave out (a question that is measured against the rest).
        """
        allowed = np.zeros(self._count, dtype=bool)
        allowed[self._rows_in(only)] = True
        allowed[[row for row in without if row < self._count]] = False
        letters = self._lexical.scores(question)
        lexical = np.where(allowed, letters[: self._count], np.float32(0))
        rows = np.union1d(self._dense_rows(vector, only, len(without)), self._lexical_rows(lexical))
        rows = rows[allowed[rows]]
        nowhere = [row for row in range(self._count, len(self.rows)) if row not in without]
        return Hits(
            question=question,
            only=only,
            rows=rows,
            dense=self._vectors.reconstruct_batch(rows) @ vector if len(rows) else np.zeros(0, dtype=np.float32),
            lexical=lexical[rows],
            nowhere_dense=float((self._unanswerable @ vector)[np.array(nowhere) - self._count].max()),
            nowhere_lexical=float(letters[nowhere].max()),
        )

    def _dense_rows(self, vector: Vectors, only: Language | None, spare: int) -> NDArray[np.int64]:
        import faiss

        allowed = self._rows_in(only)
        if not len(allowed):
            return allowed
        selector = faiss.IDSelectorRange(int(allowed[0]), int(allowed[-1]) + 1)
        parameters = faiss.SearchParameters(sel=selector)
        _, found = self._vectors.search(vector[None, :], _RECALLED + spare, params=parameters)
        return found[0][found[0] >= 0]

    @staticmethod
    def _lexical_rows(scores: NDArray[np.float32]) -> NDArray[np.int64]:
        found = np.flatnonzero(scores)
        if len(found) > _RECALLED:
            found = found[np.argpartition(-scores[found], _RECALLED)[:_RECALLED]]
        return found

    def rank(self, hits: Hits, rule: Rule, language: Language) -> "Ranking":
        """Order the hits of a question whose words are in ``language``."""
        code = LANGUAGES.index(language)
        entry = self._entry[hits.rows]
        foreign = self._language[hits.rows] != code
        score = hits.dense + rule.lexical_weight * hits.lexical - rule.language_bonus * foreign + self._prior[entry]
        return Ranking(self, hits, entry, foreign, score)

    def entry_name(self, number: int) -> str:
        """Give the id of an entry by its number."""
        return self._ids[number]

    def coverage(self, hits: Hits, entry: int) -> float:
        """Give the share of the question's letters and words that an entry's texts have."""
        rows = self._rows_in(hits.only)
        own = rows[self._entry[rows] == entry]
        return self._lexical.coverage(hits.question, self._lexical.vocabulary(own))

    def known(self, hits: Hits) -> float:
        """Give the share of the question's letters and words that any entry's texts have."""
        return self._lexical.coverage(hits.question, self._vocabulary[hits.only])


class Ranking:
    """Hits in order. An entry counts as much as its best row."""

    def __init__(
        self,
        search: Search,
        hits: Hits,
        entry: NDArray[np.int64],
        foreign: NDArray[np.bool_],
        score: NDArray[np.floating[Any]],
    ) -> None:
        self._search, self._hits, self._entry, self._foreign, self._score = search, hits, entry, foreign, score
        self._order = np.argsort(-score, kind="stable")
        _, first = np.unique(entry[self._order], return_index=True)
        self._best = self._order[np.sort(first)]  # the best hit of each entry, the best entry first

    def __len__(self) -> int:
        return len(self._best)

    def entry_ids(self) -> list[str]:
        """Give the entries, the best first."""
        return [self._search.entry_name(number) for number in self._entry[self._best]]

    def top(self, count: int) -> list[Found]:
        """Give the best entries with their scores."""
        return [
            Found(
                entry_id=self._search.entry_name(self._entry[position]),
                row=int(self._hits.rows[position]),
                score=float(self._score[position]),
                dense=float(self._hits.dense[position]),
                lexical=float(self._hits.lexical[position]),
            )
            for position in self._best[:count]
        ]

    def signals(self) -> Signals | None:
        """Say what speaks for the best entry; None if nothing was found."""
        if not len(self):
            return None
        top = self._best[0]
        next_score = self._score[self._best[1]] if len(self) > 1 else 0.0
        return Signals(
            dense=float(self._hits.dense[top]),
            lexical=float(self._hits.lexical[top]),
            margin=float(self._score[top] - next_score),
            agreement=float((self._entry[self._order[:_AGREEING]] == self._entry[top]).mean()),
            ahead_of_nowhere=float(self._hits.dense[top]) - self._hits.nowhere_dense,
            letters_ahead_of_nowhere=float(self._hits.lexical[top]) - self._hits.nowhere_lexical,
            coverage=self._search.coverage(self._hits, int(self._entry[top])),
            known=self._search.known(self._hits),
            other_language=bool(self._foreign[top]),
        )
