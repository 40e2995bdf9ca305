"""Which id lies at which position of a matrix, which positions are free, and what each may be found by."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.vectors.labels import LabelColumns, Mask
from kefu.protocols import Ids, Label, Where

FREE = -1  # in place of an id


class Rows:
    """Positions from 0; one that was given up is free until it is given out again."""

    def __init__(self) -> None:
        self._ids: Ids = np.zeros(0, dtype=np.int64)  # by position; its end may be unused
        self._count = 0  # positions ever given out
        self._position: dict[int, int] = {}
        self._free: list[int] = []
        self._labels = LabelColumns()

    def __len__(self) -> int:
        return len(self._position)

    @property
    def count(self) -> int:
        """Count all positions, free ones too."""
        return self._count

    def known(self, ids: Ids) -> NDArray[np.int64]:
        """Give the positions of those ids that are there."""
        found = [self._position[number] for number in ids.tolist() if number in self._position]
        return np.array(found, dtype=np.int64)

    def positions(self, ids: Ids) -> NDArray[np.int64]:
        """Give the positions of ids.

        :raises KeyError: with all that are not there.
        """
        if missing := [number for number in ids.tolist() if number not in self._position]:
            raise KeyError(*missing)
        return np.array([self._position[number] for number in ids.tolist()], dtype=np.int64)

    def replaceable(self, ids: Ids) -> NDArray[np.int64]:
        """Give each id a position: its own, else a free one, else a new one at the end, the new ones ascending."""
        free, end, found = list(self._free), self._count, []
        for number in ids.tolist():
            place = self._position.get(number)
            if place is None:
                place, end = (free.pop(), end) if free else (end, end + 1)
            found.append(place)
        return np.array(found, dtype=np.int64)

    def appended(self, ids: Ids) -> NDArray[np.int64]:
        """Give each id a new position at the end."""
        return np.arange(self._count, self._count + len(ids))

    def put(self, ids: Ids, positions: NDArray[np.int64], labels: Sequence[Label]) -> None:
        """Let ids lie at positions from now on; where they lay before is free.

        :raises KnowledgeIndexError: if a label makes no sense; nothing has changed then.
        """
        self._labels.put(positions.tolist(), labels)
        self.remove(ids)
        self._grow(int(positions.max(initial=-1)) + 1)
        taken = set(positions.tolist())
        self._free = [place for place in self._free if place not in taken]
        self._ids[positions] = ids
        self._position.update(zip(ids.tolist(), positions.tolist(), strict=True))

    def _grow(self, count: int) -> None:
        if count > len(self._ids):
            self._ids = np.concatenate([self._ids, np.full(max(count, len(self._ids)), FREE, dtype=np.int64)])
        self._count = max(self._count, count)

    def remove(self, ids: Ids) -> None:
        """Free the positions of ids; those that are not there are passed over."""
        for number in ids.tolist():
            place = self._position.pop(number, None)
            if place is not None:
                self._ids[place] = FREE
                self._free.append(place)

    def mask(self, where: Where | None) -> Mask | None:
        """Mark the positions that may be found; None where all are."""
        if (where is None or where == Where()) and not self._free:
            return None
        mask = self._ids[: self._count] != FREE
        if where is not None:
            mask &= self._labels.mask(where, self._count)
            mask[self.known(np.array(list(where.without), dtype=np.int64))] = False
        return mask

    def ids_at(self, positions: NDArray[np.int64]) -> Ids:
        """Give the ids at positions; -1 for the position -1."""
        return np.where(positions < 0, FREE, self._ids[positions]) if self._count else positions

    def ids(self) -> Ids:
        """Give all ids, ascending."""
        found = self._ids[: self._count]
        return np.sort(found[found != FREE])

    def compacted(self) -> tuple["Rows", NDArray[np.int64]]:
        """Give rows without free positions, and the old position of each."""
        kept = np.flatnonzero(self._ids[: self._count] != FREE)
        return Rows._of(self._ids[kept], self._labels.take(kept)), kept

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all that :meth:`from_arrays` needs."""
        return {"ids": self._ids[: self._count], **self._labels.arrays(self._count)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Rows":
        """Make rows again from :meth:`arrays`."""
        return cls._of(arrays["ids"].astype(np.int64), LabelColumns.from_arrays(arrays))

    @classmethod
    def _of(cls, ids: Ids, labels: LabelColumns) -> "Rows":
        made = cls()
        made._ids, made._count, made._labels = ids, len(ids), labels
        made._position = {number: place for place, number in enumerate(ids.tolist()) if number != FREE}
        made._free = np.flatnonzero(ids == FREE).tolist()
        return made
