"""Brings the store in line with the project's files of entries, ``data/knowledge/*.yml``."""

from collections.abc import Sequence
from pathlib import Path

from kefu.errors import DataError
from kefu.knowledge.entries import USUAL_ZONE, Entry, Facts, digest
from kefu.knowledge.files.limits import refuse_too_long
from kefu.knowledge.files.project import read_folder
from kefu.knowledge.store.entry_rows import encode
from kefu.knowledge.store.records import Query, Report
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import Embedding, Progress, TextVectors


def sync_files(
    store: KnowledgeStore,
    folder: Path,
    root: Path,
    facts: Facts | None = None,
    embedding: Embedding | None = None,
    progress: Progress | None = None,
) -> Report:
    """Put into the store what the files say now, and delete what they no longer have; other entries stay.

    :param root: the project's folder: a source is `file:` and the file's path from there.
    :param facts: fills the texts in for checking and embedding; the store keeps their placeholders.
    :param embedding: gives the vectors that are stored along (needs ``facts``); None stores none.
    :raises DataError: if a file is wrong, or the folder is missing that entries came from; nothing is changed then.
    """
    if not folder.is_dir() and (there := store.find(Query(source="file:*"), limit=0).total):
        raise DataError(
            f"The folder {folder} is missing, and {there:,} entries came from files. Correct `knowledge.entries` in "
            "endpoints.yml; to delete the entries, make the folder and leave it empty."
        )
    found = _read(folder, facts)
    for file, entry in found:
        refuse_too_long(entry, f"{file.name}: {entry.id}")
    filled = [facts.fill(entry, f"{file.name}: {entry.id}") for file, entry in found] if facts else []
    vectors = vectors_of(filled, embedding, progress) if embedding else None
    return store.synchronise(*_as_stored(found, root), vectors=vectors)


def is_behind(store: KnowledgeStore, folder: Path, root: Path, facts: Facts | None = None) -> bool:
    """Say whether the files say something that the store has not taken in yet.

    :raises DataError: if a file is wrong.
    """
    return store.is_behind(*_as_stored(_read(folder, facts), root))


def _read(folder: Path, facts: Facts | None) -> list[tuple[Path, Entry]]:
    return read_folder(folder, may_be_empty=True, zone=facts.zone if facts else USUAL_ZONE)


def _as_stored(found: Sequence[tuple[Path, Entry]], root: Path) -> tuple[list[tuple[Entry, str]], dict[str, str]]:
    """Give entries with their sources, and the hashes of what the files say, by id."""
    entries = [(entry, f"file:{_path(file, root)}") for file, entry in found]
    return entries, {entry.id: digest(encode(entry)) for entry, _ in entries}


def vectors_of(filled: list[Entry], embedding: Embedding, progress: Progress | None = None) -> TextVectors:
    """Give the vectors of all questions of entries whose facts are filled in."""
    texts = [text for entry in filled for wording in entry.wordings.values() for text in wording.questions]
    return embedding.vectors_for(texts, progress)


def _path(file: Path, root: Path) -> str:
    file, root = file.resolve(), root.resolve()
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()
