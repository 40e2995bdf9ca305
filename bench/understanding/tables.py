"""What a part of the benchmark gives: tables of lines, each with every side's figure on one slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from understanding.intervals import Figure, Statistic, difference, figure

Comparison = tuple[str, str]
"""Names of two sides: the figure of the first minus that of the second."""
FEWEST = 20
"""Rows of a slice, below which a figure is shown, named as one of few, and not judged."""


@dataclass(frozen=True)
class Row:
    """Figures by side. ``tags`` are kinds and languages of the slice, ``ahead`` the paired differences asked for."""

    measure: str
    name: str
    n: int
    figures: Mapping[str, Figure]
    ahead: Mapping[Comparison, Figure] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()

    @property
    def is_few(self) -> bool:
        """Say whether it stands on too few rows to be judged."""
        return self.n < FEWEST


@dataclass(frozen=True)
class Table:
    """The lines of one set; ``chosen`` is, by side, the share of the vectors that was chosen without the test rows."""

    title: str
    note: str
    rows: Sequence[Row]
    chosen: Mapping[str, float] = field(default_factory=dict)


def make_row(
    measure: str,
    name: str,
    statistics: Mapping[str, Statistic],
    comparisons: Sequence[Comparison],
    tags: frozenset[str] = frozenset(),
) -> Row:
    """Compute a line from each side's statistic; a comparison with a side that is missing is left out."""
    return Row(
        measure=measure,
        name=name,
        n=sum(next(iter(statistics.values())).sizes),
        figures={side: figure(statistic) for side, statistic in statistics.items()},
        ahead={
            (one, other): difference(statistics[one], statistics[other])
            for one, other in comparisons
            if one in statistics and other in statistics
        },
        tags=tags,
    )
