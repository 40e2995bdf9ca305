"""Makes or opens the vector index that the settings and the number of vectors ask for."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from kefu.errors import KnowledgeIndexError, SettingsError
from kefu.knowledge.index.snapshot import MANIFEST
from kefu.knowledge.vectors.codes import FLOAT32, STORAGES
from kefu.knowledge.vectors.memory import KIND_FILE, MemoryIndex
from kefu.protocols import VectorIndex
from kefu.settings import KnowledgeSettings, Settings, unknown_key

AUTO, FLAT, FUNNEL, HNSW, MILVUS = "auto", "flat", "funnel", "hnsw", "milvus"
GPU_FLAT, GPU_IVF = "gpu-flat", "gpu-ivf"
KINDS = (AUTO, FLAT, FUNNEL, HNSW, MILVUS, GPU_FLAT, GPU_IVF)
MOST_FOR_FUNNEL = 20_000  # vectors; beyond, a graph is faster (`bench/retrieval`)


def choose(settings: KnowledgeSettings, count: int) -> str:
    """Name the kind of index for so many vectors: the one set, or by ``auto`` Milvus where its address is set, a
    funnel for up to 20,000 vectors, HNSW beyond.

    :raises SettingsError: for an unknown kind or storage, or a combination that there is not.
    """
    if settings.vectors not in KINDS:
        raise SettingsError(unknown_key(settings.vectors, list(KINDS), "knowledge.vectors"))
    if settings.storage not in STORAGES:
        raise SettingsError(unknown_key(settings.storage, list(STORAGES), "knowledge.storage"))
    kind = settings.vectors
    if kind == AUTO:
        kind = MILVUS if settings.milvus else FUNNEL if count <= MOST_FOR_FUNNEL else HNSW
    if kind == MILVUS and not settings.milvus:
        raise SettingsError("`knowledge.vectors` is `milvus`, and `knowledge.milvus` does not say where it is.")
    if kind == MILVUS and settings.storage != FLOAT32:
        raise SettingsError(f"`knowledge.storage` is `{settings.storage}`; Milvus keeps {FLOAT32} only.")
    return kind


def new_vectors(settings: Settings, dim: int, count: int) -> VectorIndex:
    """Make an empty index, fit for about ``count`` vectors.

    :raises SettingsError: as :func:`choose`, or where a GPU or its FAISS is missing.
    :raises KnowledgeIndexError: if Milvus or its client is missing.
    """
    kind = choose(settings.knowledge, count)
    if kind == MILVUS:
        return _milvus(settings, dim, "")
    return _memory_kinds()[kind]()(dim, settings.knowledge.storage)


def read_vectors(settings: Settings, folder: Path) -> VectorIndex:
    """Open what :meth:`~kefu.protocols.VectorIndex.save` wrote, whatever kind it is.

    :raises KnowledgeIndexError: if it is damaged or gone, or another kind or storage is set now than it was made with.
    """
    try:
        content = json.loads((folder / KIND_FILE).read_text(encoding="utf-8"))
        kind, dim, storage = content["kind"], int(content["dim"]), content["storage"]
        collection = str(content.get("collection", ""))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeIndexError(f"{folder / KIND_FILE} is damaged ({error!r}). Run `kefu index`.") from error
    wanted = settings.knowledge
    # `auto` may take any kind in memory: the number of vectors decided when it was built.
    as_set = kind == choose(wanted, 0) if wanted.vectors != AUTO or wanted.milvus else kind in (FUNNEL, HNSW)
    if not as_set or storage != wanted.storage:
        raise KnowledgeIndexError(
            f"The index is of kind {kind} with {storage}; `knowledge.vectors: {wanted.vectors}` with {wanted.storage} "
            "is set now. Run `kefu index`."
        )
    if kind == MILVUS:
        return _milvus(settings, dim, collection)
    return _memory_kinds()[kind]().load(folder, dim, storage)


def note_earlier(index: VectorIndex, folder: Path) -> str:
    """Let an index in a server know the collection that the snapshot in ``folder`` names, before it takes its place.

    The assistants that run search the earlier collection until they have taken up the new one, so it is kept until the
    snapshot after this one; nobody searches the one before it.

    :return: the collection that :func:`forget_earlier` may drop; empty if there is none.
    """
    from kefu.knowledge.vectors.milvus import MilvusIndex

    if not isinstance(index, MilvusIndex):
        return ""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        content = json.loads((folder / manifest["content"] / KIND_FILE).read_text(encoding="utf-8"))
        named, before = str(content.get("collection", "")), str(content.get("earlier", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""  # no index yet, or one that cannot be read: what it named is left alone
    is_same = named == index.collection
    index.earlier = before if is_same else named
    return "" if is_same else before


def forget_earlier(index: VectorIndex, collection: str) -> None:
    """Drop the collection that :func:`note_earlier` gave, once a snapshot names the present one.

    Others' collections in the same server are never touched, whatever they are called.
    """
    from kefu.knowledge.vectors.milvus import MilvusIndex

    if collection and isinstance(index, MilvusIndex):
        index.drop(collection)


def _milvus(settings: Settings, dim: int, collection: str) -> VectorIndex:
    from kefu.knowledge.vectors.milvus import MilvusIndex

    address = settings.knowledge.milvus or ""
    if "://" not in address:
        address = str(settings.path(address))
    key = os.environ.get(settings.knowledge.milvus_key_env, "")
    name = settings.knowledge.milvus_collection
    return MilvusIndex(address, dim, name=name, collection=collection, key=key)


def _memory_kinds() -> dict[str, Callable[[], type[MemoryIndex]]]:
    return {FLAT: _flat, FUNNEL: _funnel, HNSW: _hnsw, GPU_FLAT: _gpu_flat, GPU_IVF: _gpu_ivf}


def _flat() -> type[MemoryIndex]:
    from kefu.knowledge.vectors.flat import FlatIndex

    return FlatIndex


def _funnel() -> type[MemoryIndex]:
    from kefu.knowledge.vectors.funnel import FunnelIndex

    return FunnelIndex


def _hnsw() -> type[MemoryIndex]:
    from kefu.knowledge.vectors.hnsw import HnswIndex

    return HnswIndex


def _gpu_flat() -> type[MemoryIndex]:
    from kefu.knowledge.vectors.gpu import GpuFlatIndex

    return GpuFlatIndex


def _gpu_ivf() -> type[MemoryIndex]:
    from kefu.knowledge.vectors.gpu import GpuIvfIndex

    return GpuIvfIndex
