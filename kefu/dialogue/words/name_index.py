"""An index of names: which of many stand in a text, without trying each of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kefu.dialogue.words.wording import Span

_HAS_CJK = re.compile("[\u4e00-\u9fff]")
_LONGEST_KEY = 3  # characters of a name that it is looked up by


@dataclass(frozen=True)
class Found:
    """Where something is named, and the keys of what it may be."""

    keys: frozenset[str]
    span: Span


@dataclass(frozen=True)
class Phrase:
    """A name, and the keys of all that are called so."""

    text: str
    keys: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it; compiled when it is first needed, for most names never are."""
        return _pattern(self.text)


class NameIndex:
    """Names by their first characters."""

    def __init__(self, named: Iterable[tuple[str, set[str]]]) -> None:
        keys: dict[str, set[str]] = {}
        for key, names in named:
            for name in names:
                keys.setdefault(name, set()).add(key)
        self._by_start: dict[str, list[Phrase]] = {}
        self._english: dict[tuple[str, int], list[Phrase]] = {}
        self._chinese: dict[tuple[str, int, str], list[Phrase]] = {}
        for name, owners in keys.items():
            phrase = Phrase(name, frozenset(owners))
            self._by_start.setdefault(_start(name), []).append(phrase)
            if name.isascii():
                self._english.setdefault((name[0], len(name)), []).append(phrase)
            else:
                for at in range(1, min(len(name), 3)):
                    self._chinese.setdefault((name[0], at, name[at]), []).append(phrase)

    def matches(self, text: str) -> list[Found]:
        """Find every name that a folded text has, also one within another."""
        found: dict[Span, set[str]] = {}
        for phrase in self._candidates(text):
            for match in phrase.pattern.finditer(text):
                found.setdefault(match.span(), set()).update(phrase.keys)
        return [Found(frozenset(keys), span) for span, keys in found.items()]

    def english_like(self, word: str) -> Iterator[Phrase]:
        """Give English names that begin like a word and are at most one letter longer or shorter."""
        for length in (len(word) - 1, len(word), len(word) + 1):
            yield from self._english.get((word[0], length), ())

    def chinese_like(self, text: str) -> list[Phrase]:
        """Give Chinese names of which the first and one of the next two characters stand in a text as in the name."""
        found: dict[str, Phrase] = {}
        for start, first in enumerate(text):
            for at in (1, 2):
                for phrase in self._chinese.get((first, at, text[start + at : start + at + 1]), ()):
                    found[phrase.text] = phrase
        return list(found.values())

    def _candidates(self, text: str) -> Iterator[Phrase]:
        compact = _compact(text)
        starts = {
            compact[at : at + length]
            for length in range(1, _LONGEST_KEY + 1)
            for at in range(len(compact) + 1 - length)
        }
        for start in starts:
            yield from self._by_start.get(start, ())


def _start(name: str) -> str:
    """Give what a name begins with however it is written; "y" at its end may be "ies"."""
    compact = _compact(name)
    return compact[: max(1, min(_LONGEST_KEY, len(compact) - 1))]


def _compact(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _pattern(name: str) -> re.Pattern[str]:
    """A name as customers write it: with or without spaces beside Chinese, hyphens or spaces, the plural."""
    if _HAS_CJK.search(name):
        pattern = " ?".join(re.escape(character) for character in name if character != " ")
        return re.compile(rf"(?<![a-z0-9]){pattern}" if name[0].isascii() else pattern)
    words = [re.escape(word) for word in re.split(r"[ -]+", name) if word]
    if name[-1] == "y":
        words[-1] = words[-1][:-1] + "(?:y|ies)"
    elif not name[-1].isdigit():
        words[-1] += "(?:s|es)?"
    return re.compile(rf"(?<![a-z0-9]){'[ -]?'.join(words)}(?![a-z0-9])")
