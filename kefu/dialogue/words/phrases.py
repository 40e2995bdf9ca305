"""Tables of what customers say: each line a phrase, in both languages, found anywhere in a folded message."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kefu.dialogue.words.wording import Span

_NO_LETTER_BEFORE = r"(?<![a-z0-9])"
_NO_LETTER_AFTER = r"(?![a-z0-9])"


@dataclass(frozen=True)
class Hit:
    """Where something was said, and the key of the table that it belongs to."""

    key: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


class Phrases:
    """What customers say for one thing.

    Phrases are patterns of regular expressions over the folded text (:mod:`kefu.dialogue.words.wording`): small
    letters, simplified characters, "do not" for "don't". English ones stand between word boundaries, Chinese ones need
    none. Several stand side by side with ``|``. Repeat within bounds only (``.{0,4}``), so that reading stays linear,
    and write ``[^\\n]`` for "anything in this clause".
    """

    def __init__(self, key: str, *, zh: Iterable[str] = (), en: Iterable[str] = ()) -> None:
        """:raises re.error: if a phrase is no pattern."""
        self.key = key
        patterns = list(_longest_first(zh))
        english = "|".join(_longest_first(en))
        if english:
            patterns.append(f"{_NO_LETTER_BEFORE}(?:{english}){_NO_LETTER_AFTER}")
        self._pattern = re.compile("|".join(patterns) or r"(?!)")

    def spans(self, text: str) -> list[Span]:
        """Say where the thing is said."""
        return [match.span() for match in self._pattern.finditer(text) if match.end() > match.start()]

    def hits(self, text: str) -> list[Hit]:
        """Say where the thing is said, with its key."""
        return [Hit(self.key, *span) for span in self.spans(text)]

    def within(self, text: str) -> bool:
        """Say whether the thing is said."""
        return self._pattern.search(text) is not None


def widest(hits: Iterable[Hit]) -> list[Hit]:
    """Leave out what overlaps a longer phrase ("不要" in "不要人工"), in the order of the text."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if taken.isdisjoint(range(hit.start, hit.end)):
            kept.append(hit)
            taken.update(range(hit.start, hit.end))
    return sorted(kept, key=lambda hit: hit.start)


def _longest_first(phrases: Iterable[str]) -> list[str]:
    """Put longer phrases first: where two begin alike, the longer one is meant."""
    return sorted((single for phrase in phrases for single in _alternatives(phrase)), key=len, reverse=True)


def _alternatives(phrase: str) -> list[str]:
    """Cut a pattern at its outermost ``|``."""
    singles, depth, is_in_set, start = [], 0, False, 0
    skips = False
    for at, character in enumerate(phrase):
        if skips:
            skips = False
        elif character == "\\":
            skips = True
        elif character in "[]":
            is_in_set = character == "["
        elif not is_in_set and character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0 and not is_in_set:
            singles.append(phrase[start:at])
            start = at + 1
    return [*singles, phrase[start:]]
