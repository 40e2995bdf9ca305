"""A figure with its 95 % interval, and the difference of two sides on the same rows.

A bare share of rows gets Wilson's interval (Wilson 1927), which stays honest where all rows are right; whatever else,
and every difference, the percentile bootstrap over test rows (Efron & Tibshirani 1993). Sides are resampled alike, so
that their difference is a paired one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, bootstrap

RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 20261127
_AT_ONCE = 250  # resamples, so that those of thousands of rows fit into memory


@dataclass(frozen=True)
class Figure:
    """A value and the ends of its interval, which are NaN where too few rows allow none."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval: what stands behind ±."""
        return (self.high - self.low) / 2

    @property
    def verdict(self) -> str:
        """Read a difference: "ahead" or "behind" if the interval leaves zero out, else "level"."""
        if self.low > 0:
            return "ahead"
        return "behind" if self.high < 0 else "level"


@dataclass(frozen=True)
class Statistic:
    """What is computed over test rows.

    ``sizes`` are the numbers of rows of its samples (one, or two that are drawn apart). ``at`` takes which rows were
    drawn, ``int[..., size]`` for each sample, and gives ``float[...]``. ``hits``, if given, says that the value is a
    plain share: so many of the rows.
    """

    sizes: tuple[int, ...]
    at: Callable[..., NDArray[np.float64]]
    hits: int | None = None

    @property
    def value(self) -> float:
        """The statistic of the rows as they are."""
        return float(self.at(*(np.arange(size) for size in self.sizes)))


def figure(statistic: Statistic) -> Figure:
    """Give a statistic with its interval."""
    if statistic.hits is not None:
        ends = binomtest(statistic.hits, statistic.sizes[0]).proportion_ci(CONFIDENCE, method="wilson")
        return Figure(statistic.value, float(ends.low), float(ends.high))
    return _bootstrapped(statistic)


def difference(one: Statistic, other: Statistic) -> Figure:
    """Give ``one`` minus ``other`` over the same rows, with the interval of the difference.

    :raises ValueError: if the two are not over equally many rows.
    """
    if one.sizes != other.sizes:
        raise ValueError(f"Only the same rows can be compared: {one.sizes} beside {other.sizes}.")
    return _bootstrapped(Statistic(one.sizes, lambda *rows: one.at(*rows) - other.at(*rows)))


def _bootstrapped(statistic: Statistic) -> Figure:
    value = statistic.value
    if min(statistic.sizes) < 2:
        return Figure(value, math.nan, math.nan)
    ends = bootstrap(
        [np.arange(size) for size in statistic.sizes],
        lambda *rows, axis=-1: statistic.at(*rows),
        n_resamples=RESAMPLES,
        batch=_AT_ONCE,
        confidence_level=CONFIDENCE,
        method="percentile",
        vectorized=True,
        random_state=SEED,
    ).confidence_interval
    return Figure(value, float(ends.low), float(ends.high))
