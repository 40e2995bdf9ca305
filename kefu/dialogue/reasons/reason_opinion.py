"""A second opinion on what a customer gives as his reason, by meaning: for wordings that no table of words has.

The reason of the example sentences nearest to his words is taken if they are near enough, and no other reason is
about as near. How near is fitted on the examples themselves, each judged by all others (leave one out), whenever
examples or model change; scores of different models have nothing in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kefu.dialogue.words.examples import NONE, Examples, vectors_of
from kefu.models.prompts import INTENT
from kefu.protocols import Embedder, Vectors

_NEAREST = 3  # examples of a reason that speak for it
# A wrong reason costs the customer's trust, an unread one a question: so many right ones make up for a wrong one.
_WRONG_COSTS = 8
_STEPS = 40  # thresholds tried of each kind


@dataclass(frozen=True)
class Bar:
    """What a reason must reach: likeness to its examples, and distance to the next reason (both of cosines).

    ``right`` and ``wrong``: shares of the examples that give a reason, judged by all others, whose reason was then
    accepted, rightly and wrongly.
    """

    likeness: float
    margin: float
    right: float
    wrong: float


class ReasonOpinion:
    """Gives reasons by meaning; safe between threads."""

    def __init__(self, examples: Examples, vectors: Vectors, embedder: Embedder) -> None:
        """Fit the bar; ``vectors`` are those of the examples, ``float32[n, dim]``."""
        self._embedder = embedder
        self._vectors = vectors
        self._keys, self._members = _groups(examples.groups)
        self.bar = _fit(vectors @ vectors.T, np.array(examples.groups), self._keys, self._members)

    @classmethod
    def open(cls, examples: Examples, embedder: Embedder, cache: Path) -> "ReasonOpinion":
        """Embed the examples, or take their vectors from ``cache`` (.npz) where the same model has made them.

        :raises ModelError: if the model cannot embed them.
        """
        return cls(examples, vectors_of(examples, embedder, cache), embedder)

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Give the reason of each text, None where it is not sure or there is none.

        :raises ModelError: if the model cannot embed them.
        """
        if not texts:
            return []
        likeness = self._embedder.embed(texts, task=INTENT) @ self._vectors.T
        scores = _scores(likeness, self._members)
        best, score, margin = _best(scores)
        accepted = (score >= self.bar.likeness) & (margin >= self.bar.margin)
        return [
            self._keys[group] if is_accepted and self._keys[group] != NONE else None
            for group, is_accepted in zip(best, accepted, strict=True)
        ]


def _groups(reasons: Sequence[str]) -> tuple[list[str], list[NDArray[np.intp]]]:
    """Give the reasons, and the numbers of the examples of each."""
    keys = list(dict.fromkeys(reasons))
    named = np.array(reasons)
    return keys, [np.flatnonzero(named == key) for key in keys]


def _scores(likeness: NDArray[np.float32], members: Sequence[NDArray[np.intp]]) -> NDArray[np.float32]:
    """Give the mean likeness to the nearest examples of each reason: ``[n, examples]`` → ``[n, reasons]``."""
    return np.stack([np.sort(likeness[:, group], axis=1)[:, -_NEAREST:].mean(axis=1) for group in members], axis=1)


def _best(scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """Give the best reason of each row, its score, and how far the next one is behind."""
    ordered = np.sort(scores, axis=1)
    return scores.argmax(axis=1), ordered[:, -1], ordered[:, -1] - ordered[:, -2]


def _fit(
    likeness: NDArray[np.float32], reasons: NDArray[np.str_], keys: list[str], members: list[NDArray[np.intp]]
) -> Bar:
    """Find the bar that is worth most on the examples, each judged by all others."""
    apart = likeness.copy()
    np.fill_diagonal(apart, -1.0)
    best, score, margin = _best(_scores(apart, members))
    found = np.array(keys)[best]
    gives, right = found != NONE, found == reasons
    total = max(1, int((reasons != NONE).sum()))
    # Beyond all scores: accept nothing, which is worth nothing.
    worth, bar = 0.0, Bar(float("inf"), float("inf"), 0.0, 0.0)
    for low in np.quantile(score, np.linspace(0.0, 0.98, _STEPS)):
        for gap in np.quantile(margin, np.linspace(0.0, 0.98, _STEPS)):
            accepted = gives & (score >= low) & (margin >= gap)
            hits, misses = int((accepted & right).sum()), int((accepted & ~right).sum())
            if hits - _WRONG_COSTS * misses > worth:
                worth = hits - _WRONG_COSTS * misses
                bar = Bar(float(low), float(gap), hits / total, misses / total)
    return bar
