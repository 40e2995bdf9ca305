"""Compares a question with every row: exact, and fast enough for some ten thousand."""

from typing import Any

import numpy as np

from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.memory import MemoryIndex, Nearest
from kefu.protocols import Vectors


def selector(mask: Mask) -> Any:
    """Make a FAISS selector of the rows that are marked."""
    import faiss

    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))


def nearest_of_all(store: Any, queries: Vectors, k: int, mask: Mask | None) -> Nearest:
    """Look at every row of a FAISS store that is marked (None: at all)."""
    import faiss

    parameters = None if mask is None else faiss.SearchParameters(sel=selector(mask))
    scores, positions = store.search(queries, k, params=parameters)
    return positions, scores


class FlatIndex(MemoryIndex):
    """Exact search over ``IndexFlatIP``, or over a scalar quantiser for int8; ``dim`` of a search changes nothing."""

    kind = "flat"

    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        return nearest_of_all(self._codes.store, queries, k, mask)
