"""Orders what the routes found: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009) with fitted weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.entries import Entry
from kefu.knowledge.index.rule import Rule, Signals
from kefu.knowledge.recall.rows import Row
from kefu.protocols import Scores
from kefu.text import Language

DENSE, KEYWORD, RULES, PROFILE, RERANKER = "dense", "keyword", "rules", "profile", "reranker"
ROUTES = (DENSE, KEYWORD, RULES, PROFILE)
FUSED = "fused"
RERANKED = 50  # entries that a reranker judges
# The 60 of the paper is for runs of a thousand documents; here the first few places have to tell.
_SMOOTHING = 10
# Enough to order entries that are otherwise alike, and no more.
_POPULARITY_WEIGHT = 0.001
_AGREEING = 5  # the best rows that are asked whether they name the same entry


@dataclass(frozen=True)
class Hits:
    """Rows found by any route and the entries they belong to.

    ``entry`` numbers the entry of each row; ``words`` is its BM25 score (0: not found by words). ``ruled`` are the
    entries that a rule names, in its order; ``concerning`` marks those that concern the customer. ``coverage`` is the
    share of the question's letters that an entry's rows here have, ``known`` that any row of all has.
    """

    entries: list[Entry]
    rows: list[Row]
    entry: NDArray[np.int64]
    dense: NDArray[np.float32]
    letters: NDArray[np.float32]
    words: NDArray[np.float64]
    ruled: list[int]
    concerning: NDArray[np.bool_]
    unanswerable_dense: float
    unanswerable_letters: float
    coverage: NDArray[np.float64]
    known: float


@dataclass(frozen=True)
class Found:
    """An entry with its best row, its fused score, and its place (from 1) in each route that brought it."""

    entry: Entry
    row: Row
    score: float
    dense: float
    letters: float
    places: Mapping[str, int]


class Ranking:
    """The entries found, in order. An entry counts as much as its best row."""

    def __init__(self, hits: Hits, rule: Rule, language: Language, reranked: Scores | None = None) -> None:
        """Order hits of a question whose words are in ``language``.

        :param reranked: what a reranker says of the first entries of the order without it, ``float32[n]``.
        """
        self._hits, self._rule, self._language = hits, rule, language
        self._foreign = np.array([row.language != language for row in hits.rows], dtype=bool)
        # Language is a preference, never a wall.
        self._likeness = hits.dense - rule.language_bonus * self._foreign
        self._dense = self._best_of(self._likeness, -2.0)
        self._places = self._routes()
        self._score = self._fused()
        order = np.argsort(-self._score, kind="stable")
        if reranked is not None:
            judged = order[: len(reranked)]
            self._places[RERANKER] = _places(judged[np.argsort(-reranked, kind="stable")], len(order))
            self._score = self._fused()
            order = np.argsort(-self._score, kind="stable")
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    def entries(self) -> list[Entry]:
        """Give the entries, the best first."""
        return [self._hits.entries[number] for number in self._order]

    def entry_ids(self) -> list[str]:
        """Give the ids of the entries, the best first."""
        return [entry.id for entry in self.entries()]

    def top(self, count: int) -> list[Found]:
        """Give the best entries with their scores."""
        return [self._found(int(number)) for number in self._order[:count]]

    def reranked(self, scores: Scores) -> "Ranking":
        """Give the order with a reranker's opinion on the first entries of this one."""
        return Ranking(self._hits, self._rule, self._language, scores)

    def route(self, name: str) -> list[str]:
        """Give the ids of the entries that one route brought, in its order."""
        places = self._places[name]
        brought = np.flatnonzero(places)
        return [self._hits.entries[number].id for number in brought[np.argsort(places[brought])]]

    def signals(self, place: int = 0) -> Signals | None:
        """Say what speaks for the entry at a place (0: the best); None if there is none."""
        if place >= len(self):
            return None
        top = int(self._order[place])
        hits, best = self._hits, self._best_row(top)
        others = np.delete(self._dense, top)
        order = np.argsort(-self._likeness, kind="stable")
        own = hits.entry == top
        dense, letters = float(hits.dense[own].max()), float(hits.letters[own].max())
        return Signals(
            dense=dense,
            letters=letters,
            margin=float(self._dense[top] - (others.max() if len(others) else 0.0)),
            agreement=float((hits.entry[order[:_AGREEING]] == top).mean()),
            ahead_of_nowhere=dense - hits.unanswerable_dense,
            letters_ahead_of_nowhere=letters - hits.unanswerable_letters,
            coverage=float(hits.coverage[top]),
            known=hits.known,
            other_language=bool(self._foreign[best]),
        )

    def _routes(self) -> dict[str, NDArray[np.int64]]:
        """Give the place (from 1) of each entry in each route; 0 where the route did not bring it."""
        count, words = len(self._hits.entries), self._best_of(self._hits.words, 0.0)
        by_meaning, by_words = np.argsort(-self._dense, kind="stable"), np.argsort(-words, kind="stable")
        return {
            DENSE: _places(by_meaning, count),
            KEYWORD: _places(by_words[words[by_words] > 0], count),
            RULES: _places(np.array(self._hits.ruled, dtype=np.int64), count),
            PROFILE: _places(by_meaning[self._hits.concerning[by_meaning]], count),
        }

    def _fused(self) -> NDArray[np.float64]:
        score = np.array([_POPULARITY_WEIGHT * entry.popularity for entry in self._hits.entries])
        for route, places in self._places.items():
            score += np.where(places > 0, self._rule.weight(route) / (_SMOOTHING + places), 0.0)
        return score

    def _best_of(self, values: NDArray[np.floating], lowest: float) -> NDArray[np.float64]:
        best = np.full(len(self._hits.entries), lowest)
        np.maximum.at(best, self._hits.entry, values)
        return best

    def _best_row(self, number: int) -> int:
        """Give the row of an entry that the question is most alike to, in meaning and letters together."""
        own = np.flatnonzero(self._hits.entry == number)
        return int(own[np.argmax((self._likeness + self._hits.letters)[own])])

    def _found(self, number: int) -> Found:
        best = self._best_row(number)
        return Found(
            entry=self._hits.entries[number],
            row=self._hits.rows[best],
            score=float(self._score[number]),
            dense=float(self._hits.dense[best]),
            letters=float(self._hits.letters[best]),
            places={route: int(places[number]) for route, places in self._places.items() if places[number]},
        )


def _places(order: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    places = np.zeros(count, dtype=np.int64)
    places[order] = np.arange(1, len(order) + 1)
    return places
