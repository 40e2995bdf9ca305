"""Looks for candidates in the first components of every row, and scores these at full length.

Matryoshka vectors carry most of the meaning in their first components, so that one stored matrix serves every
length. Prefixes are compared by cosine: a row's prefix is scaled to length 1.
"""

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.vectors.codes import FLOAT32, Codes, new_store
from kefu.knowledge.vectors.flat import nearest_of_all
from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.memory import NONE, MemoryIndex, Nearest
from kefu.protocols import Vectors

# Candidates of a search, by `bench/retrieval`: a quarter of the length keeps recall@10 above 0.99 with these.
_LEAST_CANDIDATES = 200
_CANDIDATES_PER_RESULT = 10


class FunnelIndex(MemoryIndex):
    """Exact at full length (``dim`` None), all but exact with a prefix of ½ or ¼.

    The prefixes of a length that is asked for are kept a second time, beside each other: read out of whole rows they
    take as long as these, as memory is what a search waits for. Of int8 every search looks at full length: rows of
    bytes are as short as prefixes.
    """

    kind = "funnel"

    def __init__(self, dim: int, storage: str) -> None:
        self._heads: dict[int, Codes] = {}  # by their length, in the order of the rows
        super().__init__(dim, storage)

    def _changed(self, positions: NDArray[np.int64]) -> None:
        # Fewer rows than before were compacted: the next search that needs their prefixes cuts them anew.
        self._heads = {dim: head for dim, head in self._heads.items() if len(head) <= len(self._codes)}
        for dim, head in self._heads.items():
            replaced = positions[positions < len(head)]
            head.replace(replaced, self._cut(replaced, dim))
            head.append(self._cut(np.arange(len(head), len(self._codes)), dim))

    def _cut(self, positions: NDArray[np.int64], dim: int) -> Vectors:
        prefixes = self._codes.decode(positions)[:, :dim]
        lengths = np.linalg.norm(prefixes, axis=1, keepdims=True)
        return np.asarray(prefixes / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32, order="C")

    def searched_dim(self, dim: int | None) -> int:
        """See :class:`~kefu.protocols.VectorIndex`."""
        return self.dim if dim is None or self.storage != FLOAT32 else min(dim, self.dim)

    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        if dim is not None and dim < 1:
            raise KnowledgeIndexError(f"A search looks at 1 component or more; dim is {dim}.")
        dim = self.searched_dim(dim)
        if dim == self.dim:
            return nearest_of_all(self._codes.store, queries, k, mask)
        if dim not in self._heads:
            self._heads[dim] = Codes(new_store(dim, FLOAT32))
            self._heads[dim].append(self._cut(np.arange(len(self._codes)), dim))
        count = min(max(_LEAST_CANDIDATES, _CANDIDATES_PER_RESULT * k), len(self._codes))
        prefixes = np.ascontiguousarray(queries[:, :dim])
        candidates, _ = nearest_of_all(self._heads[dim].store, prefixes, count, mask)
        positions = np.full((len(queries), k), -1, dtype=np.int64)
        scores = np.full((len(queries), k), NONE)
        for row, query in enumerate(queries):
            found, exact = self._rescored(query, candidates[row], k)
            positions[row, : len(found)], scores[row, : len(found)] = found, exact
        return positions, scores

    def _rescored(self, query: Vectors, candidates: NDArray[np.int64], k: int) -> Nearest:
        chosen = candidates[candidates >= 0]
        scores = self._codes.decode(chosen) @ query
        order = np.argsort(-scores, kind="stable")[:k]
        return chosen[order], scores[order]

    def close(self) -> None:
        """See :class:`~kefu.protocols.VectorIndex`."""
        super().close()
        self._heads = {}
