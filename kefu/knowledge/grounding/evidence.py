"""What an answer may rest on: entries found, cut into sentences, without what is addressed to a model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest

from kefu.knowledge.grounding.orders_to_models import addresses_model
from kefu.knowledge.sentences import sentences
from kefu.text import Language

_CLAUSE = re.compile(
    r"[，。！？；：,!?;:\n]|(?<!\d)\s*、|、(?!\s*\d)|\.(?=\s|$)|\s[-–—]\s|[（）()]|\bthough\b|\bbut\b"
    r"|(?<!\d)\s\band\b\s"
)


@dataclass(frozen=True)
class Evidence:
    """An entry's approved answer in one language, live in this version since ``as_of`` (ISO date)."""

    entry_id: str
    title: str
    text: str
    language: Language
    version: str = ""
    as_of: str = ""
    link: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the text, in order."""
        return sentences(self.text)

    def for_a_model(self) -> "Evidence":
        """Give the evidence up to a sentence that tells a model what to do, as no help page does: what follows it may
        belong to it."""
        kept = [one for one, _ in takewhile(lambda pair: not _begins_order(*pair), _with_next(self.sentences))]
        title = "" if addresses_model(self.title) else self.title
        return replace(self, title=title, text=" ".join(kept) if self.language == "en" else "".join(kept))


def _with_next(pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip_longest(pieces, pieces[1:], fillvalue="")


def _begins_order(sentence: str, then: str) -> bool:
    """Say whether an order to a model begins in a sentence; its end may cut a mark in two ("<!" "[CDATA[")."""
    return addresses_model(sentence) or (addresses_model(f"{sentence}{then}") and not addresses_model(then))


def clauses(text: str) -> tuple[str, ...]:
    """Cut a text at its commas and the like: the smallest parts that say something of their own."""
    pieces = (piece for piece in _CLAUSE.split(_whole_numbers(text)) if piece)
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _whole_numbers(text: str) -> str:
    """Take the marks out of figures, at which they would be cut: 1,000 and 9:00."""
    return re.sub(r"(?<=\d):(?=\d)", "点", re.sub(r"(?<=\d),(?=\d{3})", "", text))
