"""Chooses the engine from the settings, and keeps one model per process."""

import threading

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import fingerprint, locate
from kefu.settings import EmbeddingSettings

FAKE = "fake"

_shared: dict[EmbeddingSettings, BatchedEmbedder] = {}
_sharing = threading.Lock()


def build_embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    """Make the embedder that the settings describe; nothing is loaded yet.

    :raises ModelError: if an option's value makes no sense.
    """
    if settings.url:
        from kefu.models.remote_embedder import RemoteEmbedder

        return RemoteEmbedder(settings)
    if settings.model == FAKE:
        from kefu.models.fake_embedder import FakeEmbedder

        return FakeEmbedder(settings)
    if settings.batch_size < 1 or settings.max_length < 1:
        raise ModelError("`batch_size` and `max_length` must be 1 or more.")
    from kefu.models.transformers_embedder import TransformersEmbedder

    return TransformersEmbedder(settings)


def model_fingerprint(settings: EmbeddingSettings) -> str:
    """Give the fingerprint that the model's identity will have, without loading it or asking a server.

    :raises ModelError: if there is no such model.
    """
    if settings.url:
        return f"remote:{settings.model}"
    if settings.model == FAKE:
        return FAKE
    return fingerprint(locate(settings.model))


def shared_embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    """Give this process's one embedder for these settings."""
    with _sharing:
        if settings not in _shared:
            _shared[settings] = build_embedder(settings)
        return _shared[settings]
