"""A second opinion on danger and fraud, by meaning: for wordings that no table of words has.

Whoever is after a customer's money tells a new story every month. A logistic regression over the vectors of example
sentences says how likely a message tells of one. How likely it must be is fitted on the examples themselves, each
judged by a model that has not seen it; the sentences that only come near (``none``) decide about that. What was
fitted is kept: a process that is started anew answers its first customer without seconds of fitting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kefu.dialogue.words.examples import NONE, Examples, keep_arrays, kept_arrays, made_of
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
_RECIPE = f"regression C={_C} folds={_FOLDS} seed={_SEED} cost={_IN_VAIN_COSTS} lowest={_LOWEST} {FAMILIES}"


@dataclass(frozen=True)
class Bar:
    """The probability that a family of groups must reach.

    ``heard``: share of its examples that reach it, judged by models that have not seen them. ``in_vain``: number of
    the sentences of no group that do.
    """

    probability: float
    heard: float
    in_vain: int


@dataclass(frozen=True)
class AlarmModel:
    """A fitted regression: the groups, ``float64[groups, dim]``, ``float64[groups]``, and the bar of each family."""

    groups: tuple[str, ...]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    bars: Mapping[tuple[str, ...], Bar]

    @classmethod
    def fit(cls, vectors: Vectors, named: Sequence[str]) -> "AlarmModel":
        """Fit it to the vectors of examples, ``float32[n, dim]``, and the group of each."""
        groups = np.array(named)
        regression = _regression().fit(vectors, groups)
        found: tuple[str, ...] = tuple(regression.classes_.tolist())
        weights, offsets = regression.coef_, regression.intercept_
        if len(found) == 2:  # scikit-learn keeps the second one's only
            weights, offsets = np.vstack([np.zeros_like(weights), weights]), np.append(0.0, offsets)
        unseen = _judged_unseen(vectors, groups)
        bars = {family: _bar(_of(found, unseen, family), groups, family) for family in FAMILIES}
        return cls(found, weights, offsets, bars)

    def probabilities(self, vectors: Vectors) -> NDArray[np.float64]:
        """Say how likely each text is to belong to each group: ``float32[n, dim]`` → ``float64[n, groups]``."""
        scores = vectors @ self.weights.T + self.offsets
        odds: NDArray[np.float64] = np.exp(scores - scores.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)


class AlarmOpinion:
    """Says what messages must be warned of; safe between threads."""

    def __init__(self, model: AlarmModel, embedder: Embedder) -> None:
        self._model = model
        self._embedder = embedder
        self.bars = model.bars

    @classmethod
    def open(cls, examples: Examples, embedder: Embedder, cache: Path) -> "AlarmOpinion":
        """Fit it to the examples, or take from ``cache`` (.npz) what was fitted to the same ones before.

        :raises ModelError: if the model cannot embed them.
        """
        made_by = f"{made_of(examples, embedder)} {_RECIPE}"
        model = _kept(cache, made_by)
        if model is None:
            model = AlarmModel.fit(embedder.embed(examples.texts, task=INTENT), examples.groups)
            _keep(cache, made_by, model)
        return cls(model, embedder)

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Give the group of each text, None where it is not likely enough to belong to any.

        :raises ModelError: if the model cannot embed them.
        """
        if not texts:
            return []
        return [self._group(row) for row in self._model.probabilities(self._embedder.embed(texts, task=INTENT))]

    def _group(self, row: NDArray[np.float64]) -> str | None:
        groups = self._model.groups
        heard = [family for family in FAMILIES if _of(groups, row[None], family)[0] >= self.bars[family].probability]
        known = [(row[groups.index(group)], group) for family in heard for group in family if group in groups]
        return max(known)[1] if known else None


def _of(groups: Sequence[str], rows: NDArray[np.float64], family: tuple[str, ...]) -> NDArray[np.float64]:
    """Add up the probabilities of a family's groups: ``[n, groups]`` → ``[n]``."""
    total: NDArray[np.float64] = rows[:, np.isin(groups, family)].sum(axis=1)
    return total


def _kept(cache: Path, made_by: str) -> AlarmModel | None:
    stored = kept_arrays(cache, made_by)
    if stored is None:
        return None
    bars = {
        family: Bar(float(probability), float(heard), int(in_vain))
        for family, (probability, heard, in_vain) in zip(FAMILIES, stored["bars"], strict=True)
    }
    return AlarmModel(tuple(stored["groups"].tolist()), stored["weights"], stored["offsets"], bars)


def _keep(cache: Path, made_by: str, model: AlarmModel) -> None:
    bars = np.array([astuple(model.bars[family]) for family in FAMILIES])
    groups = np.array(model.groups)
    keep_arrays(cache, made_by, groups=groups, weights=model.weights, offsets=model.offsets, bars=bars)


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


def _bar(probability: NDArray[np.float64], groups: NDArray[np.str_], family: tuple[str, ...]) -> Bar:
    """Find the bar that is worth most on the examples; of two that are worth the same, the higher one."""
    ours, others = probability[np.isin(groups, family)], probability[groups == NONE]
    worth, bar = 0, Bar(float("inf"), 0.0, 0)
    for low in sorted((value for value in ours if value > _LOWEST), reverse=True):
        hits, in_vain = int((ours >= low).sum()), int((others >= low).sum())
        if hits - _IN_VAIN_COSTS * in_vain > worth:
            worth, bar = hits - _IN_VAIN_COSTS * in_vain, Bar(float(low), hits / len(ours), in_vain)
    return bar
