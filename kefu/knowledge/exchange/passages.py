"""Cuts long texts at their paragraphs and sentences, each part beginning with the last one's last sentence."""

from kefu.knowledge.sentences import pieces as pieces_of

LONGEST_PASSAGE = 1200  # characters; what a customer reads at once
_LONGEST_OVERLAP = 200


def passages(text: str, longest: int = LONGEST_PASSAGE) -> list[str]:
    """Cut a text into parts of at most ``longest`` characters, which overlap by a sentence."""
    if len(text) <= longest:
        return [text]
    pieces = [piece for sentence in pieces_of(text) for piece in _cut(sentence, longest)]
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
