"""``meta.json`` of the index: the rule of decision, what it was fitted on, and with which model.

It is replaced in one step, last of all that a build writes: whoever reads, and wherever a builder dies, sees the old
state or the new one.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.decide import Rule
from kefu.protocols import ModelIdentity

META = "meta.json"
FORMAT = 2
REMEDY = "Run `kefu index`."
Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, inode and size of ``meta.json``: differs whenever it was replaced."""


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
    other thresholds would have given."""

    fingerprint: str
    source: str
    questions: int
    answered_right: float | None
    refusal: float | None
    precision: float | None
    curve: tuple[Point, ...] = ()


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


def write_meta(folder: Path, meta: Meta) -> None:
    """Replace ``meta.json`` in one step; call it within :func:`building`."""
    draft = folder / f"{META}.draft"
    draft.write_text(json.dumps({"format": FORMAT, **asdict(meta)}, ensure_ascii=False), encoding="utf-8")
    _sync(draft)
    draft.replace(folder / META)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_meta(folder: Path) -> Meta:
    """Read ``meta.json``.

    :raises KnowledgeIndexError: if there is none, it is damaged, or of another version of Kefu.
    """
    try:
        content = json.loads((folder / META).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeIndexError(f"There is no knowledge index in {folder}. {REMEDY}") from error
    except (OSError, ValueError) as error:
        raise KnowledgeIndexError(f"The knowledge index in {folder} cannot be read: {error}. {REMEDY}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KnowledgeIndexError(f"The knowledge index in {folder} is of another version of Kefu. {REMEDY}")
    try:
        return Meta(
            model=ModelIdentity(**content["model"]),
            dimension_asked=content["dimension_asked"],
            rule=Rule.from_json(content["rule"]),
            fit=Fit(**{**content["fit"], "curve": tuple(Point(**point) for point in content["fit"]["curve"])}),
            built_at=content["built_at"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeIndexError(f"{folder / META} is damaged ({error!r}). {REMEDY}") from error


def check_model(meta: Meta, model: ModelIdentity) -> None:
    """Refuse an index that was made with another model.

    :raises KnowledgeIndexError: with what differs and the command that mends it.
    """
    made = meta.model
    if made.dim != model.dim:
        raise KnowledgeIndexError(
            f"The knowledge index has dimension {made.dim} ({made.name}); the model in use, {model.name}, gives "
            f"{model.dim}. {REMEDY}"
        )
    if made.fingerprint != model.fingerprint:
        raise KnowledgeIndexError(
            f"The knowledge index was made with the model {made.name} ({made.fingerprint}); the one in use is "
            f"{model.name} ({model.fingerprint}). {REMEDY}"
        )
