"""Models behind Kefu's protocols: in process, remote, fake."""

from kefu.models.loader import (
    build_embedder,
    build_generator,
    build_reranker,
    shared_embedder,
    shared_generator,
    shared_reranker,
)

__all__ = [
    "build_embedder",
    "build_generator",
    "build_reranker",
    "shared_embedder",
    "shared_generator",
    "shared_reranker",
]
