"""Why a conversation got its last answer: the last decision of each, kept in this process, without its words."""

import threading
from collections import OrderedDict
from typing import Any

from kefu.actions.services import Answer

_MOST = 1000  # conversations; the one not asked in for longest goes first


class LastDecisions:
    """The last decision on a question in each conversation; safe between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, conversation: str, decision: Answer) -> None:
        """Keep a decision in place of the conversation's last one."""
        with self._lock:
            self._kept[conversation] = decision
            self._kept.move_to_end(conversation)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def last(self, conversation: str | None = None) -> tuple[str, Any] | None:
        """Give a conversation's last decision, or the latest of all, as JSON has it; None where there is none."""
        with self._lock:
            name = conversation or next(reversed(self._kept), None)
            decision = self._kept.get(name) if name is not None else None
        to_json = getattr(decision, "to_json", None)
        return (str(name), to_json()) if to_json is not None else None


decisions = LastDecisions()
