"""Chooses the engine from the settings, and keeps one model per process."""

import threading
from pathlib import Path
from typing import Literal

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import fingerprint, locate
from kefu.models.onnx_files import export_fingerprint, find_export, require_export, wanted_files
from kefu.settings import EMBEDDED, EmbeddingSettings

FAKE = "fake"
_ENGINES = ("auto", "onnx", "transformers")

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
    if chosen_engine(settings) == "onnx":
        from kefu.models.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(settings)
    from kefu.models.transformers_embedder import TransformersEmbedder

    return TransformersEmbedder(settings)


def chosen_engine(settings: EmbeddingSettings) -> Literal["onnx", "transformers"]:
    """Say which engine computes a model in this process; looks at the disk, but loads nothing.

    :raises ModelError: if the options contradict each other.
    """
    if settings.engine not in _ENGINES:
        raise ModelError(f"`engine` must be one of {', '.join(_ENGINES)}; it is {settings.engine!r}.")
    if settings.engine == "onnx":
        return "onnx"
    if settings.engine == "transformers":
        if settings.onnx_file:
            raise ModelError("`onnx_file` is for the ONNX engine, and `engine` is transformers: remove one of them.")
        return "transformers"
    if settings.onnx_file:
        return "onnx"
    if settings.device not in ("auto", "cpu") or settings.dtype not in ("auto", "float32"):
        return "transformers"
    # A name of the hub is not looked up: who wants an export from there says so.
    is_here = settings.model == EMBEDDED or Path(settings.model).is_dir()
    return "onnx" if is_here and find_export(locate(settings.model), None) else "transformers"


def model_fingerprint(settings: EmbeddingSettings) -> str:
    """Give the fingerprint that the model's identity will have, without loading it or asking a server.

    :raises ModelError: if there is no such model.
    """
    if settings.url:
        return f"remote:{settings.model}"
    if settings.model == FAKE:
        return FAKE
    if chosen_engine(settings) == "transformers":
        return fingerprint(locate(settings.model))
    folder = locate(settings.model, also=wanted_files(settings.onnx_file))
    return export_fingerprint(folder, require_export(folder, settings.onnx_file))


def shared_embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    """Give this process's one embedder for these settings."""
    with _sharing:
        if settings not in _shared:
            _shared[settings] = build_embedder(settings)
        return _shared[settings]
