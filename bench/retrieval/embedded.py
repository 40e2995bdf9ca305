"""Texts with their vectors by the shipped model; kept on disk, since many thousand take minutes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import Progress

from kefu.models.loader import build_embedder
from kefu.models.prompts import FAQ
from kefu.protocols import Scores, Vectors
from kefu.settings import EmbeddingSettings
from retrieval.texts import Text, corpus, questions

NEAREST = 10
_CHUNK = 2048  # texts between two steps of the progress bar
_BLOCK = 32  # queries that are compared with all vectors at once


@dataclass(frozen=True)
class Collection:
    """What one size is measured on. ``tenth`` is each query's exact 10th best inner product."""

    texts: Sequence[Text]
    vectors: Vectors
    queries: Sequence[Text]
    query_vectors: Vectors
    tenth: Scores


def collections(sizes: Sequence[int], query_count: int, folder: Path) -> Iterator[Collection]:
    """Make a collection of each size; a smaller one is the beginning of the largest. The queries are the same."""
    texts = corpus(max(sizes))
    queries = questions(query_count, texts)
    vectors, query_vectors = _embed(texts, None, folder), _embed(queries, FAQ, folder)
    for size in sizes:
        tenth = tenth_best(vectors[:size], query_vectors)
        yield Collection(texts[:size], vectors[:size], queries, query_vectors, tenth)


def tenth_best(vectors: Vectors, queries: Vectors) -> Scores:
    """Give the exact 10th best inner product of each query (the last one, of fewer vectors)."""
    least = min(NEAREST, len(vectors))
    blocks = [queries[at : at + _BLOCK] @ vectors.T for at in range(0, len(queries), _BLOCK)]
    return np.concatenate([np.partition(block, -least, axis=1)[:, -least] for block in blocks])


def _embed(texts: Sequence[Text], task: str | None, folder: Path) -> Vectors:
    embedder = build_embedder(EmbeddingSettings(cache_size=0, threads=1))
    lines = "\n".join(text.text for text in texts)
    key = hashlib.sha256(f"{embedder.identity()}{task}{lines}".encode()).hexdigest()[:16]
    file = folder / f"{key}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rows = np.zeros((len(texts), embedder.identity().dim), dtype=np.float32)
        with Progress() as progress:
            bar = progress.add_task(f"Embedding {len(texts):,} texts", total=len(texts))
            for at in range(0, len(texts), _CHUNK):
                rows[at : at + _CHUNK] = embedder.embed([text.text for text in texts[at : at + _CHUNK]], task=task)
                progress.advance(bar, min(_CHUNK, len(texts) - at))
        np.save(file.with_suffix(".draft.npy"), rows)
        file.with_suffix(".draft.npy").replace(file)
    vectors: Vectors = np.load(file)
    return vectors
