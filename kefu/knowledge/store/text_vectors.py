"""Vectors of texts, kept in the store: each text is embedded once for a model, whichever process needs it first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kefu.database import Database
from kefu.errors import ModelError
from kefu.knowledge.entries import text_hash
from kefu.knowledge.store import tables
from kefu.knowledge.store.entry_rows import insert, parts
from kefu.protocols import Embedder, Vectors

_STORED = np.dtype("<f4")
_CHUNK = 256  # texts between two reports of progress
Progress = Callable[[int, int], None]
"""Called with (texts embedded, texts to embed)."""


@dataclass(frozen=True)
class TextVectors:
    """Rows of one model, ``float32[dim]`` by the hash of the text; ``model`` is its fingerprint."""

    model: str
    dim: int
    rows: Mapping[str, Vectors]


def read_vectors(connection: Connection, model: str, dim: int, hashes: Iterable[str]) -> dict[str, Vectors]:
    """Read the vectors of these texts that there are."""
    column = tables.vectors.c
    same_model = (column.model == model, column.dim == dim)
    found: dict[str, Vectors] = {}
    for part in parts(list(dict.fromkeys(hashes))):
        query = sa.select(column.text_hash, column.vector).where(*same_model, column.text_hash.in_(part))
        for name, blob in connection.execute(query):
            found[name] = np.frombuffer(blob, dtype=_STORED).astype(np.float32)
    return found


def write_vectors(connection: Connection, vectors: TextVectors) -> None:
    """Add the vectors that are not there yet; one writer at a time, who holds the store's turn.

    :raises ModelError: if one has another length than it should.
    """
    there = _known(connection, vectors)
    same = {"model": vectors.model, "dim": vectors.dim}
    new = ((name, row) for name, row in vectors.rows.items() if name not in there)
    insert(
        connection,
        tables.vectors,
        ({**same, "text_hash": name, "vector": _blob(row, vectors.dim)} for name, row in new),
    )


def delete_vectors(connection: Connection, model: str, dim: int, used: Iterable[str]) -> int:
    """Delete all vectors but those of this model whose texts are in use; say how many went."""
    column = tables.vectors.c
    other_model = (column.model != model) | (column.dim != dim)
    gone = connection.execute(sa.delete(tables.vectors).where(other_model)).rowcount
    unused = set(connection.execute(sa.select(column.text_hash)).scalars()) - set(used)
    for part in parts(sorted(unused)):
        gone += connection.execute(sa.delete(tables.vectors).where(column.text_hash.in_(part))).rowcount
    return gone


class Embedding:
    """Looks vectors up in the store, and embeds only what is missing there. It writes nothing: whoever stores
    entries stores their vectors with them (``KnowledgeStore.put``, ``KnowledgeStore.put_vectors``)."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder

    def vectors_for(self, texts: Sequence[str], progress: Progress | None = None) -> TextVectors:
        """Give the vectors of texts whose facts are filled in.

        :raises ModelError: if the model cannot embed them.
        :raises StoreError: if the database cannot be used.
        """
        by_hash = {text_hash(text): text for text in texts}
        identity = self._embedder.identity()
        with self._database.reading() as connection:
            rows = read_vectors(connection, identity.fingerprint, identity.dim, by_hash)
        missing = {name: text for name, text in by_hash.items() if name not in rows}
        rows.update(zip(missing, self._embed(list(missing.values()), progress), strict=True))
        return TextVectors(identity.fingerprint, identity.dim, rows)

    def _embed(self, texts: list[str], progress: Progress | None) -> Iterator[Vectors]:
        for start in range(0, len(texts), _CHUNK):
            yield from self._embedder.embed(texts[start : start + _CHUNK])
            if progress:
                progress(min(start + _CHUNK, len(texts)), len(texts))


def _known(connection: Connection, vectors: TextVectors) -> set[str]:
    column = tables.vectors.c
    same_model = (column.model == vectors.model, column.dim == vectors.dim)
    found: set[str] = set()
    for part in parts(list(vectors.rows)):
        query = sa.select(column.text_hash).where(*same_model, column.text_hash.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def _blob(row: Vectors, dim: int) -> bytes:
    if row.shape != (dim,):
        raise ModelError(f"A vector of shape {row.shape} came for a model of {dim} dimensions.")
    return np.ascontiguousarray(row, dtype=_STORED).tobytes()
