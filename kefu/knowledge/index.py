"""The index on disk: vectors in a FAISS file, and ``meta.json``, which says what they were made from.

``meta.json`` names the file of vectors that it belongs to, and is replaced in one step after that file is complete:
whoever reads, and wherever a writer dies, sees the old pair or the new one, never a mixture.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.decide import Rule
from kefu.protocols import ModelIdentity, Vectors

META = "meta.json"
FORMAT = 1
_REMEDY = "Run `kefu index`."
Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, inode and size of ``meta.json``: differs whenever the index was replaced."""


@dataclass(frozen=True)
class EntryVersion:
    """Which version of an entry is live, and since which day (ISO date)."""

    version: str
    since: str


@dataclass(frozen=True)
class Fit:
    """What the rule of decision was fitted on, and how it did there (shares in [0, 1], None where nothing counts)."""

    fingerprint: str
    source: str
    questions: int
    answered_right: float | None
    refusal: float | None


@dataclass(frozen=True)
class IndexMeta:
    """All that is stored beside the vectors.

    ``row_hashes`` has the hash of each row's text, in order; ``dimension_asked`` is the setting, None for the model's
    own dimension.
    """

    model: ModelIdentity
    dimension_asked: int | None
    content_hash: str
    row_hashes: tuple[str, ...]
    entries: dict[str, EntryVersion]
    rule: Rule
    fit: Fit
    built_at: str


@dataclass(frozen=True)
class StoredIndex:
    """An index as read from disk; ``vectors`` is a FAISS ``IndexFlatIP``."""

    meta: IndexMeta
    vectors: Any

    def all_vectors(self) -> Vectors:
        """Give all rows as ``float32[n, dim]``."""
        rows: Vectors = self.vectors.reconstruct_n(0, self.vectors.ntotal)
        return rows


def flat_index(vectors: Vectors) -> Any:
    """Put rows into a FAISS index by inner product."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


def stamp(folder: Path) -> Stamp | None:
    """Tell one state of the index on disk from another; None if there is none."""
    try:
        status = (folder / META).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the index for one builder; another process (or thread) waits until this one is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the system lets go of it when the process ends, however it ends
        yield


def write_index(folder: Path, meta: IndexMeta, vectors: Vectors) -> None:
    """Replace the index in one step; call it within :func:`building`."""
    import faiss

    name = f"vectors-{os.urandom(6).hex()}.faiss"
    faiss.write_index(flat_index(vectors), str(folder / name))
    _sync(folder / name)
    content = {"format": FORMAT, "vectors": name, **asdict(meta)}
    draft = folder / f"{META}.draft"
    draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    _sync(draft)
    draft.replace(folder / META)
    _sync(folder)
    for old in folder.glob("vectors-*.faiss"):
        if old.name != name:
            old.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_index(folder: Path) -> StoredIndex:
    """Read the index, whatever it was made from.

    :raises KnowledgeIndexError: if there is none, or it is damaged.
    """
    for last_try in (False, True):
        meta, name = _read_meta(folder)
        try:
            return StoredIndex(meta, _read_vectors(folder / name, meta))
        except FileNotFoundError as error:
            # A builder took the vectors away between the two reads; its new meta.json is there by now.
            if last_try:
                raise KnowledgeIndexError(f"The knowledge index in {folder} lacks {name}. {_REMEDY}") from error
    raise AssertionError("unreachable")


def _read_meta(folder: Path) -> tuple[IndexMeta, str]:
    try:
        content = json.loads((folder / META).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeIndexError(f"There is no knowledge index in {folder}. {_REMEDY}") from error
    except (OSError, ValueError) as error:
        raise KnowledgeIndexError(f"The knowledge index in {folder} cannot be read: {error}. {_REMEDY}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KnowledgeIndexError(f"The knowledge index in {folder} is of another version of Kefu. {_REMEDY}")
    try:
        meta = IndexMeta(
            model=ModelIdentity(**content["model"]),
            dimension_asked=content["dimension_asked"],
            content_hash=content["content_hash"],
            row_hashes=tuple(content["row_hashes"]),
            entries={key: EntryVersion(**value) for key, value in content["entries"].items()},
            rule=Rule.from_json(content["rule"]),
            fit=Fit(**content["fit"]),
            built_at=content["built_at"],
        )
        return meta, str(content["vectors"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeIndexError(f"{folder / META} is damaged ({error!r}). {_REMEDY}") from error


def _read_vectors(file: Path, meta: IndexMeta) -> Any:
    import faiss

    if not file.exists():
        raise FileNotFoundError(file)
    try:
        vectors = faiss.read_index(str(file))
    except RuntimeError as error:
        if not file.exists():
            raise FileNotFoundError(file) from error
        raise KnowledgeIndexError(f"{file} is damaged. {_REMEDY}") from error
    if vectors.ntotal != len(meta.row_hashes) or vectors.d != meta.model.dim:
        raise KnowledgeIndexError(
            f"{file} has {vectors.ntotal} rows of dimension {vectors.d}; {META} says {len(meta.row_hashes)} of "
            f"{meta.model.dim}. {_REMEDY}"
        )
    return vectors


def check_fits(meta: IndexMeta, model: ModelIdentity, content_hash: str, row_hashes: Sequence[str]) -> None:
    """Refuse an index that was made by another model or from other entries.

    :raises KnowledgeIndexError: with what differs and the command that mends it.
    """
    made = meta.model
    if made.dim != model.dim:
        raise KnowledgeIndexError(
            f"The knowledge index has dimension {made.dim} ({made.name}); the model in use, {model.name}, gives "
            f"{model.dim}. {_REMEDY}"
        )
    if made.fingerprint != model.fingerprint:
        raise KnowledgeIndexError(
            f"The knowledge index was made with the model {made.name} ({made.fingerprint}); the one in use is "
            f"{model.name} ({model.fingerprint}). {_REMEDY}"
        )
    if meta.content_hash != content_hash or list(meta.row_hashes) != list(row_hashes):
        raise KnowledgeIndexError(f"Knowledge entries or policy have changed since the index was made. {_REMEDY}")
