"""The second look: a reranker reads question and entry together. Off, down or late, the order without it stands."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from typing import Literal

from kefu.knowledge.entries import Entry
from kefu.models.outage import Outage
from kefu.protocols import Reranker, Scores
from kefu.text import Language

logger = logging.getLogger(__name__)

# Characters of Chinese that a document has at most; English gets three times as many. Fifty are to be judged in no
# time, and what tells entries apart stands in their questions and first sentences.
LONGEST_DOCUMENT = 48
_WORKERS = 4
_OURS = ("ModelError", "RemoteModelError")  # whose messages never carry a customer's words
Outcome = Literal["off", "used", "late", "failed"]


def document(question: str, answer: str, language: Language) -> str:
    """Word an entry as a document: its question and the beginning of its answer."""
    longest = LONGEST_DOCUMENT if language == "zh" else 3 * LONGEST_DOCUMENT
    return f"{question} {answer}"[:longest]


def document_of(entry: Entry, language: Language) -> str:
    """Word an entry in the language asked in, or in the one that it has."""
    told: Language = language if language in entry.wordings else next(iter(entry.wordings))
    wording = entry.wordings[told]
    return document(wording.question, wording.answer, told)


class SecondLook:
    """Asks a reranker, for no longer than a deadline (seconds)."""

    def __init__(self, reranker: Reranker | None, instruction: str | None, deadline: float) -> None:
        self._reranker, self._instruction, self._deadline = reranker, instruction, deadline
        self._outage = Outage()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="rerank") if reranker else None

    @property
    def models(self) -> dict[str, str]:
        """Say which reranker it is, for a trace."""
        return {"reranker": self._reranker.identity().name} if self._reranker else {}

    def judge(self, question: str, entries: Sequence[Entry], language: Language) -> tuple[Scores | None, Outcome]:
        """Give the chance that each entry answers the question, ``float32[n]``; None with the reason if none came."""
        if self._reranker is None or self._pool is None:
            return None, "off"
        documents = [document_of(entry, language) for entry in entries]
        if not self._outage.may_ask():
            return None, "failed"
        asked = self._pool.submit(self._reranker.score, question, documents, instruction=self._instruction)
        try:
            chances = asked.result(self._deadline)
        except LateError:
            asked.cancel()
            self._outage.failed()
            logger.warning("The reranker took longer than %.1f s; the order without it is used.", self._deadline)
            return None, "late"
        except Exception as error:  # noqa: BLE001 (whatever it is, there is an order without it)
            self._outage.failed()
            kind = type(error).__name__
            logger.warning("The reranker failed; the order without it is used: %s", error if kind in _OURS else kind)
            return None, "failed"
        self._outage.answered()
        return chances, "used"
