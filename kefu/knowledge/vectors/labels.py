"""Labels as columns of numbers, so that a filter over all of them is a few comparisons of arrays."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.protocols import Label, Where

Mask = NDArray[np.bool_]

ALWAYS_BEFORE, ALWAYS_AFTER = -(2**63), 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MASKS_KEPT = 64
_COLUMNS = {
    "language": np.int32,
    "category": np.int32,
    "channels": np.int32,  # which set of channels, so that there may be any number of them
    "valid_from": np.int64,
    "valid_to": np.int64,
}


def microseconds(moment: datetime) -> int:
    """Count exactly, from 1970 in UTC.

    :raises KnowledgeIndexError: for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise KnowledgeIndexError(f"A moment of validity needs its zone; {moment} has none.")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def validity(label: Label) -> tuple[int, int]:
    """Give begin and end in microseconds, with the extremes for what has none."""
    begin = ALWAYS_BEFORE if label.valid_from is None else microseconds(label.valid_from)
    end = ALWAYS_AFTER if label.valid_to is None else microseconds(label.valid_to)
    return begin, end


class LabelColumns:
    """A label for each position, ``[capacity]`` a column; a position is a row of the matrix of vectors."""

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[Any]] = {name: np.zeros(0, dtype) for name, dtype in _COLUMNS.items()}
        self._codes: dict[str, dict[str, int]] = {"language": {}, "category": {}, "channels": {}}
        self._masks: dict[tuple[Any, ...], Mask] = {}  # of filters without a moment; forgotten at the next change
        self._bounded = False  # whether some label has a validity

    def put(self, positions: Sequence[int], labels: Sequence[Label]) -> None:
        """Set the labels of positions, beyond the present end too.

        :raises KnowledgeIndexError: for a moment without a zone; nothing is set.
        """
        lasting = [validity(label) for label in labels]
        rows = [self._numbers(label, *between) for label, between in zip(labels, lasting, strict=True)]
        self._grow(max(positions, default=-1) + 1)
        for name, values in zip(_COLUMNS, zip(*rows, strict=True), strict=False):
            self._columns[name][list(positions)] = np.array(values, dtype=_COLUMNS[name])
        self._bounded = self._bounded or any(label.valid_from or label.valid_to for label in labels)
        self._masks.clear()

    def _numbers(self, label: Label, begin: int, end: int) -> tuple[int, int, int, int, int]:
        return (
            self._code("language", label.language),
            self._code("category", label.category),
            self._code("channels", json.dumps(sorted(set(label.channels)))),
            begin,
            end,
        )

    def _code(self, column: str, name: str) -> int:
        codes = self._codes[column]
        return codes.setdefault(name, len(codes))

    def _grow(self, count: int) -> None:
        capacity = len(self._columns["language"])
        if count > capacity:
            for name, column in self._columns.items():
                self._columns[name] = np.concatenate([column, np.zeros(max(count, capacity), column.dtype)])

    def mask(self, where: Where, count: int) -> Mask:
        """Mark which of the first ``count`` positions a filter lets through, in an array that must not be changed;
        ``without`` is not looked at."""
        key = (where.language, where.category, where.channel, count)
        if key not in self._masks:
            if len(self._masks) >= _MASKS_KEPT:
                self._masks.clear()
            self._masks[key] = self._lasting(where, count)
        mask = self._masks[key]
        if where.moment is None or not self._bounded:
            return mask
        now = microseconds(where.moment)
        return mask & (self._columns["valid_from"][:count] <= now) & (now < self._columns["valid_to"][:count])

    def _lasting(self, where: Where, count: int) -> Mask:
        mask = np.ones(count, dtype=bool)
        for column, wanted in (("language", where.language), ("category", where.category)):
            if wanted is not None:
                mask &= self._columns[column][:count] == self._codes[column].get(wanted, -1)
        if where.channel is not None:
            sets = map(json.loads, self._codes["channels"])
            admitted = np.array([not names or where.channel in names for names in sets], dtype=bool)
            mask &= admitted[self._columns["channels"][:count]]
        return mask

    def take(self, positions: NDArray[np.int64]) -> "LabelColumns":
        """Give the labels of some positions, in their order, as columns of their own."""
        taken = LabelColumns()
        taken._codes = {column: dict(codes) for column, codes in self._codes.items()}
        taken._columns = {name: column[positions] for name, column in self._columns.items()}
        taken._bounded = self._bounded
        return taken

    def arrays(self, count: int) -> dict[str, NDArray[Any]]:
        """Give all that :meth:`from_arrays` needs to make the labels of the first positions again."""
        names = {f"{column}_names": np.array(list(codes), dtype=np.str_) for column, codes in self._codes.items()}
        return names | {name: column[:count] for name, column in self._columns.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "LabelColumns":
        """Make labels again from :meth:`arrays`."""
        made = cls()
        made._columns = {name: arrays[name].astype(dtype) for name, dtype in _COLUMNS.items()}
        for column in made._codes:
            made._codes[column] = {str(name): code for code, name in enumerate(arrays[f"{column}_names"])}
        begins, ends = made._columns["valid_from"], made._columns["valid_to"]
        made._bounded = bool((begins != ALWAYS_BEFORE).any() or (ends != ALWAYS_AFTER).any())
        return made
