"""What all embedders share: prompts, cache, batches, progress. A subclass only turns one batch into vectors."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kefu.errors import ModelError
from kefu.models.load_once import LoadedOnce
from kefu.models.prompts import query_prefix
from kefu.models.vectors import MINIMUM_DIMENSION, VectorCache, batches_by_length, finish
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings
from kefu.text import normalise

Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all) after each batch."""

# An embedding model needs something to read: what stands for a text of which nothing is left.
_NOTHING = "."


class BatchedEmbedder(LoadedOnce[ModelIdentity]):
    """An :class:`~kefu.protocols.Embedder` over one batch at a time."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__()
        if settings.dimension is not None and settings.dimension < MINIMUM_DIMENSION:
            raise ModelError(f"`dimension` must be {MINIMUM_DIMENSION} or more; it is {settings.dimension}.")
        self.settings = settings
        self.prompts: Mapping[str, str] = {}
        self._cache = VectorCache(settings.cache_size)

    @abstractmethod
    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        """Embed a few texts, prompts included, as ``[n, dim]``."""

    def embed(self, texts: Sequence[str], *, task: str | None = None, progress: Progress | None = None) -> Vectors:
        """Embed texts as ``float32[n, dim]``, rows of length 1, in the order given; known ones come from the cache.

        :raises ModelError: if the model cannot be loaded or gives what is not a vector.
        """
        identity = self.identity()
        if not texts:
            return np.zeros((0, identity.dim), dtype=np.float32)
        prefix = query_prefix(task, self.prompts)
        keys = [prefix + (normalise(text) or _NOTHING) for text in texts]
        rows = {key: row for key in dict.fromkeys(keys) if (row := self._cache.get(key)) is not None}
        missing = [key for key in dict.fromkeys(keys) if key not in rows]
        done = 0
        for positions in batches_by_length(missing, self.settings.batch_size):
            batch = [missing[position] for position in positions]
            for key, row in zip(batch, finish(self._embed_batch(batch), self.settings.dimension), strict=True):
                rows[key] = row
                self._cache.put(key, row)
            done += len(batch)
            if progress:
                progress(done, len(missing))
        return np.stack([rows[key] for key in keys])
