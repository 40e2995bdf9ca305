"""A second opinion on danger and fraud, by meaning: for wordings that no table of words has.

Whoever is after a customer's money tells a new story every month. A logistic regression over the vectors of example
sentences says how likely a message tells of one. How likely it must be is fitted on the examples themselves, each
judged by a model that has not seen it; the sentences that only come near (``none``) decide about that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kefu.dialogue.examples import NONE, Examples, vectors_of
from kefu.models.prompts import INTENT
from kefu.protocols import Embedder, Vectors

# What must be told from `none` together: which of them it is matters less than that it is one.
FAMILIES: tuple[tuple[str, ...], ...] = (("danger",), ("fraud", "takeover"))
GROUPS = tuple(group for family in FAMILIES for group in family)
# A missed one may cost the customer his money, a warning in vain costs him an answer; but the sentences of no group
# are those that come nearest of thousands, so that each stands for a rare mistake.
_IN_VAIN_COSTS = 2
_C = 15.0  # scikit-learn's inverse regularisation; recall of `tests/unit/alarms.txt` is flat from 5 to 40
_FOLDS = 10
_LOWEST = 0.5  # of all probability: a family that is not even likelier than everything else is never heard
_SEED = 0


@dataclass(frozen=True)
class Bar:
    """The probability that a family of groups must reach.

    ``heard``: share of its examples that reach it, judged by models that have not seen them. ``in_vain``: number of
    the sentences of no group that do.
    """

    probability: float
    heard: float
    in_vain: int


class AlarmOpinion:
    """Says what messages must be warned of; safe between threads."""

    def __init__(self, examples: Examples, vectors: Vectors, embedder: Embedder) -> None:
        """Fit model and bars; ``vectors`` are those of the examples, ``float32[n, dim]``."""
        groups = np.array(examples.groups)
        self._embedder = embedder
        self._model = _regression().fit(vectors, groups)
        self._groups: list[str] = self._model.classes_.tolist()
        unseen = _judged_unseen(vectors, groups)
        self.bars = {family: _fit(self._of(unseen, family), groups, family) for family in FAMILIES}

    @classmethod
    def open(cls, examples: Examples, embedder: Embedder, cache: Path) -> "AlarmOpinion":
        """Embed the examples, or take their vectors from ``cache`` (.npz) where the same model has made them.

        :raises ModelError: if the model cannot embed them.
        """
        return cls(examples, vectors_of(examples, embedder, cache), embedder)

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Give the group of each text, None where it is not likely enough to belong to any.

        :raises ModelError: if the model cannot embed them.
        """
        if not texts:
            return []
        return [self._group(row) for row in self._model.predict_proba(self._embedder.embed(texts, task=INTENT))]

    def _group(self, row: NDArray[np.float64]) -> str | None:
        heard = [family for family in FAMILIES if self._of(row[None], family)[0] >= self.bars[family].probability]
        known = [
            (row[self._groups.index(group)], group) for family in heard for group in family if group in self._groups
        ]
        return max(known)[1] if known else None

    def _of(self, rows: NDArray[np.float64], family: tuple[str, ...]) -> NDArray[np.float64]:
        """Add up the probabilities of a family's groups: ``[n, groups]`` → ``[n]``."""
        total: NDArray[np.float64] = rows[:, np.isin(self._groups, family)].sum(axis=1)
        return total


def _regression():  # type: ignore[no-untyped-def]
    from sklearn.linear_model import LogisticRegression  # seconds, which only who asks for an opinion pays

    return LogisticRegression(C=_C, max_iter=2000)


def _judged_unseen(vectors: Vectors, groups: NDArray[np.str_]) -> NDArray[np.float64]:
    """Give the probabilities of each example by a model fitted on other ones, ``[n, groups]``."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = min(_FOLDS, int(np.unique(groups, return_counts=True)[1].min()))
    if folds < 2:  # too few to judge any: nothing is accepted
        return np.zeros((len(groups), len(set(groups))))
    split = StratifiedKFold(folds, shuffle=True, random_state=_SEED)
    found: NDArray[np.float64] = cross_val_predict(_regression(), vectors, groups, cv=split, method="predict_proba")
    return found


def _fit(probability: NDArray[np.float64], groups: NDArray[np.str_], family: tuple[str, ...]) -> Bar:
    """Find the bar that is worth most on the examples; of two that are worth the same, the higher one."""
    ours, others = probability[np.isin(groups, family)], probability[groups == NONE]
    worth, bar = 0, Bar(float("inf"), 0.0, 0)
    for low in sorted((value for value in ours if value > _LOWEST), reverse=True):
        hits, in_vain = int((ours >= low).sum()), int((others >= low).sum())
        if hits - _IN_VAIN_COSTS * in_vain > worth:
            worth, bar = hits - _IN_VAIN_COSTS * in_vain, Bar(float(low), hits / len(ours), in_vain)
    return bar
