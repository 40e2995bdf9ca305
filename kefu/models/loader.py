"""Chooses the engine from the settings, and keeps one model per process."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import fingerprint, locate
from kefu.models.generator_base import BoundedGenerator
from kefu.models.onnx_files import export_fingerprint, find_export, require_export, wanted_files
from kefu.models.reranker_base import BatchedReranker
from kefu.settings import EMBEDDED, OFF, EmbeddingSettings, GeneratorSettings, ModelSettings, RerankerSettings

FAKE = "fake"
_ENGINES = ("auto", "onnx", "transformers")

S = TypeVar("S", bound=ModelSettings)
M = TypeVar("M")

_shared: dict[ModelSettings, Any] = {}
_sharing = threading.Lock()


def build_embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    """Make the embedder that the settings describe; nothing is loaded yet.

    :raises ModelError: if an option's value makes no sense.
    """
    _refuse_sizes(settings)
    if settings.url:
        from kefu.models.remote_embedder import RemoteEmbedder

        return RemoteEmbedder(settings)
    if settings.model == FAKE:
        from kefu.models.fake_embedder import FakeEmbedder

        return FakeEmbedder(settings)
    if chosen_engine(settings) == "onnx":
        from kefu.models.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(settings)
    from kefu.models.transformers_embedder import TransformersEmbedder

    return TransformersEmbedder(settings)


def build_reranker(settings: RerankerSettings) -> BatchedReranker | None:
    """Make the reranker that the settings describe, or None where it is off; nothing is loaded yet.

    :raises ModelError: if an option's value makes no sense.
    """
    _refuse_sizes(settings)
    if settings.url:
        from kefu.models.remote_reranker import RemoteReranker

        return RemoteReranker(settings)
    if settings.model == OFF:
        return None
    if settings.model == FAKE:
        from kefu.models.fake_reranker import FakeReranker

        return FakeReranker(settings)
    if chosen_engine(settings) == "onnx":
        from kefu.models.onnx_reranker import OnnxReranker

        return OnnxReranker(settings)
    from kefu.models.transformers_reranker import TransformersReranker

    return TransformersReranker(settings)


def build_generator(settings: GeneratorSettings) -> BoundedGenerator | None:
    """Make the generator that the settings describe, or None where it is off; nothing is loaded yet.

    :raises ModelError: if an option's value makes no sense.
    """
    if settings.url:
        from kefu.models.remote_generator import RemoteGenerator

        return RemoteGenerator(settings)
    if settings.model == OFF:
        return None
    if settings.model == EMBEDDED:
        raise ModelError("No generator ships with Kefu: `model` is off, or a name such as Qwen/Qwen3-8B.")
    if settings.model == FAKE:
        from kefu.models.fake_generator import ScriptedGenerator

        return ScriptedGenerator(settings=settings)
    from kefu.models.transformers_generator import TransformersGenerator

    return TransformersGenerator(settings)


def _refuse_sizes(settings: ModelSettings) -> None:
    if settings.batch_size < 1 or settings.max_length < 1:
        raise ModelError("`batch_size` and `max_length` must be 1 or more.")


def chosen_engine(settings: ModelSettings) -> Literal["onnx", "transformers"]:
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
    return "onnx" if is_here and find_export(locate(settings.model, settings.role), None) else "transformers"


def model_fingerprint(settings: ModelSettings) -> str:
    """Give the fingerprint that the model's identity will have, without loading it or asking a server.

    :raises ModelError: if there is no such model.
    """
    if settings.url:
        return f"remote:{settings.model}"
    if settings.model == FAKE:
        return FAKE
    if chosen_engine(settings) == "transformers":
        return fingerprint(locate(settings.model, settings.role))
    folder = locate(settings.model, settings.role, also=wanted_files(settings.onnx_file))
    return export_fingerprint(folder, require_export(folder, settings.onnx_file))


def shared_embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    """Give this process's one embedder for these settings."""
    return _one(settings, build_embedder)


def shared_reranker(settings: RerankerSettings) -> BatchedReranker | None:
    """Give this process's one reranker for these settings, or None where it is off."""
    return _one(settings, build_reranker)


def shared_generator(settings: GeneratorSettings) -> BoundedGenerator | None:
    """Give this process's one generator for these settings, or None where it is off."""
    return _one(settings, build_generator)


def _one(settings: S, build: Callable[[S], M]) -> M:
    with _sharing:
        if settings not in _shared:
            _shared[settings] = build(settings)
        found: M = _shared[settings]
        return found
