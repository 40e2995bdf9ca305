"""The face of the knowledge: asks the search, applies the rule, words the answer. One per process."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kefu.errors import DataError, KnowledgeIndexError
from kefu.knowledge.decide import Signals
from kefu.knowledge.entries import Knowledge
from kefu.knowledge.entry_files import load_knowledge
from kefu.knowledge.index import IndexMeta, Stamp, check_fits, read_index, stamp
from kefu.knowledge.rows import rows_of
from kefu.knowledge.search import Found, Search
from kefu.models import shared_embedder
from kefu.models.prompts import FAQ
from kefu.protocols import Embedder, Vectors
from kefu.settings import Settings
from kefu.text import LANGUAGES, Language, detect_language, normalise

logger = logging.getLogger(__name__)

LONGEST_QUESTION = 2000  # characters; nobody asks one thing in more
_SHOWN_CANDIDATES = 5
_EXPLAINED_CANDIDATES = 50
# Where an entry lacks the customer's language (zh, en): said before the text in the other one.
_OTHER_LANGUAGE_NOTE: Mapping[Language, str] = {
    "zh": "这一条目前只有英文说明：",
    "en": "This is available in Chinese only so far:",
}

Reason = Literal["", "nothing_to_read", "too_long", "nothing_found", "not_sure"]


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant, and the question of its own that comes nearest. Likenesses are cosines."""

    entry_id: str
    score: float
    dense: float
    lexical: float
    question: str


