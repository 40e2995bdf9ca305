"""What every embedder does with vectors: shorten, normalise, batch by length, remember."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np

from kefu.errors import ModelError
from kefu.protocols import Vectors

MINIMUM_DIMENSION = 32


def finish(vectors: np.ndarray, dimension: int | None) -> Vectors:
    """Shorten rows to ``dimension`` (Matryoshka: the first components) and scale them to length 1.

    :raises ModelError: if a component is not finite, or a row has length 0 or fewer components than wanted.
    """
    if dimension is not None:
        if vectors.shape[1] < dimension:
            raise ModelError(f"The model gives {vectors.shape[1]} dimensions; {dimension} were asked for.")
        vectors = vectors[:, :dimension]
    rows = np.asarray(vectors, dtype=np.float32)
    if not np.isfinite(rows).all():
        raise ModelError("The model gave a vector that is not finite; float16 does that: use bfloat16 or float32.")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if (lengths == 0).any():
        raise ModelError("The model gave a vector of length 0.")
    return np.ascontiguousarray(rows / lengths, dtype=np.float32)


def batches_by_length(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """Yield the texts' positions in batches of similar length, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


class VectorCache:
    """The least recently used vectors, by text with its prompt. Safe between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Vectors | None:
        """Return the vector kept for a key, and mark it as used."""
        with self._lock:
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
            return row

    def put(self, key: str, row: Vectors) -> None:
        """Keep a vector; the one that was not used for longest gives way."""
        if self._size <= 0:
            return
        with self._lock:
            self._rows[key] = row
            self._rows.move_to_end(key)
            while len(self._rows) > self._size:
                self._rows.popitem(last=False)

    def __len__(self) -> int:
        return len(self._rows)
