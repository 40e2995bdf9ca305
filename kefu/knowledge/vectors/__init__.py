"""Vector indexes behind one protocol, :class:`kefu.protocols.VectorIndex`."""

from kefu.knowledge.vectors.choose import new_vectors

__all__ = ["new_vectors"]
