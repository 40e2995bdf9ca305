"""Vectors in the memory of a FAISS index, as float32 or as one byte a component, read and overwritten in place."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.protocols import Scores, Vectors

FLOAT32 = "float32"
INT8 = "int8"
STORAGES = (FLOAT32, INT8)
# Of int8: how far beyond what was seen a component may lie before all rows are coded anew. The error of a row that was
# coded several times stays below 2.5 steps of the last range: each range before it was smaller by this factor.
_ROOM = 1.25
_STEPS = 255


def new_store(dim: int, storage: str) -> Any:
    """Make an empty FAISS index by inner product that only holds rows."""
    import faiss

    if storage == FLOAT32:
        return faiss.IndexFlatIP(dim)
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)


class Codes:
    """The rows of a store. ``adder`` is what new rows go into: the store, or the graph over it."""

    def __init__(self, store: Any, adder: Any = None) -> None:
        import faiss

        self.store = store
        self.adder = store if adder is None else adder
        self._int8 = isinstance(store, faiss.IndexScalarQuantizer)

    def __len__(self) -> int:
        return int(self.store.ntotal)

    def append(self, vectors: Vectors) -> None:
        """Add rows at the end."""
        self._make_room(vectors)
        if len(vectors):
            self.adder.add(vectors)

    def replace(self, positions: NDArray[np.int64], vectors: Vectors) -> None:
        """Overwrite rows."""
        self._make_room(vectors)
        if len(vectors):
            self._bytes()[positions] = self.store.sa_encode(vectors)

    def decode(self, positions: NDArray[np.int64]) -> Vectors:
        """Give rows as ``float32[n, dim]``; of int8, what is left of them."""
        if not len(positions):
            return np.zeros((0, self.store.d), dtype=np.float32)
        rows: Vectors = self.store.reconstruct_batch(positions)
        return rows

    def prefix_scores(self, queries: Vectors, dim: int) -> Scores:
        """Give inner products over the first ``dim`` components alone, ``float32[q, n]``."""
        heads = np.ascontiguousarray(queries[:, :dim])
        if not self._int8:
            return np.asarray(heads @ self._bytes().view(np.float32)[:, :dim].T)
        least, width = self._range()
        # A code c stands for least + (c + 1/2) / 255 * width.
        step = width[:dim] / _STEPS
        constant = heads @ (least[:dim] + step / 2)
        return np.asarray((heads * step) @ self._bytes()[:, :dim].T.astype(np.float32) + constant[:, None])

    def _bytes(self) -> NDArray[np.uint8]:
        """Give the rows as they lie in memory, ``uint8[n, bytes of a row]``: a view, good until rows are added."""
        import faiss

        size = self.store.sa_code_size()
        if not len(self):
            return np.zeros((0, size), dtype=np.uint8)
        view: NDArray[np.uint8] = faiss.rev_swig_ptr(self.store.codes.data(), len(self) * size)
        return view.reshape(len(self), size)

    def _range(self) -> tuple[Vectors, Vectors]:
        import faiss

        trained = faiss.vector_to_array(self.store.sq.trained)
        return trained[: self.store.d], trained[self.store.d :]

    def _make_room(self, vectors: Vectors) -> None:
        """Widen the range of int8 so that it holds these rows too, and code those that are there anew."""
        if not self._int8 or not len(vectors):
            return
        seen = np.abs(vectors).max(axis=0)
        half = self._range()[1] / 2 if self.store.is_trained else np.zeros_like(seen)
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
