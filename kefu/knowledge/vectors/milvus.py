"""Vectors in Milvus: a server by its URL, or Milvus Lite in a file of this machine.

Milvus Lite looks at every row (it has no HNSW) and lets one process at a time open its file.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.vectors.checks import check_count, checked_ids, checked_rows, checked_vectors
from kefu.knowledge.vectors.milvus_filter import columns, expression
from kefu.protocols import Ids, Label, Scores, Vectors, Where

KIND = "milvus"
KIND_FILE = "kind.json"
_BATCH = 1000  # rows of one request: some megabytes
_MOST_RESULTS = 16_384  # that Milvus gives in one answer
_TEXT_BYTES = 1024  # of a label's texts
_CHANNELS = 64  # of one label
_CONSISTENCY = "Strong"  # what was written is found at once, by whoever asks


class MilvusIndex:
    """A :class:`~kefu.protocols.VectorIndex` in a collection of its own; ``dim`` of a search changes nothing."""

    def __init__(
        self, address: str, dim: int, *, name: str = "kefu", collection: str = "", key: str = "", timeout: float = 10.0
    ) -> None:
        """Open a collection, or make a new one where none is named.

        :param address: ``http://host:19530``, or a file that ends in ``.db``.
        :param name: what the names of new collections begin with.
        :param timeout: seconds, for one request.
        :raises KnowledgeIndexError: if pymilvus is missing, Milvus does not answer, or the collection is not there.
        """
        self.dim = dim
        self.collection = collection or f"{name}_{os.urandom(6).hex()}"
        self.earlier = ""  # the collection that this one came after, which workers may still search
        self._timeout = timeout
        self._is_server = "://" in address
        with _milvus_errors(address):
            self._client = _connect(address, key, timeout)
            if collection:
                self._check_collection(address)
            else:
                self._create()

    def _check_collection(self, address: str) -> None:
        if not self._client.has_collection(self.collection, timeout=self._timeout):
            raise KnowledgeIndexError(f"{address} has no collection {self.collection}. Run `kefu index`.")
        fields = self._client.describe_collection(self.collection, timeout=self._timeout)["fields"]
        dim = next(int(field["params"]["dim"]) for field in fields if field["name"] == "vector")
        if dim != self.dim:
            raise KnowledgeIndexError(
                f"The collection {self.collection} has dimension {dim}; {self.dim} is wanted. Run `kefu index`."
            )

    def _create(self) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self.dim)
        for text in ("entry", "language", "category"):
            schema.add_field(text, DataType.VARCHAR, max_length=_TEXT_BYTES)
        schema.add_field(
            "channels",
            DataType.ARRAY,
            element_type=DataType.VARCHAR,
            max_length=_TEXT_BYTES,
            max_capacity=_CHANNELS,
        )
        for moment in ("valid_from", "valid_to"):
            schema.add_field(moment, DataType.INT64)
        index = MilvusClient.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX" if self._is_server else "FLAT", metric_type="IP")
        self._client.create_collection(
            self.collection,
            schema=schema,
            index_params=index,
            consistency_level=_CONSISTENCY,
            timeout=self._timeout,
        )

    @property
    def is_shared(self) -> bool:
        """See :class:`~kefu.protocols.VectorIndex`. A file of Milvus Lite is one process's own."""
        return self._is_server

    def upsert(self, ids: Ids, vectors: Vectors, labels: Sequence[Label]) -> None:
        """See :class:`~kefu.protocols.VectorIndex`. More than 1,000 rows are several requests."""
        numbers, rows, labels = checked_rows(ids, vectors, labels, self.dim)
        entities = [
            {"id": number, "vector": row, **columns(label)}
            for number, row, label in zip(numbers.tolist(), rows, labels, strict=True)
        ]
        with _milvus_errors(self.collection):
            for batch in _batches(entities):
                self._client.upsert(self.collection, batch, timeout=self._timeout)

    def delete(self, ids: Ids) -> None:
        """See :class:`~kefu.protocols.VectorIndex`."""
        with _milvus_errors(self.collection):
            for batch in _batches(checked_ids(ids).tolist()):
                self._client.delete(self.collection, ids=batch, timeout=self._timeout)

    def search(
        self, vectors: Vectors, count: int, where: Where | None = None, dim: int | None = None
    ) -> tuple[Ids, Scores]:
        """See :class:`~kefu.protocols.VectorIndex`; ``count`` is at most 16,384."""
        check_count(count)
        queries = checked_vectors(vectors, self.dim)
        ids = np.full((len(queries), count), -1, dtype=np.int64)
        scores = np.full((len(queries), count), -np.inf, dtype=np.float32)
        with _milvus_errors(self.collection):
            for at in range(0, len(queries), _BATCH):
                answers = self._client.search(
                    self.collection,
                    data=list(queries[at : at + _BATCH]),
                    limit=count,
                    filter=expression(where),
                    consistency_level=_CONSISTENCY,
                    timeout=self._timeout,
                )
                for row, hits in enumerate(answers, start=at):
                    ids[row, : len(hits)] = [hit["id"] for hit in hits]
                    scores[row, : len(hits)] = [hit["distance"] for hit in hits]
        return ids, scores

    def searched_dim(self, dim: int | None) -> int:
        """See :class:`~kefu.protocols.VectorIndex`."""
        return self.dim

    def vectors(self, ids: Ids) -> Vectors:
        """See :class:`~kefu.protocols.VectorIndex`."""
        numbers = checked_ids(ids).tolist()
        found: dict[int, Any] = {}
        with _milvus_errors(self.collection):
            for batch in _batches(list(dict.fromkeys(numbers))):
                # An empty answer is more than pymilvus reads of Milvus Lite.
                if self._count(f"id in {batch}"):
                    rows = self._query(f"id in {batch}", "vector", limit=len(batch))
                    found.update((row["id"], row["vector"]) for row in rows)
        if missing := [number for number in numbers if number not in found]:
            raise KeyError(*missing)
        kept = [found[number] for number in numbers]
        return np.array(kept, dtype=np.float32).reshape(len(kept), self.dim)

    def ids(self) -> Ids:
        """See :class:`~kefu.protocols.VectorIndex`."""
        with _milvus_errors(self.collection):
            return np.array(sorted(self._ids_between(0, 2**63 - 1)), dtype=np.int64)

    def _ids_between(self, least: int, most: int) -> list[int]:
        """Split a range until one answer holds all of it: an iterator ends with an empty one, which is not read."""
        within = f"id >= {least} and id <= {most}"
        count = self._count(within)
        if count > _MOST_RESULTS:
            middle = (least + most) // 2
            return self._ids_between(least, middle) + self._ids_between(middle + 1, most)
        return [row["id"] for row in self._query(within, "id", limit=count)] if count else []

    def __len__(self) -> int:
        with _milvus_errors(self.collection):
            return self._count("")

    def _count(self, within: str) -> int:
        return int(self._query(within, "count(*)")[0]["count(*)"])

    def _query(self, within: str, field: str, **options: Any) -> Any:
        return self._client.query(
            self.collection,
            filter=within,
            output_fields=[field],
            consistency_level=_CONSISTENCY,
            timeout=self._timeout,
            **options,
        )

    def save(self, folder: Path) -> None:
        """Write down which collection it is; Milvus itself keeps what is in it."""
        content = {"kind": KIND, "dim": self.dim, "storage": "float32", "collection": self.collection}
        if self.earlier:
            content["earlier"] = self.earlier
        (folder / KIND_FILE).write_text(json.dumps(content), encoding="utf-8")

    def drop(self, collection: str) -> None:
        """Drop a collection that nothing refers to any more; one that is gone already is passed over."""
        with _milvus_errors(collection):
            if self._client.has_collection(collection, timeout=self._timeout):
                self._client.drop_collection(collection, timeout=self._timeout)

    def close(self) -> None:
        """See :class:`~kefu.protocols.VectorIndex`. The file of Milvus Lite stays open as long as the process runs."""
        self._client.close()


def _connect(address: str, key: str, timeout: float) -> Any:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise KnowledgeIndexError("Milvus needs its client. Run `pip install 'kefu[milvus]'`.") from error
    if "://" not in address:
        Path(address).parent.mkdir(parents=True, exist_ok=True)
    return MilvusClient(uri=address, token=key, timeout=timeout)


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(rows), _BATCH):
        yield rows[at : at + _BATCH]


@contextmanager
def _milvus_errors(where: str) -> Iterator[None]:
    try:
        yield
    except KnowledgeIndexError:
        raise
    except Exception as error:
        raise KnowledgeIndexError(f"Milvus ({where}) does not do what it should: {error}") from error
