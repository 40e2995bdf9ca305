"""The seams of the kernel, in Kefu's own types.

Each protocol has an embedded implementation, one for production and a deterministic fake. Constructors keep
settings only; whatever is heavy is loaded once, in ``warm_up``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Clock = Callable[[], datetime]
"""Returns the present time, with its zone; tests hand in a clock that they can set."""


@dataclass(frozen=True)
class ModelIdentity:
    """What vectors depend on: stored beside them, and compared before they are used together.

    ``name`` is for people; ``fingerprint`` is a hash of the weights and tokenizer (or the server's model name, where
    the weights are out of sight); ``dim`` is the length of a vector.
    """

    name: str
    fingerprint: str
    dim: int


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their likeness in meaning."""

    def warm_up(self) -> None:
        """Load the weights, or open the connection; calling it again does nothing."""

    def identity(self) -> ModelIdentity:
        """Say which model this is (warms up if need be)."""

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
        """Embed texts as ``float32[n, dim]`` with rows of length 1, in the order given.

        ``task`` is the instruction of the query side; None embeds a document.
        """


@dataclass(frozen=True)
class RerankerIdentity:
    """What scores depend on beside the instruction: thresholds on them hold for one identity.

    ``name`` and ``fingerprint`` are as in :class:`ModelIdentity`.
    """

    name: str
    fingerprint: str


@runtime_checkable
class Reranker(Protocol):
    """Judges how well documents answer a query, reading both together."""

    def warm_up(self) -> None:
        """Load the weights, or open the connection; calling it again does nothing."""

    def identity(self) -> RerankerIdentity:
        """Say which model this is (warms up if need be)."""

    def score(self, query: str, documents: Sequence[str], *, instruction: str | None = None) -> Scores:
        """Give the probability that each document answers the query, ``float32[n]`` in [0, 1], in the order given.

        ``instruction`` says in words what an answer is; None is that of the settings, or else the model's own.
        """
