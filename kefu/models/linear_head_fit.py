"""Fits a :class:`~kefu.models.linear_head.LinearHead`: weights, regularisation, share of the blocks, temperature.

The two blocks stay apart in the objective: stacked into one sparse matrix, as scikit-learn would want them, the dense
one would make every step of L-BFGS some ten times slower.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

from kefu.errors import DataError
from kefu.models.linear_head import LinearHead, SparseScaler, unit_rows

DEFAULT_SHARE = 0.5
DEFAULT_C = 30.0
_SHARES = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
_CS = (3.0, 10.0, 30.0, 100.0, 300.0)
_FOLDS = 3
_ENOUGH_ROWS = 200  # from so many utterances on, an n-gram must stand in two of them to count
_SEARCH_AT_MOST = 4000  # utterances that the search looks at, so that its time stays bounded
_TEMPERATURES = (0.2, 5.0)
_SEED = 20260101


@dataclass(frozen=True)
class _Setting:
    """What the search chooses: ``share`` of the dense block, and ``c``, scikit-learn's inverse regularisation."""

    share: float
    c: float


@dataclass(frozen=True)
class _Sample:
    """Scaled features and labels of some utterances; either block may have no columns."""

    dense: np.ndarray  # float32[n, dim]
    sparse: sp.csr_matrix  # float32[n, columns]
    labels: np.ndarray  # int[n]
    classes: int

    def take(self, rows: np.ndarray) -> "_Sample":
        return _Sample(self.dense[rows], self.sparse[rows], self.labels[rows], self.classes)

    def importance(self) -> np.ndarray:
        """Weigh utterances so that each label counts alike ("balanced"); the weights sum to 1."""
        counts = np.bincount(self.labels, minlength=self.classes)
        weights = 1.0 / counts[self.labels]
        return (weights / weights.sum()).astype(np.float32)


@dataclass(frozen=True)
class _Weights:
    dense: np.ndarray
    sparse: np.ndarray
    bias: np.ndarray

    @classmethod
    def unpack(cls, flat: np.ndarray, sample: _Sample) -> "_Weights":
        """Give views of a flat vector, so that writing to them writes to it."""
        dim, columns, classes = sample.dense.shape[1], sample.sparse.shape[1], sample.classes
        rows = flat.reshape(dim + columns + 1, classes)
        return cls(rows[:dim], rows[dim : dim + columns], rows[-1])

    def logits(self, sample: _Sample, share: float) -> np.ndarray:
        dense = np.float32(np.sqrt(share)) * (sample.dense @ self.dense)
        return dense + np.float32(np.sqrt(1.0 - share)) * (sample.sparse @ self.sparse) + self.bias


@threadpool_limits.wrap(limits=1)
def fit_linear_head(
    labels: Sequence[str], dense: np.ndarray | None, sparse: sp.csr_matrix | None, *, search: bool = True
) -> LinearHead:
    """Fit a head on n labelled utterances; on one thread, since sums over several depend on how many there are.

    :param labels: the label of each utterance.
    :param dense: ``[n, dim]`` or None; rows need not have length 1.
    :param sparse: counts ``[n, width]`` or None.
    :param search: choose share and regularisation and calibrate by cross-validation; False takes the defaults.
    :raises DataError: if there is no utterance, or neither block.
    """
    if not labels or (dense is None and sparse is None):
        raise DataError("A classifier needs at least one labelled utterance with features.")
    names = tuple(sorted(set(labels)))
    scaler = SparseScaler.fit(sparse, 2 if len(labels) >= _ENOUGH_ROWS else 1) if sparse is not None else None
    sample = _Sample(
        dense=unit_rows(dense) if dense is not None else np.zeros((len(labels), 0), dtype=np.float32),
        sparse=scaler.transform(sparse) if scaler else sp.csr_matrix((len(labels), 0), dtype=np.float32),
        labels=np.searchsorted(names, labels),
        classes=len(names),
    )
    setting = _Setting(share=_only_share(dense, sparse), c=DEFAULT_C)
    temperature = 1.0
    if search and len(names) > 1:
        setting, temperature = _search(sample, setting, both=dense is not None and sparse is not None)
    weights = _Weights.unpack(_fit_weights(sample, setting, start=None, precise=True), sample)
    return LinearHead(
        labels=names,
        bias=weights.bias,
        dense_weights=weights.dense if dense is not None else None,
        sparse_weights=weights.sparse if scaler is not None else None,
        scaler=scaler,
        dense_share=setting.share,
        temperature=temperature,
    )


def _only_share(dense: np.ndarray | None, sparse: sp.csr_matrix | None) -> float:
    if dense is None:
        return 0.0
    return 1.0 if sparse is None else DEFAULT_SHARE


def _search(sample: _Sample, setting: _Setting, *, both: bool) -> tuple[_Setting, float]:
    """Choose the setting with the lowest calibrated loss on utterances held out, and its temperature.

    One coordinate after the other: the share of the blocks first, then the regularisation.
    """
    if len(sample.labels) > _SEARCH_AT_MOST:
        rows = np.random.default_rng(_SEED).permutation(len(sample.labels))[:_SEARCH_AT_MOST]
        sample = sample.take(np.sort(rows))
    trials = _Trials(sample)
    if not trials.possible:
        return setting, 1.0
    if both:
        setting = min((replace(setting, share=share) for share in _SHARES), key=trials.loss)
    setting = min((replace(setting, c=c) for c in _CS), key=trials.loss)
    return setting, trials.temperature(setting)


