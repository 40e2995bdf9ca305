"""Why a conversation got its last answer: the last one of each, kept in this process, without the customer's words."""

import threading
from collections import OrderedDict
from typing import Any

from kefu.actions.services import Answer
from kefu.knowledge.live.presale import PresaleAnswer

_MOST = 1000  # conversations; the one not asked in for longest goes first


class LastDecisions:
    """The last answer to a question in each conversation: what the knowledge base decided, or the shop's data say.
    Safe between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Answer | PresaleAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, conversation: str, answer: Answer | PresaleAnswer) -> None:
        """Keep an answer (or that there is none) in place of the conversation's last one."""
        with self._lock:
            self._kept[conversation] = answer
            self._kept.move_to_end(conversation)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def last(self, conversation: str | None = None) -> tuple[str, dict[str, Any]] | None:
        """Give a conversation's last answer, or the latest of all, as JSON has it: a `decision`, or of `goods` what
        was said and read. None where there is none."""
        with self._lock:
            name = conversation or next(reversed(self._kept), None)
            answer = self._kept.get(name) if name is not None else None
        to_json = getattr(answer, "to_json", None)
        if to_json is None:
            return None
        return str(name), {"goods" if isinstance(answer, PresaleAnswer) else "decision": to_json()}


decisions = LastDecisions()
