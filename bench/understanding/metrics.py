"""The measures, each as a statistic over test rows: accuracy, macro-F1, out-of-scope detection, ranks."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from understanding.intervals import Statistic

Rows = NDArray[np.int64]


def mean(values: Sequence[float] | np.ndarray) -> Statistic:
    """Average one value a row; where all are 0 or 1, it is a share."""
    values = np.asarray(values, dtype=np.float64)
    is_share = bool(np.isin(values, (0.0, 1.0)).all())
    return Statistic((len(values),), lambda rows: values[rows].mean(-1), int(values.sum()) if is_share else None)


def average(statistics: Sequence[Statistic]) -> Statistic:
    """Average statistics over the same rows, such as those of several draws of the training part."""
    if len(statistics) == 1:
        return statistics[0]
    return Statistic(statistics[0].sizes, lambda *rows: np.mean([one.at(*rows) for one in statistics], axis=0))


def macro_f1(truth: Sequence[str] | np.ndarray, predicted: Sequence[str] | np.ndarray) -> Statistic:
    """Average F1 over the labels that occur in ``truth``.

    A label that a resample has neither as truth nor as prediction says nothing there and is left out of its average.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    names = np.unique(truth)
    is_true, is_predicted = truth[:, None] == names, predicted[:, None] == names
    found, named = (is_true & is_predicted).astype(np.float32), is_true.astype(np.float32) + is_predicted

    def at(rows: Rows) -> NDArray[np.float64]:
        times = _times_drawn(rows, len(truth))
        both, either = times @ found, times @ named
        return np.nanmean(2 * both / np.where(either > 0, either, np.nan), axis=-1)

    return Statistic((len(truth),), at)


def auroc(outside: np.ndarray, inside: np.ndarray) -> Statistic:
    """Area under the ROC curve: how often a message from outside scores higher than one from inside; ties count half.

    It is Mann and Whitney's U over the number of pairs. Both samples are drawn apart.

    :param outside: scores of out-of-scope messages: the higher, the stranger.
    :param inside: scores of messages in scope.
    """
    wins = (outside[:, None] > inside).astype(np.float32) + 0.5 * (outside[:, None] == inside)

    def at(out_rows: Rows, in_rows: Rows) -> NDArray[np.float64]:
        won = _times_drawn(out_rows, len(outside)) @ wins
        return (won * _times_drawn(in_rows, len(inside))).sum(-1) / wins.size

    return Statistic((len(outside), len(inside)), at)


def recall_keeping(kept: float, outside: np.ndarray, inside: np.ndarray) -> Statistic:
    """Share of out-of-scope messages that are noticed at the threshold which keeps ``kept`` of those in scope.

    :param outside: scores of out-of-scope messages: the higher, the stranger.
    :param inside: scores of messages in scope; a threshold is read off each resample anew.
    """

    def at(out_rows: Rows, in_rows: Rows) -> NDArray[np.float64]:
        threshold = np.quantile(inside[in_rows], kept, axis=-1, keepdims=True)
        return (outside[out_rows] > threshold).mean(-1)

    return Statistic((len(outside), len(inside)), at)


def ranks(scores: np.ndarray, right: Sequence[Collection[int]]) -> Rows:
    """Give the place, from 1, of each query's first right candidate, ``int[n]``.

    :param scores: ``[n, candidates]``. A wrong candidate with the same score stands before a right one, so that a side
        that cannot tell them apart gains nothing.
    :param right: the right candidates of each query, one at least.
    """
    places = []
    for row, wanted in zip(scores, right, strict=True):
        chosen = np.fromiter(wanted, dtype=np.int64)
        is_wrong = np.ones(len(row), dtype=bool)
        is_wrong[chosen] = False
        places.append(1 + int((row[is_wrong] >= row[chosen].max()).sum()))
    return np.array(places, dtype=np.int64)


def recall_at(k: int, places: Rows) -> Statistic:
    """Share of queries with a right candidate among the first ``k``."""
    return mean(places <= k)


def mean_reciprocal_rank(places: Rows) -> Statistic:
    """Average of one over the place of the first right candidate."""
    return mean(1.0 / places)


def _times_drawn(rows: Rows, size: int) -> NDArray[np.float32]:
    """Count how often each of ``size`` rows stands in a resample: ``int[..., n]`` → ``float32[..., size]``."""
    flat = rows.reshape(-1, rows.shape[-1])
    shifted = flat + size * np.arange(len(flat))[:, None]
    counts = np.bincount(shifted.ravel(), minlength=size * len(flat))
    return counts.reshape(*rows.shape[:-1], size).astype(np.float32)
