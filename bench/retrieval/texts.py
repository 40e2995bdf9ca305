"""Different texts as customers write them, in both languages, from the grammar that the embedder is trained with."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from grammar import Grammar

from kefu.text import LANGUAGES, Language, normalise

_SEED = 1106
_TEXTS_EACH = 1000  # that one pair more of every template gives, or fewer: where to begin
_MOST_EACH = 4096


@dataclass(frozen=True)
class Text:
    """A text and what a vector of it would be filtered by."""

    text: str
    language: Language
    topic: str


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
