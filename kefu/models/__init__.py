"""Models behind Kefu's protocols: in process, remote, fake."""

from kefu.models.loader import build_embedder, shared_embedder

__all__ = ["build_embedder", "shared_embedder"]
