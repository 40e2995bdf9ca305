"""A graph of neighbours (HNSW), for more rows than one wants to look at one by one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.vectors.codes import FLOAT32, Codes
from kefu.knowledge.vectors.exact import ExactRows
from kefu.knowledge.vectors.flat import nearest_of_all, selector
from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.memory import MemoryIndex, Nearest
from kefu.protocols import Ids, Vectors

# From `bench/retrieval --sweep`: twice the links take twice the memory, are slower, and find no more; half the effort
# of building halves that time and finds less, 0.993 instead of 0.997 of the nearest ten of 200,000 rows.
_NEIGHBOURS = 16
_BUILD_EFFORT = 200  # candidates looked at when a row is put in (efConstruction)
_EFFORT = 96  # … and when one is looked for (efSearch)
_EFFORT_PER_RESULT = 2
# The graph passes rows by that a filter leaves out: where it leaves so few, these alone are looked at. (Not tuned.)
_FEW = 2_000
_FEW_SHARE = 0.1


class HnswIndex(MemoryIndex):
    """Approximate search; filters hold exactly, and no result is missing that there is. ``dim`` of a search changes
    nothing: the graph was made by distances at full length, and following it by others costs recall and saves little.

    Rows that were deleted or replaced stay in the graph, unfound, until it is compacted.
    """

    kind = "hnsw"

    def _new_codes(self) -> Codes:
        import faiss

        if self.storage == FLOAT32:
            graph = faiss.IndexHNSWFlat(self.dim, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        else:
            kind = faiss.ScalarQuantizer.QT_8bit
            graph = faiss.IndexHNSWSQ(self.dim, kind, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = _BUILD_EFFORT
        return self._codes_of(graph)

    def _codes_of(self, stored: Any, exact: ExactRows | None = None) -> Codes:
        import faiss

        return Codes(faiss.downcast_index(stored.storage), adder=stored, exact=exact)

    def _stored(self) -> Any:
        return self._codes.adder

    def _places(self, ids: Ids) -> NDArray[np.int64]:
        return self._rows.appended(ids)

    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        import faiss

        count = len(self._codes)
        allowed = count if mask is None else int(mask.sum())
        if allowed <= max(_FEW, _FEW_SHARE * count, _EFFORT_PER_RESULT * k):
            return nearest_of_all(self._codes.store, queries, k, mask)
        effort = max(_EFFORT, _EFFORT_PER_RESULT * k) * count // allowed
        chosen = None if mask is None else selector(mask)
        parameters = faiss.SearchParametersHNSW(efSearch=int(effort), sel=chosen)
        scores, positions = self._codes.adder.search(queries, k, params=parameters)
        if (short := np.flatnonzero((positions < 0).any(axis=1))).size:
            positions[short], scores[short] = nearest_of_all(self._codes.store, queries[short], k, mask)
        return positions, scores
