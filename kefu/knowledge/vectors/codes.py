"""Vectors in the memory of a FAISS index, as float32 or as one byte a component, read and overwritten in place.

Beside those of one byte the float32 rows are kept on disk: candidates are scored by them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.vectors.exact import ExactRows
from kefu.protocols import Vectors

FLOAT32 = "float32"
INT8 = "int8"
STORAGES = (FLOAT32, INT8)
_ROOM = 1.25  # of int8: how far beyond what was seen a component may lie before all rows are coded anew


def new_store(dim: int, storage: str) -> Any:
    """Make an empty FAISS index by inner product that only holds rows."""
    import faiss

    if storage == FLOAT32:
        return faiss.IndexFlatIP(dim)
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)


class Codes:
    """The rows of a store. ``adder`` is what new rows go into: the store, or the graph over it; ``exact`` the float32
    rows of a store of int8 that has some already."""

    def __init__(self, store: Any, adder: Any = None, exact: ExactRows | None = None) -> None:
        import faiss

        self.store = store
        self.adder = store if adder is None else adder
        self._int8 = isinstance(store, faiss.IndexScalarQuantizer)
        self.exact = (exact or ExactRows(store.d)) if self._int8 else None

    def __len__(self) -> int:
        return int(self.store.ntotal)

    def append(self, vectors: Vectors) -> None:
        """Add rows at the end."""
        self._make_room(vectors)
        if len(vectors):
            self.adder.add(vectors)
            if self.exact is not None:
                self.exact.append(vectors)

    def replace(self, positions: NDArray[np.int64], vectors: Vectors) -> None:
        """Overwrite rows."""
        self._make_room(vectors)
        if len(vectors):
            self._bytes()[positions] = self.store.sa_encode(vectors)
            if self.exact is not None:
                self.exact.replace(positions, vectors)

    def decode(self, positions: NDArray[np.int64]) -> Vectors:
        """Give rows as ``float32[n, dim]``, as they were put in."""
        if self.exact is not None:
            return self.exact.take(positions)
        if not len(positions):
            return np.zeros((0, self.store.d), dtype=np.float32)
        rows: Vectors = self.store.reconstruct_batch(positions)
        return rows

    def _bytes(self) -> NDArray[np.uint8]:
        """Give the rows as they lie in memory, ``uint8[n, bytes of a row]``: a view, good until rows are added."""
        import faiss

        size = self.store.sa_code_size()
        if not len(self):
            return np.zeros((0, size), dtype=np.uint8)
        view: NDArray[np.uint8] = faiss.rev_swig_ptr(self.store.codes.data(), len(self) * size)
        return view.reshape(len(self), size)

    def _widths(self) -> Vectors:
        import faiss

        width: Vectors = faiss.vector_to_array(self.store.sq.trained)[self.store.d :]
        return width

    def _make_room(self, vectors: Vectors) -> None:
        """Widen the range of int8 so that it holds these rows too, and code those that are there anew."""
        if not self._int8 or not len(vectors):
            return
        seen = np.abs(vectors).max(axis=0)
        half = self._widths() / 2 if self.store.is_trained else np.zeros_like(seen)
        if (seen <= half).all():
            return
        # Leave room where a component was all but 0 so far.
        least = np.float32(1 / np.sqrt(self.store.d))
        wider = np.where(seen > half, np.maximum(seen * np.float32(_ROOM), least), half)
        rows = self.decode(np.arange(len(self))) if len(self) else None
        self.store.train(np.stack([-wider, wider]).astype(np.float32))
        self.adder.is_trained = True
        if rows is not None:
            self._bytes()[:] = self.store.sa_encode(rows)
