"""Search on an NVIDIA GPU. Needs faiss-gpu in place of faiss-cpu: both are the module `faiss`.

The rows stay in this process's memory too, for filters, for giving vectors back, and for saving; on the GPU they are
float32 always. There, rows are only added: what was deleted or replaced is left out of the answers, until compacting
copies all anew.
"""

import math
from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.errors import SettingsError
from kefu.knowledge.vectors.codes import Codes
from kefu.knowledge.vectors.flat import nearest_of_all
from kefu.knowledge.vectors.labels import Mask
from kefu.knowledge.vectors.memory import NONE, MemoryIndex, Nearest
from kefu.protocols import Ids, Scores, Vectors

_MOST_RESULTS = 2048  # that FAISS gives on a GPU
# IVF: lists for n rows are 4 √n, FAISS's own advice; a list wants 39 rows to be trained on.
_LISTS_PER_ROOT = 4
_ROWS_PER_LIST = 39
_PROBED_SHARE = 1 / 8  # of the lists
_LEAST_FOR_LISTS = 5_000  # rows; fewer are compared one by one
_GROWTH = 4  # times as many rows as lists were made for: they are made anew


def gpu_faiss() -> Any:
    """Give FAISS, if it can compute on a GPU here.

    :raises SettingsError: with what is missing.
    """
    import faiss

    if not hasattr(faiss, "StandardGpuResources"):
        raise SettingsError(
            "`knowledge.vectors` asks for a GPU, and the FAISS installed is for CPUs. Run `pip uninstall faiss-cpu`, "
            "then `pip install --force-reinstall --no-deps 'faiss-gpu-cu12<1.9'`."
        )
    if not faiss.get_num_gpus():
        raise SettingsError("`knowledge.vectors` asks for a GPU, and FAISS sees none. `auto` needs none.")
    return faiss


class GpuIndex(MemoryIndex):
    """What flat search and IVF on a GPU have in common."""

    def __init__(self, dim: int, storage: str) -> None:
        self._faiss = gpu_faiss()
        self._resources = self._faiss.StandardGpuResources()
        self._gpu: Any = None
        self._copied: Codes | None = None  # whose rows lie on the GPU
        self._made_for = 0  # rows
        super().__init__(dim, storage)

    @abstractmethod
    def _new_gpu_index(self, vectors: Vectors) -> Any:
        """Make an empty index on the GPU, fit for these rows."""

    def _places(self, ids: Ids) -> NDArray[np.int64]:
        return self._rows.appended(ids)

    def _up_to_date(self) -> Any:
        """Give the index on the GPU, with the rows that came since it was last asked."""
        anew = self._copied is not self._codes or len(self._codes) > _GROWTH * self._made_for
        missing = self._codes.decode(np.arange(0 if anew else self._gpu.ntotal, len(self._codes)))
        if anew:
            self._gpu, self._copied, self._made_for = self._new_gpu_index(missing), self._codes, len(missing)
        if len(missing):
            self._gpu.add(missing)
        return self._gpu

    def _nearest(self, queries: Vectors, k: int, mask: Mask | None, dim: int | None) -> Nearest:
        allowed = len(self._codes) if mask is None else int(mask.sum())
        # A GPU index knows no filter: ask for more, and leave out what may not be found.
        wanted = k if mask is None else 2 * math.ceil(k * len(self._codes) / allowed)
        if wanted > _MOST_RESULTS:
            return nearest_of_all(self._codes.store, queries, k, mask)
        scores, positions = self._up_to_date().search(queries, wanted)
        if mask is not None:
            positions, scores = _kept(positions, scores, mask, k)
        expected = min(k, allowed)
        if (short := np.flatnonzero((positions >= 0).sum(axis=1) < expected)).size:
            positions[short], scores[short] = nearest_of_all(self._codes.store, queries[short], k, mask)
        return positions, scores


def _kept(positions: NDArray[np.int64], scores: Scores, mask: Mask, k: int) -> Nearest:
    kept = np.full((len(positions), k), -1, dtype=np.int64)
    kept_scores = np.full((len(positions), k), NONE)
    for row, found in enumerate(positions):
        allowed = np.flatnonzero((found >= 0) & mask[found])[:k]
        kept[row, : len(allowed)] = found[allowed]
        kept_scores[row, : len(allowed)] = scores[row, allowed]
    return kept, kept_scores


class GpuFlatIndex(GpuIndex):
    """Compares with every row; exact."""

    kind = "gpu-flat"

    def _new_gpu_index(self, vectors: Vectors) -> Any:
        return self._faiss.GpuIndexFlatIP(self._resources, self.dim)


class GpuIvfIndex(GpuFlatIndex):
    """Compares with the rows of the nearest lists (IVF), from 5,000 rows on; approximate."""

    kind = "gpu-ivf"

    def _new_gpu_index(self, vectors: Vectors) -> Any:
        if len(vectors) < _LEAST_FOR_LISTS:
            return super()._new_gpu_index(vectors)
        lists = min(_LISTS_PER_ROOT * math.isqrt(len(vectors)), len(vectors) // _ROWS_PER_LIST)
        index = self._faiss.GpuIndexIVFFlat(self._resources, self.dim, lists, self._faiss.METRIC_INNER_PRODUCT)
        index.nprobe = math.ceil(lists * _PROBED_SHARE)
        index.train(vectors)
        return index
