"""Models behind Kefu's protocols: in process, remote, fake."""

from kefu.models.loader import build_embedder, build_reranker, shared_embedder, shared_reranker

__all__ = ["build_embedder", "build_reranker", "shared_embedder", "shared_reranker"]