@dataclass(frozen=True)
class Decision:
    """What to say to a question.

    ``kind`` "answer": ``text`` is the approved answer of ``entry_id`` (customers know it by ``title``, its question)
    in ``language``, live in this version (``source_version``) since ``as_of`` (ISO date). "abstain": ``reason`` says
    why, and the texts are empty.
    ``confidence`` is the chance that the best candidate is right; ``timings`` are milliseconds by step.
    """

    kind: Literal["answer", "abstain"]
    language: Language
    entry_id: str | None = None
    title: str = ""
    text: str = ""
    source_version: str = ""
    as_of: str = ""
    confidence: float = 0.0
    threshold: float = 1.0
    reason: Reason = ""
    candidates: tuple[Candidate, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    signals: Signals | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the decision as JSON has it."""
        return asdict(self)


@dataclass(frozen=True)
class _State:
    """One state of the knowledge, replaced as a whole."""

    knowledge: Knowledge
    meta: IndexMeta
    search: Search
    stamp: Stamp | None


class KnowledgeBase:
    """Answers questions; safe between threads. A changed index on disk is taken up before the next answer."""

    def __init__(self, settings: Settings, embedder: Embedder, state: _State) -> None:
        self._settings = settings
        self._embedder = embedder
        self._state = state
        self._reloading = threading.Lock()
        self._refused: Stamp | None = None

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder) -> "KnowledgeBase":
        """Load entries and index.

        :raises KnowledgeIndexError: if there is no index, or it does not fit the entries, the policy or the model.
        :raises DataError: if an entry or the policy is wrong.
        """
        return cls(settings, embedder, _load(settings, embedder))

    @property
    def entry_ids(self) -> frozenset[str]:
        """All entries there are."""
        return frozenset(self._state.knowledge.entries)

    def answer(
        self,
        question: str,
        *,
        language: Language | None = None,
        strict: bool = False,
        knowledge_language: Language | None = None,
        explain: bool = False,
    ) -> Decision:
        """Answer one question, or abstain.

        :param language: the customer's; None reads it off the question.
        :param strict: for what looks like no question to a shop: a higher confidence is asked for.
        :param knowledge_language: take only knowledge in this language, as if there were no other.
        :param explain: give more candidates, and the signals.
        :raises ModelError: if the model cannot embed the question.
        """
        return self.answer_many([(question, language)], strict, knowledge_language, explain)[0]

    def answer_many(
        self,
        questions: Sequence[tuple[str, Language | None]],
        strict: bool = False,
        knowledge_language: Language | None = None,
        explain: bool = False,
    ) -> list[Decision]:
        """Answer several questions, embedded in batches; see :meth:`answer`."""
        self.reload_if_changed()
        state = self._state
        started = time.perf_counter()
        readable = {position: text for position, (text, _) in enumerate(questions) if not _unreadable(text)}
        vectors = dict(zip(readable, self._embedder.embed(list(readable.values()), task=FAQ), strict=True))
        embed_ms = (time.perf_counter() - started) * 1000 / max(1, len(questions))
        decisions = []
        for position, (text, given) in enumerate(questions):
            language = given or detect_language(text[:LONGEST_QUESTION]) or LANGUAGES[0]
            if position not in readable:
                decisions.append(Decision("abstain", language, reason=_unreadable(text)))
                continue
            asked = _Asked(text, vectors[position], language, strict, knowledge_language, explain)
            decisions.append(_decide(state, asked, embed_ms))
        return decisions

    def entry_text(self, entry_id: str, language: Language) -> str:
        """Give the approved answer of an entry, in the other language (with a note) if it lacks this one.

        :raises DataError: if there is no such entry.
        """
        self.reload_if_changed()
        return _answer_text(self._state.knowledge, entry_id, language, None)[0]

    def entry_title(self, entry_id: str, language: Language) -> str:
        """Give the question that an entry answers, in the other language if it lacks this one.

        :raises DataError: if there is no such entry.
        """
        self.reload_if_changed()
        _, found = _answer_text(self._state.knowledge, entry_id, language, None)
        return self._state.knowledge.entries[entry_id].wordings[found].question

    def reload_if_changed(self) -> bool:
        """Take up an index that was replaced on disk; one that does not fit is logged, and the old one kept."""
        folder = self._settings.path(self._settings.knowledge.index)
        present = stamp(folder)
        if present is None or present in (self._state.stamp, self._refused):
            return False
        with self._reloading:
            if present == self._state.stamp:
                return True
            try:
                self._state = _load(self._settings, self._embedder)
            except (KnowledgeIndexError, DataError) as error:
                self._refused = present
                logger.warning("The new knowledge index is not used, the old one stays: %s", error)
                return False
        logger.info("Took up the knowledge index of %s.", self._state.meta.built_at)
        return True


def _load(settings: Settings, embedder: Embedder) -> _State:
    folder = settings.path(settings.knowledge.index)
    # Taken before reading: should the index be replaced meanwhile, the next answer looks again.
    before = stamp(folder)
    stored = read_index(folder)
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    rows = rows_of(knowledge)
    check_fits(stored.meta, embedder.identity(), knowledge.content_hash, [row.text_hash for row in rows])
    return _State(knowledge, stored.meta, Search(knowledge, rows, stored.vectors), before)


@dataclass(frozen=True)
class _Asked:
    text: str
    vector: Vectors
    language: Language
    strict: bool
    knowledge_language: Language | None
    explain: bool


def _unreadable(text: str) -> Reason:
    """Say why a text cannot be a question; empty if it may be one."""
    if len(text) > LONGEST_QUESTION:
        return "too_long"
    return "" if any(character.isalpha() for character in normalise(text)) else "nothing_to_read"


def _decide(state: _State, asked: _Asked, embed_ms: float) -> Decision:
    started = time.perf_counter()
    rule = state.meta.rule
    hits = state.search.find(asked.text, asked.vector, only=asked.knowledge_language)
    # What is alike is judged by the language that the words are in, whatever language the customer is answered in.
    ranking = state.search.rank(hits, rule, detect_language(asked.text) or asked.language)
    signals = ranking.signals()
    search_ms = (time.perf_counter() - started) * 1000
    confidence = rule.confidence(signals) if signals else 0.0
    shown = _EXPLAINED_CANDIDATES if asked.explain else _SHOWN_CANDIDATES
    considered: dict[str, Any] = {
        "confidence": confidence,
        "threshold": rule.threshold_for(strict=asked.strict),
        "candidates": tuple(_candidate(state, found) for found in ranking.top(shown)),
        "timings": {"embed_ms": round(embed_ms, 3), "search_ms": round(search_ms, 3)},
        "signals": signals if asked.explain else None,
    }
    if not len(ranking):
        return Decision("abstain", asked.language, reason="nothing_found", **considered)
    if confidence < considered["threshold"]:
        return Decision("abstain", asked.language, reason="not_sure", **considered)
    entry_id = ranking.entry_ids()[0]
    text, language = _answer_text(state.knowledge, entry_id, asked.language, asked.knowledge_language)
    title = state.knowledge.entries[entry_id].wordings[language].question
    live = state.meta.entries[entry_id]
    return Decision(
        "answer", language, entry_id, title, text, source_version=live.version, as_of=live.since, **considered
    )


def _candidate(state: _State, found: Found) -> Candidate:
    question = state.search.rows[found.row].text
    return Candidate(found.entry_id, round(found.score, 4), round(found.dense, 4), round(found.lexical, 4), question)


def _answer_text(
    knowledge: Knowledge, entry_id: str, language: Language, only: Language | None
) -> tuple[str, Language]:
    entry = knowledge.entries.get(entry_id)
    if entry is None:
        raise DataError(f"There is no knowledge entry `{entry_id}`.")
    wanted = only or language
    if wanted not in entry.wordings:
        wanted = next(iter(entry.wordings))
    answer = entry.wordings[wanted].answer
    return (answer if wanted == language else f"{_OTHER_LANGUAGE_NOTE[language]}\n{answer}"), wanted


_shared: dict[Settings, KnowledgeBase] = {}
_sharing = threading.Lock()


def shared_base(settings: Settings) -> KnowledgeBase:
    """Give this process's one knowledge base for these settings, opening it at first.

    :raises KefuError: if it cannot be opened; the next call tries again.
    """
    with _sharing:
        if settings not in _shared:
            _shared[settings] = KnowledgeBase.open(settings, shared_embedder(settings.embedding))
        return _shared[settings]
