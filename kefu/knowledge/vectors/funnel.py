"""Looks for candidates in the first components of every row, and scores these at full length.

Matryoshka vectors carry most of the meaning in their first components, so that one stored matrix serves every
length. Prefixes are compared by cosine: a row's prefix is scaled by the inverse of its own length.
"""

import math

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.vectors.codes import FLOAT32
from kefu.knowledge.vectors.flat import nearest_of_all
from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.memory import NONE, MemoryIndex, Nearest
from kefu.protocols import Scores, Vectors

# Candidates of a search, by `bench/retrieval`: a quarter of the length keeps recall@10 above 0.99 with these.
_LEAST_CANDIDATES = 200
_CANDIDATES_PER_RESULT = 10
# The cut is read off every 16th score, a little low: a twentieth of the time of parting all scores in two.
_SAMPLED, _SPARE, _MOST_TOO_MANY = 16, 1.5, 3
_BLOCK = 64  # queries whose scores are held at once


class FunnelIndex(MemoryIndex):
    """Exact at full length (``dim`` None), all but exact with a prefix of ½ or ¼.

    Of int8 every search looks at full length: FAISS compares whole rows of bytes in less time than prefixes take to be
    widened.
    """

    kind = "funnel"

    def __init__(self, dim: int, storage: str) -> None:
        self._scales: dict[int, Scores] = {}  # by dimension of the prefix: 1 / its length, for each position
        super().__init__(dim, storage)

    def _changed(self, positions: NDArray[np.int64]) -> None:
        for dim, scales in self._scales.items():
            grown = np.concatenate([scales, np.zeros(max(len(self._codes) - len(scales), 0), dtype=np.float32)])
            grown = grown[: len(self._codes)]
            grown[positions] = self._inverse_lengths(positions, dim)
            self._scales[dim] = grown

    def _inverse_lengths(self, positions: NDArray[np.int64], dim: int) -> Scores:
        lengths = np.linalg.norm(self._codes.decode(positions)[:, :dim], axis=1)
        return np.asarray(1 / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)

    def searched_dim(self, dim: int | None) -> int:
        """See :class:`~kefu.protocols.VectorIndex`."""
        return self.dim if dim is None or self.storage != FLOAT32 else min(dim, self.dim)

    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        if dim is not None and dim < 1:
            raise KnowledgeIndexError(f"A search looks at 1 component or more; dim is {dim}.")
        dim = self.searched_dim(dim)
        if dim == self.dim:
            return nearest_of_all(self._codes.store, queries, k, mask)
        if dim not in self._scales:
            self._scales[dim] = self._inverse_lengths(np.arange(len(self._codes)), dim)
        blocks = [queries[at : at + _BLOCK] for at in range(0, len(queries), _BLOCK)]
        found = [self._nearest_by_prefix(block, k, mask, dim) for block in blocks]
        return np.concatenate([positions for positions, _ in found]), np.concatenate([scores for _, scores in found])

    def _nearest_by_prefix(self, queries: Vectors, k: int, mask: Mask | None, dim: int) -> Nearest:
        scores = self._codes.prefix_scores(queries, dim)
        scores *= self._scales[dim]
        if mask is not None:
            scores[:, ~mask] = NONE
        positions = np.full((len(queries), k), -1, dtype=np.int64)
        full = np.full((len(queries), k), NONE)
        for row, query in enumerate(queries):
            best, rescored = self._rescored(query, scores[row], k)
            positions[row, : len(best)], full[row, : len(best)] = best, rescored
        return positions, full

    def _rescored(self, query: Vectors, prefix: Scores, k: int) -> Nearest:
        chosen = _highest(prefix, max(_LEAST_CANDIDATES, _CANDIDATES_PER_RESULT * k))
        chosen = chosen[prefix[chosen] > NONE]
        scores = self._codes.decode(chosen) @ query
        order = np.argsort(-scores, kind="stable")[:k]
        return chosen[order], scores[order]


def _highest(scores: Scores, count: int) -> NDArray[np.int64]:
    """Give the positions of the ``count`` highest scores or of some more, in no order; all where there are fewer."""
    if count >= len(scores):
        return np.arange(len(scores))
    sample = scores[::_SAMPLED]
    rank = math.ceil(_SPARE * count / _SAMPLED)
    if rank < len(sample):
        found = np.flatnonzero(scores >= np.partition(sample, len(sample) - rank)[len(sample) - rank])
        if count <= len(found) <= _MOST_TOO_MANY * count:
            return found
    return np.argpartition(scores, len(scores) - count)[-count:]
