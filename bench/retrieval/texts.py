"""Different texts as customers write them, in both languages, from the grammar that the embedder is trained with."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from grammar import Grammar

from kefu.knowledge.entries import Scope
from kefu.text import LANGUAGES, Language, normalise

_SEED = 1106
_TEXTS_EACH = 1000  # that one pair more of every template gives, or fewer: where to begin
_MOST_EACH = 4096
_LIMITED_OF, _OVER_OF = 20, 100  # one text of so many holds for a while only, one of so many is over already
_BEGIN, _OVER, _END = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2020, 2021, 2120))


@dataclass(frozen=True)
class Text:
    """A text and what a vector of it would be filtered by."""

    text: str
    language: Language
    topic: str


def lasting(place: int) -> Scope:
    """Say when the text at a place of the corpus holds: most always, some until far in the future, few no longer."""
    if place % _LIMITED_OF:
        return Scope()
    return Scope(valid_from=_BEGIN, valid_to=_END if place % _OVER_OF else _OVER)


def corpus(count: int) -> list[Text]:
    """Make ``count`` different texts, the same in every run, the first of them a fair sample of all."""
    found = _different(_SEED, count, frozenset())
    random.Random(_SEED).shuffle(found)
    return found[:count]


def questions(count: int, without: list[Text]) -> list[Text]:
    """Make ``count`` texts of the same grammar that are none of the corpus."""
    found = _different(_SEED + 1, count, frozenset(normalise(text.text) for text in without))
    random.Random(_SEED).shuffle(found)
    return found[:count]


def _different(seed: int, count: int, without: frozenset[str]) -> list[Text]:
    grammar, each = Grammar(), 1 + count // _TEXTS_EACH
    while True:
        found = {key: text for text in _texts(grammar, each, seed) if (key := normalise(text.text)) not in without}
        if len(found) >= count or each >= _MOST_EACH:
            break
        each *= 2
    if len(found) < count:
        raise ValueError(f"The grammar has {len(found)} different texts; {count} are wanted.")
    return list(found.values())


def _texts(grammar: Grammar, each: int, seed: int) -> Iterator[Text]:
    for pair in grammar.pairs(each, seed):
        for language, text in zip(LANGUAGES, (pair.chinese, pair.english), strict=True):
            yield Text(text, language, pair.topic)
