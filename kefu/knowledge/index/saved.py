"""The index on disk as one snapshot: vectors, and ``meta.json`` with the fitted rule and what it was fitted on."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.snapshot import MANIFEST, REMEDY, model_of, read_snapshot, write_snapshot
from kefu.knowledge.vectors.choose import forget_earlier, note_earlier, read_vectors
from kefu.protocols import ModelIdentity, VectorIndex
from kefu.settings import Settings

META = "meta.json"
Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, inode and size of the manifest: differs whenever the index was replaced."""


@dataclass(frozen=True)
class Point:
    """What one threshold gives, in shares: of all questions those answered, of answers the right ones, of the
    answerable questions those answered rightly, of the others those refused."""

    threshold: float
    coverage: float
    precision: float | None
    answered_right: float | None
    refusal: float | None


@dataclass(frozen=True)
class Fit:
    """What a rule was fitted on, and how it did there (shares in [0, 1], None where nothing counts); ``curve`` is what
    other thresholds would have given. ``dense_first`` and ``fused_first`` are how often a right entry came first, by
    meaning alone and fused, where the weights had not seen the question."""

    fingerprint: str
    source: str
    questions: int
    answered_right: float | None
    refusal: float | None
    precision: float | None
    curve: tuple[Point, ...] = ()
    dense_first: float | None = None
    fused_first: float | None = None


@dataclass(frozen=True)
class Meta:
    """All that is stored beside the vectors; ``dimension_asked`` is the setting, None for the model's own."""

    model: ModelIdentity
    dimension_asked: int | None
    rule: Rule
    fit: Fit
    built_at: str


def stamp(folder: Path) -> Stamp | None:
    """Tell one state of the index on disk from another; None if there is none."""
    try:
        status = (folder / MANIFEST).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the index for one builder; another process (or thread) waits until this one is done.

    :raises KnowledgeIndexError: if nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise KnowledgeIndexError(f"Nothing can be written to {folder}: {error.strerror}.") from error
    with lock as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the system lets go of it when the process ends, however it ends
        yield


def save(folder: Path, meta: Meta, vectors: VectorIndex) -> None:
    """Replace the index in one step; call it within :func:`building`."""

    def write(content: Path) -> None:
        vectors.save(content)
        (content / META).write_text(json.dumps(asdict(meta), ensure_ascii=False), encoding="utf-8")

    unused = note_earlier(vectors, folder)
    write_snapshot(folder, meta.model, write)
    forget_earlier(vectors, unused)


def read_meta(folder: Path, model: ModelIdentity | None = None) -> Meta:
    """Read what is stored beside the vectors.

    :param model: the one in use; None takes whichever made the index.
    :raises KnowledgeIndexError: if there is no index, it is damaged, or another model made it.
    """
    return read_snapshot(folder, model or model_of(folder), _meta)


def open_saved(settings: Settings, folder: Path, model: ModelIdentity) -> tuple[Meta, VectorIndex]:
    """Read the whole index.

    :raises KnowledgeIndexError: as :func:`read_meta`, or if the settings name another kind of index.
    """
    return read_snapshot(folder, model, lambda content: (_meta(content), read_vectors(settings, content)))


def _meta(content: Path) -> Meta:
    try:
        read = json.loads((content / META).read_text(encoding="utf-8"))
        return Meta(
            model=ModelIdentity(**read["model"]),
            dimension_asked=read["dimension_asked"],
            rule=Rule.from_json(read["rule"]),
            fit=Fit(**{**read["fit"], "curve": tuple(Point(**point) for point in read["fit"]["curve"])}),
            built_at=read["built_at"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeIndexError(f"{content / META} is damaged ({error!r}). {REMEDY}") from error
