"""A folder of files that is replaced as a whole: after a kill at any moment, the old files are there or the new ones.

Each state lies in a folder of its own, ``content-…``. ``manifest.json`` says which one counts, what it was made from,
and the size and SHA-256 of each file. It is replaced by a rename, after all that it names has reached the disk.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from kefu.errors import KnowledgeIndexError
from kefu.protocols import ModelIdentity

MANIFEST = "manifest.json"
FORMAT = 2  # of the files; raise it where an older one would be misread
REMEDY = "Run `kefu index`."
_CONTENT = "content-"
_CHUNK = 1 << 20  # bytes that are hashed at once
T = TypeVar("T")


def write_snapshot(folder: Path, model: ModelIdentity, write: Callable[[Path], None]) -> None:
    """Replace the snapshot in one step. One writer at a time: the caller sees to that.

    :param model: that the vectors were made with.
    :param write: puts the files into the empty folder that it is given. If it raises, the old state stays.
    :raises KnowledgeIndexError: if the files cannot be written, as on a full disk.
    """
    try:
        content = folder / f"{_CONTENT}{os.urandom(6).hex()}"
        content.mkdir(parents=True)
        _replace(folder, content, model, write)
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnowledgeIndexError(
            f"The knowledge index cannot be written to {folder}: {reason}. What was there before still counts."
        ) from error


def _replace(folder: Path, content: Path, model: ModelIdentity, write: Callable[[Path], None]) -> None:
    try:
        write(content)
        files = {file.name: _sealed(file) for file in sorted(content.iterdir())}
        _sync(content)
        manifest = {"format": FORMAT, "content": content.name, "files": files, "model": asdict(model)}
        _replace_manifest(folder, manifest)
    except BaseException:
        # Where the fault came behind the rename, the manifest names the new files: they are what counts then.
        if _named(folder) != content.name:
            shutil.rmtree(content, ignore_errors=True)
        raise
    _remove_others(folder, content.name)


def _named(folder: Path) -> str:
    try:
        return str(_manifest(folder)["content"])
    except (KnowledgeIndexError, KeyError):
        return ""


def _replace_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    draft = folder / f"{MANIFEST}.draft"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    _sync(draft)
    _sync(folder)  # the folder of the content is there before anything names it
    draft.replace(folder / MANIFEST)
    _sync(folder)


def _remove_others(folder: Path, kept: str) -> None:
    """Remove older states, and what writers left that were killed."""
    for old in folder.glob(f"{_CONTENT}*"):
        if old.name != kept:
            shutil.rmtree(old, ignore_errors=True)


def _sealed(file: Path) -> dict[str, Any]:
    _sync(file)
    return _checksum(file)


def _checksum(file: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return {"bytes": file.stat().st_size, "sha256": digest.hexdigest()}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_snapshot(folder: Path, wanted: ModelIdentity, read: Callable[[Path], T]) -> T:
    """Verify model and checksums, and give what ``read`` makes of the folder with the files.

    Which entries it was made from does not matter: whoever opens it brings it in line with the store.

    :raises KnowledgeIndexError: if there is no snapshot, it is damaged, or another model made it.
    """
    for last_try in (False, True):
        manifest = _manifest(folder)
        try:
            return read(_verified(folder, manifest, wanted))
        except FileNotFoundError as error:
            # A writer took these files away while they were read; its new manifest is there by now.
            if last_try or _manifest(folder) == manifest:
                raise KnowledgeIndexError(
                    f"The knowledge index in {folder} lacks {error.filename}. {REMEDY}"
                ) from error
    raise AssertionError("unreachable")


def model_of(folder: Path) -> ModelIdentity:
    """Say which model the vectors of a snapshot were made with.

    :raises KnowledgeIndexError: if there is none, or its manifest is damaged.
    """
    return _model(folder, _manifest(folder))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeIndexError(f"There is no knowledge index in {folder}. {REMEDY}") from error
    except (OSError, ValueError) as error:
        raise KnowledgeIndexError(f"The knowledge index in {folder} cannot be read: {error}. {REMEDY}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise KnowledgeIndexError(f"The knowledge index in {folder} is of another version of Kefu. {REMEDY}")
    return manifest


def _verified(folder: Path, manifest: dict[str, Any], wanted: ModelIdentity) -> Path:
    try:
        content, files = folder / manifest["content"], dict(manifest["files"])
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeIndexError(f"{folder / MANIFEST} is damaged ({error!r}). {REMEDY}") from error
    check_model(_model(folder, manifest), wanted)
    for name, expected in files.items():
        if _checksum(content / name) != expected:
            raise KnowledgeIndexError(f"{content / name} is damaged: its checksum is another. {REMEDY}")
    return content


def _model(folder: Path, manifest: dict[str, Any]) -> ModelIdentity:
    try:
        return ModelIdentity(**manifest["model"])
    except (KeyError, TypeError) as error:
        raise KnowledgeIndexError(f"{folder / MANIFEST} is damaged ({error!r}). {REMEDY}") from error


def check_model(old: ModelIdentity, new: ModelIdentity) -> None:
    """Refuse a snapshot that another model made.

    :raises KnowledgeIndexError: with what differs and the command that mends it.
    """
    if old.dim != new.dim:
        raise KnowledgeIndexError(
            f"The knowledge index has dimension {old.dim} ({old.name}); the model in use, {new.name}, gives "
            f"{new.dim}. {REMEDY}"
        )
    if old.fingerprint != new.fingerprint:
        raise KnowledgeIndexError(
            f"The knowledge index was made with the model {old.name} ({old.fingerprint}); the one in use is "
            f"{new.name} ({new.fingerprint}). {REMEDY}"
        )
