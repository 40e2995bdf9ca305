"""Cuts long texts at their paragraphs and sentences, each part beginning with the last one's last sentence."""

import re

LONGEST_PASSAGE = 1200  # characters; what a customer reads at once
_LONGEST_OVERLAP = 200
# The ends of sentences; a full stop counts before a space only, so that 3.5 and e.g. x.cn stay whole.
_SENTENCE = re.compile(r"(?:[^。！？!?；\n.]|\.(?!\s|$))*(?:[。！？!?；]+[”’」』）)\"]*|\.(?=\s|$)|\n+|$)\s*")


def sentences(text: str) -> list[str]:
    """List the sentences of a text, without the space around them."""
    return [found for found in (match.group().strip() for match in _SENTENCE.finditer(text)) if found]


def passages(text: str, longest: int = LONGEST_PASSAGE) -> list[str]:
    """Cut a text into parts of at most ``longest`` characters, which overlap by a sentence."""
    if len(text) <= longest:
        return [text]
    pieces = [piece for match in _SENTENCE.finditer(text) for piece in _cut(match.group(), longest) if piece]
    parts = [""]
    last = ""
    for piece in pieces:
        if parts[-1] and len((parts[-1] + piece).strip()) > longest:
            fits = len(last) <= _LONGEST_OVERLAP and len((last + piece).strip()) <= longest
            parts.append(last if fits else "")
        parts[-1] += piece
        last = piece
    return [part.strip() for part in parts if part.strip()]


def _cut(sentence: str, longest: int) -> list[str]:
    """Cut a sentence that is longer than a part may be, wherever that falls."""
    return [sentence[start : start + longest] for start in range(0, len(sentence), longest)]
