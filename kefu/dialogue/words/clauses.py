"""The clauses of a message: which of them tell something, and which ask."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from kefu.dialogue.words.question_words import (
    ASKS,
    ASKS_A_FACT,
    ASKS_FROM_THE_START,
    ONLY_SEEMS,
    POLITELY,
    SUPPOSES,
    TAGS,
    WISHES,
)
from kefu.dialogue.words.wording import NAMED, Span, without
from kefu.dialogue.words.yes_no import is_nothing_but_an_answer

# `doubts`: nothing but the question mark asks ("the mug?"). `tag`: asks only whether what was said is all right.
Kind = Literal["says", "asks", "doubts", "tag"]

_CJK = "\u4e00-\u9fff"
_PAUSE = re.compile(
    rf"[;!?。~\n]+|\.{{2,}}|…+|(?<![0-9]),|,(?![0-9])|\.(?=\s|$|[{_CJK}])|—+| - |(?<=[{_CJK}]) (?=[{_CJK}])"
    # Words that begin something new, without a pause before them.
    rf"|(?=但是|但(?!是|凡)|(?<!只)(?<!要)不过(?![^\n]{{0,1}}期)|可是|对了|另外|顺便)"
    r"|(?<![a-z])(?<!all )(?<!everything )(?=(?:but|by the way|btw|however|although)(?![a-z]))"
    r"|(?<![a-z])(?=and (?:by |until |to )?"
    r"(?:who|what|when|where|how|why|do|does|is|are|can|could|will|would|should)(?![a-z]))"
)


@dataclass(frozen=True)
class Clause:
    """A stretch of a folded text.

    ``stop`` is its end with the question mark behind it. ``supposes``: it says on what the next one depends.
    """

    start: int
    end: int
    stop: int
    kind: Kind
    supposes: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


def clauses(text: str) -> tuple[Clause, ...]:
    """Cut a folded text and say of each clause what it does. What is supposed before a question belongs to it."""
    found: list[Clause] = []
    supposing: list[int] = []
    for start, end, stop in _cut(text):
        kind = _kind(text[start:end], "?" in text[end:stop])
        if SUPPOSES.within(text[start:end]) and not POLITELY.within(text[start:end]):
            supposing.append(len(found))
        found.append(Clause(start, end, stop, kind))
    for at in supposing:
        if any(clause.kind == "asks" for clause in found[at:]):
            found[at] = replace(found[at], kind="asks", supposes=True)
    return tuple(found)


def _cut(text: str) -> list[tuple[int, int, int]]:
    pieces = []
    start = 0
    for match in (*_PAUSE.finditer(text), None):
        end, stop = match.span() if match else (len(text), len(text))
        if any(character.isalnum() or character == NAMED for character in text[start:end]):
            pieces.append((start, end, stop))
        elif pieces and "?" in text[end:stop]:  # "运费谁出 ?"
            pieces[-1] = (*pieces[-1][:2], stop)
        start = stop
    return pieces


def _kind(clause: str, has_mark: bool) -> Kind:
    if TAGS.within(clause) and (has_mark or ASKS.within(clause)):
        return "tag"
    if not has_mark and is_nothing_but_an_answer(clause):  # 是的呢, 没有没有
        return "says"
    plain = without(clause, ONLY_SEEMS.spans(clause))
    if ASKS.within(plain) or ASKS_FROM_THE_START.match(plain):
        return "says" if WISHES.within(clause) and not ASKS_A_FACT.within(clause) else "asks"
    if not has_mark or plain != clause or not any(c.isalpha() for c in clause):
        return "says"
    return "doubts"