class _Trials:
    """Held-out loss of settings over the same folds; each fit starts from the one before, which is near."""

    def __init__(self, sample: _Sample) -> None:
        self._sample = sample
        self._fold = _folds(sample.labels)
        self._starts: dict[int, np.ndarray] = {}
        self._results: dict[_Setting, tuple[float, float]] = {}

    @property
    def possible(self) -> bool:
        """Whether any utterance can be held out: its label must have another one."""
        return bool((self._fold >= 0).any())

    def loss(self, setting: _Setting) -> float:
        return self._result(setting)[0]

    def temperature(self, setting: _Setting) -> float:
        return self._result(setting)[1]

    def _result(self, setting: _Setting) -> tuple[float, float]:
        if setting not in self._results:
            self._results[setting] = self._measure(setting)
        return self._results[setting]

    def _measure(self, setting: _Setting) -> tuple[float, float]:
        logits, labels = [], []
        for fold in range(_FOLDS):
            held_out = self._fold == fold
            if not held_out.any():
                continue
            train, test = self._sample.take(~held_out), self._sample.take(held_out)
            self._starts[fold] = _fit_weights(train, setting, start=self._starts.get(fold), precise=False)
            logits.append(_Weights.unpack(self._starts[fold], train).logits(test, setting.share))
            labels.append(test.labels)
        return _calibrate(np.concatenate(logits), np.concatenate(labels))


def _folds(labels: np.ndarray) -> np.ndarray:
    """Deal each label's utterances out to the folds in turn; a label with a single one is never held out (-1)."""
    fold = np.full(len(labels), -1)
    random = np.random.default_rng(_SEED)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        if len(rows) > 1:
            fold[rows] = (np.arange(len(rows)) + label) % _FOLDS
    return fold


def _calibrate(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Find the temperature with the lowest mean loss, and that loss."""

    def loss(log_temperature: float) -> float:
        scores = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-scores[np.arange(len(labels)), labels].mean())

    found = minimize_scalar(loss, bounds=np.log(_TEMPERATURES), method="bounded")
    return float(found.fun), float(np.exp(found.x))


def _fit_weights(sample: _Sample, setting: _Setting, *, start: np.ndarray | None, precise: bool) -> np.ndarray:
    """Minimise the mean loss plus ``|W|² / 2cn``; give the flat weights ``float32[(dim + columns + 1) * classes]``."""
    size = (sample.dense.shape[1] + sample.sparse.shape[1] + 1) * sample.classes
    importance = sample.importance()
    penalty = 1.0 / (setting.c * len(sample.labels))
    transposed = sample.sparse.T.tocsr()
    rows = np.arange(len(sample.labels))
    dense_factor, sparse_factor = np.float32(np.sqrt(setting.share)), np.float32(np.sqrt(1.0 - setting.share))

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = _Weights.unpack(flat, sample)
        scores = log_softmax(weights.logits(sample, setting.share), axis=1)
        loss = -float(importance @ scores[rows, sample.labels])
        error = np.exp(scores)
        error[rows, sample.labels] -= 1.0
        error = (error * importance[:, None]).astype(np.float32)
        gradient = penalty * flat
        gradient[-sample.classes :] = error.sum(axis=0)  # the bias is not held down
        slopes = _Weights.unpack(gradient, sample)
        slopes.dense[:] += dense_factor * (sample.dense.T @ error)
        slopes.sparse[:] += sparse_factor * (transposed @ error)
        loss += 0.5 * penalty * float((weights.dense**2).sum() + (weights.sparse**2).sum())
        return loss, gradient

    begin = np.zeros(size, dtype=np.float32) if start is None else start
    if precise:
        return minimise(objective, begin, steps=300, tolerance=1e-7)
    return minimise(objective, begin, steps=60, tolerance=5e-5)


def minimise(
    objective: Callable[[np.ndarray], tuple[float, np.ndarray]], start: np.ndarray, *, steps: int, tolerance: float
) -> np.ndarray:
    """Walk downhill in single precision until a step improves the value by less than ``tolerance``.

    The L-BFGS of torch: SciPy's carries bounds and double precision along, which on this problem takes some five
    times as long.

    :param objective: gives value and gradient at a point ``float32[size]``.
    """
    import torch

    point = torch.from_numpy(start.astype(np.float32))
    optimiser = torch.optim.LBFGS(
        [point], max_iter=steps, history_size=10, tolerance_change=tolerance, line_search_fn="strong_wolfe"
    )

    def closure() -> float:
        value, gradient = objective(point.numpy())
        point.grad = torch.from_numpy(gradient.astype(np.float32, copy=False))
        return value

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        optimiser.step(closure)
    finally:
        torch.set_num_threads(threads)
    return point.numpy()
