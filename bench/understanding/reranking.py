"""Part C: what the reranker does to the first fifty entries that the vectors with n-grams bring."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kefu.errors import ModelError
from kefu.knowledge.entries import Knowledge
from kefu.knowledge.evaluation.questions import Question
from kefu.knowledge.recall.reranking import document_of
from kefu.models.loader import build_reranker
from kefu.models.reranker_base import BatchedReranker
from kefu.settings import EMBEDDED, RerankerSettings
from understanding.metrics import Rows, mean_reciprocal_rank, ranks, recall_at
from understanding.progress import watched
from understanding.retrieval import FITTED_ON, MRR, RECALL_1, best_share, entry_scores, spread
from understanding.sides import Side
from understanding.slices import by_kind_and_language
from understanding.tables import Comparison, Row, Table, make_row
from understanding.wordings import Shelf, answerable, read_knowledge, shelf_of

CANDIDATES = 50
SEARCH, RERANKED, MIXED = "search", "reranker", "search + reranker"
RERANKING = "reranker"
WEIGHTS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1)  # of the reranker's log-odds beside the search's score
COMPARISONS: tuple[Comparison, ...] = ((RERANKED, SEARCH), (MIXED, SEARCH))
Score = Callable[[str, Sequence[str]], np.ndarray]
"""A question and documents to ``float32[n]`` in [0, 1]."""


class Missing(Exception):
    """Something that a part needs is not there; the part is left out, and the message says why."""


@dataclass(frozen=True)
class Candidates:
    """The best entries by the search, their scores, the reranker's log-odds (each ``[n, k]``); ms of each question."""

    entries: np.ndarray
    scores: np.ndarray
    odds: np.ndarray
    right: list[list[int]]
    milliseconds: np.ndarray

    def places(self, score: np.ndarray) -> Rows:
        """Rank the right entries by a score of the candidates, ``[n, k]``; one that is no candidate comes last."""
        whole = np.full((len(self.entries), int(self.entries.max()) + 1 + self._beyond()), -np.inf)
        np.put_along_axis(whole, self.entries, score, axis=1)
        return ranks(whole, self.right)

    def _beyond(self) -> int:
        return max(0, max(max(one) for one in self.right) - int(self.entries.max()))


def load_reranker(model: str | None) -> BatchedReranker:
    """Give the reranker of a folder, or the one that ships with Kefu.

    :raises Missing: if there is none, or it cannot be loaded.
    """
    try:
        reranker = build_reranker(RerankerSettings(model=model or EMBEDDED))
        assert reranker is not None
        reranker.warm_up()
    except ModelError as error:
        raise Missing(f"it cannot be loaded: {error}") from error
    return reranker


def measure_reranker(score: Score, side: Side, split: str, most: int | None = None) -> Table:
    """Rank the answerable questions of a split by the search, by the reranker alone, and by both."""
    knowledge = read_knowledge()
    shelf = shelf_of(knowledge)
    questions = spread(answerable(split, shelf), most)
    found = _candidates(score, side, knowledge, shelf, questions)
    other = (
        found
        if split == FITTED_ON
        else _candidates(score, side, knowledge, shelf, spread(answerable(FITTED_ON, shelf), most))
    )
    weight = max(WEIGHTS, key=lambda one: mean_reciprocal_rank(other.places(other.scores + one * other.odds)).value)
    places = {
        SEARCH: found.places(found.scores),
        RERANKED: found.places(found.odds),
        MIXED: found.places(found.scores + weight * found.odds),
    }
    note = (
        f"first {CANDIDATES} entries by {side.name}; with {weight} × the reranker's log-odds, chosen on {FITTED_ON}; "
        f"{np.median(found.milliseconds):.0f} ms a question (median)"
    )
    return Table(RERANKING, note, _lines(places, questions))


def _candidates(
    score: Score, side: Side, knowledge: Knowledge, shelf: Shelf, questions: Sequence[Question]
) -> Candidates:
    share = best_share(side, shelf, answerable(FITTED_ON, shelf))
    scores = entry_scores(side, shelf, questions, share)
    entries = np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES]
    odds = np.zeros(entries.shape)
    spent = np.zeros(len(questions))
    for at, question in enumerate(watched(questions, "Reranking")):
        documents = [document_of(knowledge.entries[shelf.ids[number]], question.language) for number in entries[at]]
        began = time.perf_counter()
        chance = np.clip(score(question.text, documents), 1e-7, 1 - 1e-7).astype(np.float64)
        spent[at] = (time.perf_counter() - began) * 1000
        odds[at] = np.log(chance / (1 - chance))
    return Candidates(entries, np.take_along_axis(scores, entries, axis=1), odds, shelf.right(questions), spent)


def _lines(places: dict[str, Rows], questions: Sequence[Question]) -> list[Row]:
    slices = by_kind_and_language([one.kind for one in questions], [one.language for one in questions])
    measures = {RECALL_1: partial(recall_at, 1), MRR: mean_reciprocal_rank}
    return [
        make_row(
            name, part.name, {side: of(found[part.rows]) for side, found in places.items()}, COMPARISONS, part.tags
        )
        for name, of in measures.items()
        for part in slices
    ]
