"""Vector indexes behind one protocol, :class:`kefu.protocols.VectorIndex`: made, kept in a snapshot, opened again."""

from pathlib import Path

from kefu.knowledge.snapshot import Source, read_snapshot, write_snapshot
from kefu.knowledge.vectors.choose import new_vectors, read_vectors
from kefu.protocols import ModelIdentity, VectorIndex
from kefu.settings import Settings

__all__ = ["new_vectors", "open_vectors", "save_vectors"]

FOLDER = "vectors"  # within the folder of the index


def save_vectors(index: VectorIndex, folder: Path, model: ModelIdentity) -> None:
    """Replace the snapshot of vectors in the index's folder in one step. One builder at a time."""
    write_snapshot(folder / FOLDER, Source(model), index.save)


def open_vectors(settings: Settings, folder: Path, model: ModelIdentity) -> VectorIndex:
    """Open the snapshot of vectors in the index's folder.

    :raises KnowledgeIndexError: if there is none, it is damaged, another model made it, or the settings now ask for
        another kind of index.
    :raises SettingsError: if they ask for what there is not.
    """
    return read_snapshot(folder / FOLDER, Source(model), lambda content: read_vectors(settings, content))
