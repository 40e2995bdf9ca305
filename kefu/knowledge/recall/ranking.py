"""Orders what the routes found, by the fusion of their places with fitted weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.entries import Entry
from kefu.knowledge.index.rule import Rule, Signals
from kefu.knowledge.recall.fusion import Places, fused, hard_places, smooth_places
from kefu.knowledge.recall.routes import DENSE, FUSED, KEYWORD, PROFILE, RERANKER, RULES
from kefu.knowledge.recall.rows import Row
from kefu.protocols import Scores
from kefu.text import Language

JUDGED = 50  # entries that a reranker reads
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
    """The entries found, in order. An entry counts as much as its best row; by words, the more so the more of the
    question its rows have together."""

    def __init__(self, hits: Hits, rule: Rule, language: Language, reranked: Scores | None = None) -> None:
        """Order hits of a question whose words are in ``language``.

        :param reranked: what a reranker says of the first entries of the order without it, ``float32[n]``.
        """
        self._hits, self._rule, self._language = hits, rule, language
        self._foreign = np.array([row.language != language for row in hits.rows], dtype=bool)
        # Language is a preference, never a wall.
        self._likeness = hits.dense - rule.language_bonus * self._foreign
        self._dense = self._best_of(self._likeness, -2.0)
        self._scores, self._places = self._routes()
        self._score = fused(self._places, self.popularity, rule)
        self._order = np.argsort(-self._score, kind="stable")
        if reranked is not None:
            self._take_in(reranked)

    def _take_in(self, reranked: Scores) -> None:
        judged = self._order[: len(reranked)]
        chances = np.zeros(len(self._order))
        chances[judged] = reranked
        # Of equal chances the one that the routes put first stays first.
        by_chance = judged[np.argsort(-reranked, kind="stable")]
        places = np.zeros(len(self._order))
        places[by_chance] = np.arange(1, len(by_chance) + 1)
        self._scores[RERANKER], self._places[RERANKER] = chances, places
        self._score = fused(self._places, self.popularity, self._rule)
        self._order = np.argsort(-self._score, kind="stable")

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

    def route(self, name: str) -> list[tuple[str, float]]:
        """Give the entries that one route (or their fusion) brought, in its order: ids, and scores in its own unit.

        By meaning and by profile a cosine, by words BM25 times the share of the question that the entry has, by rules
        1, of the reranker (of which there is nothing where it was not asked) a chance.
        """
        if name == RERANKER and name not in self._places:
            return []
        scores = self._score if name == FUSED else self._scores[name]
        places = hard_places(scores, np.ones(len(scores), dtype=bool)) if name == FUSED else self._places[name]
        brought = np.flatnonzero(places)
        order = brought[np.argsort(places[brought], kind="stable")]
        return [(self._hits.entries[number].id, float(scores[number])) for number in order]

    @property
    def hits(self) -> Hits:
        """What is ordered."""
        return self._hits

    @property
    def places(self) -> Mapping[str, Places]:
        """The place of each entry (in the order of the hits) in each route, smooth where the route's are."""
        return self._places

    @property
    def popularity(self) -> NDArray[np.float64]:
        """How much each entry is asked for, in the order of the hits."""
        return np.array([entry.popularity for entry in self._hits.entries], dtype=np.float64)

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

    def _routes(self) -> tuple[dict[str, NDArray[np.float64]], dict[str, Places]]:
        """Give each entry's score and place in each route; the place is 0 where the route did not bring it."""
        hits, rule = self._hits, self._rule
        # Coordination, as in Lucene's classic scoring: BM25 of one row says little of the words that it lacks.
        words = self._best_of(hits.words, 0.0) * hits.coverage
        ruled = np.zeros(len(hits.entries))
        ruled[hits.ruled] = np.arange(1, len(hits.ruled) + 1)
        every = np.ones(len(hits.entries), dtype=bool)
        most = float(np.maximum(words.max(initial=0.0), np.finfo(np.float64).tiny))
        scores = {DENSE: self._dense, KEYWORD: words, RULES: (ruled > 0).astype(np.float64), PROFILE: self._dense}
        places = {
            DENSE: hard_places(self._dense, every),
            KEYWORD: smooth_places(words / most, words > 0, rule.keyword_temperature),
            RULES: ruled,
            PROFILE: hard_places(self._dense, hits.concerning),
        }
        return scores, places

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
            places={route: self._place(route, number) for route, found in self._places.items() if found[number]},
        )

    def _place(self, route: str, number: int) -> int:
        """Give the whole-numbered place of an entry that a route brought."""
        places = self._places[route]
        return int((places[places > 0] < places[number]).sum()) + 1
