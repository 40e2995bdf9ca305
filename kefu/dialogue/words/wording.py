"""The form in which a message is read, and the way back to the customer's own words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kefu.dialogue.words.spellings import ENDINGS, ENGLISH, MISTYPED_ZH, TRADITIONAL
from kefu.entities import extract_entities
from kefu.text import normalise

NAMED = "¤"  # stands where a number or an address stood: read elsewhere, and no part of a word
GAP = "\n"  # stands where something was taken out: no phrase reaches across it
_LONGEST = 600  # characters that are read; what is wanted does not stand behind a novel

_MISTYPED = re.compile("|".join(sorted(MISTYPED_ZH, key=len, reverse=True)))
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")  # yesss, nooo
_PIECE = re.compile(r"[a-z]+(?:'[a-z]+)?|.", re.DOTALL)

Span = tuple[int, int]


@dataclass(frozen=True)
class Wording:
    """A message folded for reading: ``text``, and where each of its characters came from in ``source``.

    ``is_whole``: nothing of it was cut off.
    """

    source: str
    text: str
    origins: tuple[Span, ...]
    is_whole: bool = True

    def quote(self, start: int, end: int) -> str:
        """Give a stretch of ``text`` as the customer wrote it."""
        if start >= end:
            return ""
        return self.source[self.origins[start][0] : self.origins[end - 1][1]].strip()


def wording(text: str) -> Wording:
    """Fold a message: small letters, simplified characters, contractions written out, usual slips mended.

    Order numbers and addresses become marks that no pattern takes for words or counts.
    """
    whole = normalise(text)
    source = whole[:_LONGEST]
    folded = _MISTYPED.sub(lambda match: MISTYPED_ZH[match.group()], _small(source))
    for entity in extract_entities(source):
        folded = folded[: entity.start] + NAMED * (entity.end - entity.start) + folded[entity.end :]
    pieces: list[str] = []
    origins: list[Span] = []
    for match in _PIECE.finditer(folded):
        read = _spelt_out(match.group())
        kept = len(read) == len(match.group())
        pieces.append(read)
        origins.extend(
            (match.start() + at, match.start() + at + 1) if kept else match.span() for at in range(len(read))
        )
    return Wording(source, "".join(pieces), tuple(origins), source == whole)


def folded(text: str) -> str:
    """Fold the name of a thing the way a message is folded."""
    return wording(text).text


def without(text: str, spans: Iterable[Span], mark: str = GAP) -> str:
    """Take stretches out of a text, which keeps its length.

    :param mark: what is put in place of each character.
    """
    left = list(text)
    for start, end in spans:
        left[start:end] = mark * (end - start)
    return "".join(left)


def only(text: str, spans: Iterable[Span]) -> str:
    """Keep nothing but stretches of a text, which keeps its length."""
    kept = [GAP] * len(text)
    for start, end in spans:
        kept[start:end] = text[start:end]
    return "".join(kept)


def runs(text: str) -> Iterator[Span]:
    """Give the stretches between gaps."""
    for match in re.finditer(f"[^{GAP}]+", text):
        yield match.span()


def content(text: str) -> str:
    """Take gaps and marks of named things out of a text."""
    return " ".join(text.replace(GAP, " ").replace(NAMED, " ").split())


def _small(source: str) -> str:
    """Fold character by character, so that every offset stays."""
    small = "".join(low if len(low := character.lower()) == 1 else character for character in source)
    return small.translate(TRADITIONAL).translate(_APOSTROPHES)


def _spelt_out(word: str) -> str:
    if len(word) < 2:
        return word
    word = _DRAWN_OUT.sub(r"\1", word)
    if word in ENGLISH:
        return ENGLISH[word]
    for ending, full in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return word[: -len(ending)] + full
    return word
