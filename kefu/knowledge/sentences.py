"""Where sentences end, in Chinese and English: for cutting documents into passages, and for quoting them."""

import re

# A full stop ends a sentence before a space only, so that 2.5 and x.cn stay whole; closing marks belong to it.
_END = r"[。！？!?]+[”’」』）)\"]*|\.[”’)\"]*(?=\s|$)|\n+|$"
_SENTENCE = re.compile(rf".+?(?:{_END})\s*|\s+", re.DOTALL)
_SMALLER = re.compile(rf".+?(?:；+|{_END})\s*|\s+", re.DOTALL)


def sentences(text: str) -> tuple[str, ...]:
    """Cut a text into its sentences, without the space around them; figures such as 2.5 stay whole."""
    return tuple(piece.strip() for piece in _SENTENCE.findall(text) if piece.strip())


def pieces(text: str) -> list[str]:
    """Cut a text at its sentences, and the Chinese semicolons within; put together, they are the text again."""
    return _SMALLER.findall(text)
