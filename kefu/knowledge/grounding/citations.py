"""The numbers of the evidence that an answer cites, such as [2]."""

import re
from collections.abc import Sequence

from kefu.knowledge.sentences import sentences

CITATION = re.compile(r"\[(\d{1,3})\]")
_LONE = re.compile(r"^\s*((?:\[\d{1,3}\]\s*)+)")


def cited(text: str) -> list[int]:
    """Give the numbers that a text cites, in order."""
    return sorted({int(number) for number in CITATION.findall(text)})


def cited_sentences(answer: str) -> list[tuple[str, list[int]]]:
    """Give the sentences of an answer, without their citations, each with the numbers that it rests on.

    One without a citation of its own rests on whatever the answer cites.
    """
    whole = cited(answer)
    return [(CITATION.sub("", one), cited(one) or whole) for one in _with_citations(sentences(answer))]


def _with_citations(pieces: Sequence[str]) -> list[str]:
    """Give a citation that stands behind a full stop back to its sentence."""
    joined: list[str] = []
    for piece in pieces:
        if (lone := _LONE.match(piece)) and joined:
            joined[-1] += " " + lone.group(1)
            piece = piece[lone.end() :]
        if piece.strip(" 。.!！?？\n"):
            joined.append(piece)
    return joined
