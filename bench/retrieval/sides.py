"""What is compared: each side puts a collection into an index and looks up one query at a time."""

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kefu.clock import now
from kefu.knowledge.recall.keyword import KeywordIndex
from kefu.knowledge.recall.search import RECALLED
from kefu.knowledge.vectors import new_vectors
from kefu.knowledge.vectors.choose import read_vectors
from kefu.knowledge.vectors.codes import INT8
from kefu.protocols import Label, Scores, VectorIndex, Vectors, Where
from kefu.settings import KnowledgeSettings, Settings
from retrieval.embedded import NEAREST, Collection, tenth_best
from retrieval.texts import Text, lasting

_BATCH = 10_000  # rows that are put in at once


class Side(ABC):
    """One index. ``dense`` ones are compared with exact search; ``note`` is what a reader must know."""

    dense = True
    in_process = True

    def __init__(self, name: str, note: str = "") -> None:
        self.name, self.note = name, note

    @abstractmethod
    def build(self, collection: Collection) -> None:
        """Put all of a collection in; a row's id is its place."""

    @abstractmethod
    def look_up(self, query: int) -> Sequence[int]:
        """Give the places of the nearest ten."""

    def tenth(self, collection: Collection) -> Scores:
        """Give each query's exact 10th best inner product, among what this side may find."""
        return collection.tenth

    @abstractmethod
    def close(self) -> None:
        """Give back what is held outside this process."""


class VectorSide(Side):
    """A vector index, as the settings of a project make it."""

    def __init__(
        self,
        name: str,
        settings: KnowledgeSettings,
        *,
        share: int = 1,
        where: Where | None = None,
        count: int = NEAREST,
        note: str = "",
    ) -> None:
        """Take how many rows are asked for, of which the first ten count, and what filters them."""
        super().__init__(name, note)
        self.in_process = settings.milvus is None
        self._settings, self._share, self._where, self._count = settings, share, where, count
        self._index: VectorIndex
        self._queries: Vectors
        self._folder = tempfile.TemporaryDirectory(prefix="kefu-bench-")

    def build(self, collection: Collection) -> None:
        dim = collection.vectors.shape[1]
        settings = Settings(root=Path(self._folder.name), knowledge=self._settings)
        self._index = new_vectors(settings, dim, len(collection.vectors))
        self._dim = dim // self._share if self._share > 1 else None
        self._queries = collection.query_vectors
        for at in range(0, len(collection.vectors), _BATCH):
            vectors, texts = collection.vectors[at : at + _BATCH], collection.texts[at : at + _BATCH]
            labels = [_label(place, text) for place, text in enumerate(texts, start=at)]
            self._index.upsert(np.arange(at, at + len(vectors)), vectors, labels)
        if self._settings.storage == INT8:
            self._reopen(settings)

    def _reopen(self, settings: Settings) -> None:
        """Open it from disk, as an assistant does: the full rows of int8 lie in memory only where it was built."""
        folder = Path(self._folder.name) / "saved"
        folder.mkdir()
        self._index.save(folder)
        self._index.close()
        self._index = read_vectors(settings, folder)

    def look_up(self, query: int) -> Sequence[int]:
        ids, _ = self._index.search(self._queries[query : query + 1], self._count, self._where, self._dim)
        found: list[int] = ids[0, :NEAREST].tolist()
        return found

    def tenth(self, collection: Collection) -> Scores:
        where = self._where
        if where is None:
            return collection.tenth
        admitted = [where.admits(place, _label(place, text)) for place, text in enumerate(collection.texts)]
        return tenth_best(collection.vectors[admitted], collection.query_vectors)

    def close(self) -> None:
        self._index.close()


class KeywordSide(Side):
    """BM25 over words and pairs of characters; it does not look for what the dense sides look for."""

    dense = False

    def build(self, collection: Collection) -> None:
        self._queries = collection.queries
        self._index = KeywordIndex()
        self._index.put([(place, text.text, _label(place, text)) for place, text in enumerate(collection.texts)])

    def look_up(self, query: int) -> Sequence[int]:
        return [place for place, _ in self._index.search(self._queries[query].text, NEAREST, Where())]

    def close(self) -> None:
        """Nothing is held outside."""


def _label(place: int, text: Text) -> Label:
    scope = lasting(place)
    return Label(text.topic, text.language, text.topic, (), scope.valid_from, scope.valid_to)


def all_sides() -> list[Side]:
    """Make every side, empty; a side costs nothing before it is built."""
    flat, funnel = KnowledgeSettings(vectors="flat"), KnowledgeSettings(vectors="funnel")
    hnsw = KnowledgeSettings(vectors="hnsw")
    return [
        VectorSide("flat", flat),
        VectorSide("flat, int8", replace(flat, storage="int8")),
        VectorSide("funnel ½", funnel, share=2),
        VectorSide("funnel ¼", funnel, share=4),
        VectorSide("funnel, int8", replace(funnel, storage="int8")),
        VectorSide("HNSW", hnsw),
        VectorSide("HNSW, 100 valid", hnsw, where=Where(moment=now()), count=RECALLED, note="as the search asks"),
        VectorSide("HNSW, int8", replace(hnsw, storage="int8")),
        VectorSide("Milvus Lite", KnowledgeSettings(milvus="milvus.db"), note="no HNSW, one process"),
        KeywordSide("BM25 (tantivy)", "does not look for nearest vectors"),
    ]
