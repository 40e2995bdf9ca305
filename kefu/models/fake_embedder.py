"""A deterministic embedder without a model, for tests: texts that share n-grams get similar vectors."""

import zlib
from functools import lru_cache

import numpy as np

from kefu.models.base import BatchedEmbedder
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings

_DEFAULT_DIMENSION = 64
_LENGTHS = (1, 2, 3)


class FakeEmbedder(BatchedEmbedder):
    """Sums one pseudo-random direction per character n-gram (random indexing); every machine gives the same."""

    def __init__(self, settings: EmbeddingSettings | None = None) -> None:
        super().__init__(settings or EmbeddingSettings(model="fake"))
        self.batches: list[int] = []  # sizes of the batches that reached the "model"

    def _load(self) -> ModelIdentity:
        dim = self.settings.dimension or _DEFAULT_DIMENSION
        return ModelIdentity(name="fake", fingerprint="fake", dim=dim)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        self.batches.append(len(texts))
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> np.ndarray:
        dim = self.settings.dimension or _DEFAULT_DIMENSION
        lowered = text.lower()
        grams = [lowered[at : at + length] for length in _LENGTHS for at in range(len(lowered) - length + 1)]
        return np.sum([_direction(gram, dim) for gram in grams], axis=0)


@lru_cache(maxsize=1 << 15)
def _direction(gram: str, dim: int) -> np.ndarray:
    seed = zlib.crc32(gram.encode("utf-8"))
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(dim)
