"""The seams of the kernel, in Kefu's own types.

Each protocol has an embedded implementation, one for production and a deterministic fake. Constructors keep
settings only; whatever is heavy is loaded once, in ``warm_up``.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kefu.text import Language

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
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


@dataclass(frozen=True)
class GeneratorIdentity:
    """Which model writes; ``name`` and ``fingerprint`` are as in :class:`ModelIdentity`."""

    name: str
    fingerprint: str


@dataclass(frozen=True)
class Message:
    """One message of a chat with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Completion:
    """What a model wrote, its thinking left out. ``finish`` "length": it was cut off at the most tokens allowed, so
    that its last sentence may say half of what was meant."""

    text: str
    finish: Literal["stop", "length"]
    model: str


@runtime_checkable
class Generator(Protocol):
    """Writes the next message of a chat."""

    def warm_up(self) -> None:
        """Load the weights; calling it again does nothing."""

    def identity(self) -> GeneratorIdentity:
        """Say which model this is (warms up if need be)."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int | None = None,
        temperature: float | None = None,
        timeout: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Write the answer to a chat; None takes what the settings say.

        :param max_tokens: of the answer; more than the settings allow is never written.
        :param timeout: seconds, with all waiting and retries; the call never takes longer.
        :param cancel: once set, the call ends.
        :raises ModelBusy: if too many wait already.
        :raises GenerationStopped: if the time was over, or ``cancel`` was set.
        :raises ModelError: if the model cannot be used, or gives no text.
        """


@dataclass(frozen=True)
class Label:
    """What a row of an index is filtered by: its entry, its language, and where and when that entry holds (no channel
    named: on all; None: without an end)."""

    entry_id: str
    language: Language
    category: str = ""
    channels: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True)
class Where:
    """Which rows a search may give; None asks for nothing. ``moment`` leaves out what does not hold then,
    ``without`` single rows."""

    language: Language | None = None
    category: str | None = None
    channel: str | None = None
    moment: datetime | None = None
    without: tuple[int, ...] = ()

    def admits(self, row: int, label: Label) -> bool:
        """Say whether a row may be given: what every index holds to, however it filters."""
        begun = self.moment is None or label.valid_from is None or label.valid_from <= self.moment
        over = self.moment is not None and label.valid_to is not None and label.valid_to <= self.moment
        return (
            begun
            and not over
            and self.language in (None, label.language)
            and self.category in (None, label.category)
            and (self.channel is None or not label.channels or self.channel in label.channels)
            and row not in self.without
        )


@runtime_checkable
class VectorIndex(Protocol):
    """Rows of vectors with their labels, found by inner product. Ids are the caller's, of 63 bits.

    Safe between threads. All methods raise :class:`~kefu.errors.KnowledgeIndexError` where a store does not answer.
    """

    @property
    def is_shared(self) -> bool:
        """Whether other processes put rows in and take rows away, too."""

    def upsert(self, ids: Ids, vectors: Vectors, labels: Sequence[Label]) -> None:
        """Put rows in, ``float32[n, dim]`` of length 1; one whose id is there is replaced, of one given twice the last
        counts.

        :raises KnowledgeIndexError: if the dimension or a row's length is another one; nothing is put in then.
        """

    def delete(self, ids: Ids) -> None:
        """Take rows away; an id that is not there is none to take."""

    def search(
        self, vectors: Vectors, count: int, where: Where | None = None, dim: int | None = None
    ) -> tuple[Ids, Scores]:
        """Give the nearest rows of each of ``float32[q, dim]``: ids and inner products, ``[q, count]``, the nearest
        first; where there are fewer, the ids end with -1 and the products with -inf.

        ``dim`` lets the index look for them by so many of the leading dimensions (Matryoshka); they are scored by all.
        """

    def searched_dim(self, dim: int | None) -> int:
        """Say by how many dimensions a search with this ``dim`` really looks: many kinds take all, whatever it is."""

    def vectors(self, ids: Ids) -> Vectors:
        """Give the vectors of rows that are there, ``float32[n, dim]``.

        :raises KeyError: with all ids that are not there, as another process may have taken them away just now.
        """

    def ids(self) -> Ids:
        """Give all ids, ascending."""

    def __len__(self) -> int:
        """Give the number of rows."""

    def save(self, folder: Path) -> None:
        """Write all that opening it again needs into an empty folder."""

    def close(self) -> None:
        """Give back what is held outside this process."""
