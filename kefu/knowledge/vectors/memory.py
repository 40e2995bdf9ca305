"""What the indexes in this process have in common: rows, one lock, files. A subclass says how it finds the nearest."""

import json
import threading
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.vectors.checks import check_count, checked_ids, checked_rows, checked_vectors
from kefu.knowledge.vectors.codes import INT8, Codes, new_store
from kefu.knowledge.vectors.exact import ExactRows
from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.rows import Rows
from kefu.protocols import Ids, Label, Scores, Vectors, Where

STORE_FILE, ROWS_FILE, KIND_FILE, EXACT_FILE = "vectors.faiss", "rows.npz", "kind.json", "exact.npy"
NONE = np.float32(-np.inf)
Nearest = tuple[NDArray[np.int64], Scores]
"""Positions ``[q, k]`` and scores, the best first; what is missing has the position -1."""
T = TypeVar("T", bound="MemoryIndex")
# Candidates by int8 that are scored by the full rows: its error swaps neighbours, and moves none far.
_RESCORED_PER_RESULT = 2
_LEAST_RESCORED = 40
_FEW_FREE = 256  # rows that are not worth compacting, whatever else there is


class MemoryIndex:
    """A :class:`~kefu.protocols.VectorIndex` over rows in memory. One lock: a search never sees half of a change.

    Deleted and replaced rows take up memory until there are more of them than of the others; then the change that made
    them so many compacts the index. So it is never much more than twice as large as it need be, and no more rows are
    copied by compacting than were deleted or replaced.
    """

    kind: ClassVar[str]
    is_shared = False

    def __init__(self, dim: int, storage: str) -> None:
        self.dim, self.storage = dim, storage
        self._rows = Rows()
        self._lock = threading.RLock()
        self._changing = threading.RLock()  # of those who change something, taken before the other
        self._codes = self._new_codes()

    def _new_codes(self) -> Codes:
        return Codes(new_store(self.dim, self.storage))

    @abstractmethod
    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        """Find the nearest of the rows that are marked (None: of all)."""

    def search(
        self, vectors: Vectors, count: int, where: Where | None = None, dim: int | None = None
    ) -> tuple[Ids, Scores]:
        """See :class:`~kefu.protocols.VectorIndex`."""
        check_count(count)
        queries = checked_vectors(vectors, self.dim)
        with self._lock:
            mask = self._rows.mask(where)
            if not len(queries) or not len(self._rows) or (mask is not None and not mask.any()):
                shape = (len(queries), count)
                return np.full(shape, -1, dtype=np.int64), np.full(shape, NONE)
            if self.storage == INT8:
                positions, scores = self._nearest_rescored(queries, count, mask, dim)
            else:
                positions, scores = self._nearest(queries, count, mask, dim)
            return self._rows.ids_at(positions), np.where(positions < 0, NONE, scores)

    def searched_dim(self, dim: int | None) -> int:
        """See :class:`~kefu.protocols.VectorIndex`."""
        return self.dim

    def _nearest_rescored(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        """Find more than are wanted by their codes, and order these by their full rows."""
        candidates, _ = self._nearest(queries, max(_LEAST_RESCORED, _RESCORED_PER_RESULT * k), mask, dim)
        positions, scores = np.full((len(queries), k), -1, dtype=np.int64), np.full((len(queries), k), NONE)
        for row, (query, found) in enumerate(zip(queries, candidates, strict=True)):
            found = found[found >= 0]
            exact = self._codes.decode(found) @ query
            order = np.argsort(-exact, kind="stable")[:k]
            positions[row, : len(order)], scores[row, : len(order)] = found[order], exact[order]
        return positions, scores

    def upsert(self, ids: Ids, vectors: Vectors, labels: Sequence[Label]) -> None:
        """See :class:`~kefu.protocols.VectorIndex`."""
        numbers, rows, labels = checked_rows(ids, vectors, labels, self.dim)
        with self._changing:
            self._put(numbers, rows, labels)
            self._compact_if_worth_it()

    def _put(self, numbers: Ids, rows: Vectors, labels: Sequence[Label]) -> None:
        with self._lock:
            positions = self._places(numbers)
            end = self._rows.count
            self._rows.put(numbers, positions, labels)
            self._codes.replace(positions[positions < end], rows[positions < end])
            self._codes.append(rows[positions >= end])
            self._changed(positions)

    def _places(self, ids: Ids) -> NDArray[np.int64]:
        return self._rows.replaceable(ids)

    def _changed(self, positions: NDArray[np.int64]) -> None:
        """Learn that the rows at these positions are others now."""

    def delete(self, ids: Ids) -> None:
        """See :class:`~kefu.protocols.VectorIndex`. The memory is used again by later rows, or freed by compacting."""
        numbers = checked_ids(ids)
        with self._changing:
            with self._lock:
                self._rows.remove(numbers)
            self._compact_if_worth_it()

    def _compact_if_worth_it(self) -> None:
        if self._rows.count - len(self._rows) > max(len(self._rows), _FEW_FREE):
            self.compact()

    def compact(self) -> None:
        """Leave out the rows that were deleted or replaced, which takes as long as building.

        Searches go on meanwhile, in the old rows; other changes wait.
        """
        with self._changing:
            rows, kept = self._rows.compacted()
            codes = self._new_codes()
            codes.append(self._codes.decode(kept))
            with self._lock:
                self._rows, self._codes = rows, codes
                self._changed(np.arange(len(kept)))

    def vectors(self, ids: Ids) -> Vectors:
        """See :class:`~kefu.protocols.VectorIndex`."""
        with self._lock:
            return self._codes.decode(self._rows.positions(checked_ids(ids)))

    def ids(self) -> Ids:
        """See :class:`~kefu.protocols.VectorIndex`."""
        with self._lock:
            return self._rows.ids()

    def __len__(self) -> int:
        return len(self._rows)

    def save(self, folder: Path) -> None:
        """See :class:`~kefu.protocols.VectorIndex`."""
        import faiss

        with self._lock:
            # FAISS itself says nothing of a disk that is full when it closes the file.
            with (folder / STORE_FILE).open("wb") as file:
                faiss.write_index(self._stored(), faiss.PyCallbackIOWriter(file.write))
            np.savez(folder / ROWS_FILE, **self._rows.arrays())
            if self._codes.exact is not None:
                self._codes.exact.save(folder / EXACT_FILE)
        content = {"kind": self.kind, "dim": self.dim, "storage": self.storage}
        (folder / KIND_FILE).write_text(json.dumps(content), encoding="utf-8")

    def _stored(self) -> Any:
        """Give the FAISS index that is written."""
        return self._codes.store

    @classmethod
    def load(cls: type[T], folder: Path, dim: int, storage: str) -> T:
        """Read what :meth:`save` wrote.

        :raises KnowledgeIndexError: if the files do not fit each other.
        """
        import faiss

        index = cls(dim, storage)
        try:
            stored = faiss.read_index(str(folder / STORE_FILE))
        except RuntimeError as error:
            raise KnowledgeIndexError(f"{folder / STORE_FILE} cannot be read. Run `kefu index`.") from error
        exact = ExactRows.load(folder / EXACT_FILE, dim) if storage == INT8 else None
        index._codes = index._codes_of(stored, exact)
        with np.load(folder / ROWS_FILE) as arrays:
            index._rows = Rows.from_arrays(arrays)
        store = index._codes.store
        if exact is not None and len(exact) != index._rows.count:
            raise KnowledgeIndexError(
                f"{folder / EXACT_FILE} has {len(exact)} full rows; there are {index._rows.count}. Run `kefu index`."
            )
        if (store.d, store.ntotal) != (dim, index._rows.count):
            raise KnowledgeIndexError(
                f"{folder / STORE_FILE} has {store.ntotal} rows of dimension {store.d}; {index._rows.count} of {dim} "
                "belong there. Run `kefu index`."
            )
        index._changed(np.arange(index._rows.count))
        return index

    def _codes_of(self, stored: Any, exact: ExactRows | None = None) -> Codes:
        return Codes(stored, exact=exact)

    def close(self) -> None:
        """See :class:`~kefu.protocols.VectorIndex`."""
        with self._changing, self._lock:
            self._rows, self._codes = Rows(), self._new_codes()
