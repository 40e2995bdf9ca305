"""What the knowledge says to a question, and how it came to say so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from kefu.knowledge.index.rule import Signals
from kefu.text import Language

Kind = Literal["answer", "ask_back", "abstain"]
Origin = Literal["approved", "quoted", "generated"]
Reason = Literal["", "nothing_to_read", "too_long", "nothing_found", "not_sure"]


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant, and the question of its own that comes nearest. Likenesses are cosines; ``places``
    are those (from 1) in each route that brought the entry, ``reranked`` the chance that a reranker gives it."""

    entry_id: str
    score: float
    dense: float
    letters: float
    question: str
    places: Mapping[str, int] = field(default_factory=dict)
    reranked: float | None = None


@dataclass(frozen=True)
class Brought:
    """An entry that a route brought, with its score in the route's own unit: by meaning and by profile a cosine, by
    words BM25 times the share of the question that the entry has, by rules 1, fused the sum of the weighted
    reciprocal places."""

    entry_id: str
    score: float


@dataclass(frozen=True)
class Option:
    """One of the entries that the customer is asked to choose from; customers know it by its title."""

    entry_id: str
    title: str


@dataclass(frozen=True)
class Trace:
    """How a decision came about: which models and state of the knowledge, filters, what each route brought and their
    fusion (the best first) by which weights, what became of reranker and cache. Times are milliseconds by step;
    ``dimension`` is by how many of the vectors' dimensions what is near in meaning was looked for (0: not known)."""

    sequence: int
    models: Mapping[str, str]
    filters: Mapping[str, str]
    routes: Mapping[str, tuple[Brought, ...]]
    weights: Mapping[str, float]
    reranker: str  # off, used, late, failed
    thresholds: Mapping[str, float]
    timings: Mapping[str, float]
    cache: str = "off"  # off, miss, hit, not shared, passed by (what is explained is decided anew)
    dimension: int = 0


class Judged(Protocol):
    """What of a decision says how sure it is, and what of."""

    @property
    def kind(self) -> Kind:
        """Whether there is an answer, or a choice between two."""

    @property
    def confidence(self) -> float:
        """The chance that the best candidate is right."""

    @property
    def threshold(self) -> float:
        """The confidence from which it would have been the answer."""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The entries that may be meant, the best first."""

    @property
    def trace(self) -> Trace | None:
        """How it came about."""


@dataclass(frozen=True)
class Decision:
    """What to say to a question.

    ``kind`` "answer": ``text`` is the approved answer of ``entry_id`` (customers know it by ``title``, its question)
    in ``language``, live in this version (``source_version``) since ``as_of`` (ISO date), on the page ``link``.
    "ask_back": ``options`` are close to each other, and the customer may say which is meant. "abstain": ``reason``
    says why, and the texts are empty. ``confidence`` is the chance that the best candidate is right. ``is_shared``:
    anybody may be told the same for a while, as there is no fact of the moment in it.

    ``origin`` says whose words ``text`` is: an entry's "approved" answer as a whole, sentences "quoted" from several,
    or words "generated" by a model, which customers are told. ``sources`` are then all the entries it rests on.
    """

    kind: Kind
    language: Language
    entry_id: str | None = None
    title: str = ""
    text: str = ""
    source_version: str = ""
    as_of: str = ""
    link: str = ""
    options: tuple[Option, ...] = ()
    confidence: float = 0.0
    threshold: float = 1.0
    reason: Reason = ""
    candidates: tuple[Candidate, ...] = ()
    signals: Signals | None = None
    is_shared: bool = True
    trace: Trace | None = None
    origin: Origin = "approved"
    sources: tuple[str, ...] = ()

    @property
    def timings(self) -> Mapping[str, float]:
        """Milliseconds by step."""
        return self.trace.timings if self.trace else {}

    def to_json(self) -> dict[str, Any]:
        """Give the decision as JSON has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Decision":
        """Make a decision of what :meth:`to_json` gave and JSON kept.

        :raises TypeError: if something else was kept.
        """
        made = dict(content)
        made["options"] = tuple(Option(**item) for item in content["options"])
        made["sources"] = tuple(content["sources"])
        made["candidates"] = tuple(Candidate(**item) for item in content["candidates"])
        made["signals"] = Signals(**content["signals"]) if content["signals"] else None
        if content["trace"]:
            routes = {
                name: tuple(Brought(**item) for item in items) for name, items in content["trace"]["routes"].items()
            }
            made["trace"] = Trace(**{**content["trace"], "routes": routes})
        return cls(**made)
