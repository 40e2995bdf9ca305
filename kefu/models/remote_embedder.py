"""A Qwen3-Embedding model in a server that speaks OpenAI's ``/v1/embeddings``: vLLM, SGLang, TEI, infinity, Ollama."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from kefu.errors import RemoteModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.model_server import ModelServer, in_order, versioned_endpoint
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings

_PROBE = "hello"


class RemoteEmbedder(BatchedEmbedder):
    """Asks a server for vectors; nothing that comes back is believed unchecked."""

    def __init__(self, settings: EmbeddingSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings)
        self._server = ModelServer(versioned_endpoint(settings.url or "", "embeddings"), settings, clock=clock)

    def _load(self) -> ModelIdentity:
        width = self._embed_batch([_PROBE]).shape[1]
        dimension = self.settings.dimension
        if dimension is not None and dimension > width:
            raise RemoteModelError(f"`dimension` is {dimension}, but {self.settings.model} has only {width}.")
        # The weights are out of sight: the name under which the server knows them has to stand for them.
        name = self.settings.model
        return ModelIdentity(name=name, fingerprint=f"remote:{name}", dim=dimension or width)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        body = {"model": self.settings.model, "input": texts, "encoding_format": "float"}
        rows = _rows(self._server.post(body), expected=len(texts))
        known = self._identity
        if known is not None and self.settings.dimension is None and rows.shape[1] != known.dim:
            raise RemoteModelError(f"The server changed its dimension from {known.dim} to {rows.shape[1]}.")
        return rows


def _rows(answer: Any, *, expected: int) -> np.ndarray:
    """Check count, order, dimension and finiteness of an answer, and give its rows in the order of the request."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if isinstance(data, list):  # some servers leave the index out, and keep the order
        data = [{"index": at, **item} if isinstance(item, dict) else item for at, item in enumerate(data)]
    vectors = in_order(data, "embedding", expected)
    try:
        rows = np.array(vectors, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise RemoteModelError("The embedding server's vectors are not numbers, or differ in length.") from error
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise RemoteModelError(f"The embedding server's vectors have the shape {rows.shape}.")
    if not np.isfinite(rows).all():
        raise RemoteModelError("The embedding server gave a vector that is not finite.")
    return rows
