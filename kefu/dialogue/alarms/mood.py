"""Whether a customer is angry, or not content, by his words.

``angry``: he scolds the shop or the assistant, or waits in vain and says so loudly; that is met with an apology and
the offer of a person, whatever else the message was taken for. ``displeased``: he finds fault, which counts only where
he asks for nothing. Praise, and a "not bad", are neither.
"""

import re
from typing import Literal

from kefu.dialogue.alarms.mood_words import ANGRY, DISPLEASED, NEITHER, QUESTIONS, WAITS_IN_VAIN
from kefu.dialogue.words.wording import content, without, wording

Mood = Literal["angry", "displeased"]
_LOUD = re.compile(r"[!！]{2,}|[?？]{3,}|[!?！？]{3,}")
_SHOUTS = re.compile(r"(?:\b[A-Z]{3,}\b\W+){3,}")

_FILLER = re.compile(
    r"[你您们我是的了啊呀吧呢真太这那个就都也吗啦嘛么很再]|\W"
    r"|\b(?:you|guys|people|are|is|was|this|that|a|an|the|what|such|really|so|just|i|am|your|ever|absolutely|and|with)\b"
)


def mood(text: str) -> Mood | None:
    """Read the mood off a message; None where nothing tells of anger or discontent."""
    read = wording(text).text
    read = without(read, NEITHER.spans(read))
    if ANGRY.within(read):
        return "angry"
    is_loud = _LOUD.search(text) is not None or _SHOUTS.search(f"{text} ") is not None
    if is_loud and (WAITS_IN_VAIN.within(read) or DISPLEASED.within(read)):
        return "angry"
    return "displeased" if DISPLEASED.within(read) else None


def asks_something(text: str) -> bool:
    """Say whether a message that scolds holds a question that could be looked up."""
    return QUESTIONS.within(wording(text).text)


def only_scolds(text: str) -> bool:
    """Say whether a message is scolding from end to end, so that it tells neither a fault nor a reason."""
    read = wording(text).text
    spans = ANGRY.spans(without(read, NEITHER.spans(read)))
    return bool(spans) and _FILLER.sub("", content(without(read, spans))) == ""
