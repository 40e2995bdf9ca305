"""What a customer typed, made fit for understanding and for the store."""

import unicodedata

# Zero-width joiner and variation selectors hold emoji together; the selectors are marks and stay anyway.
_KEPT = {"\n", "\u200d"}
_LINE_BREAKS = {"\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "}
_REMOVED_CATEGORIES = {"Cc", "Cf", "Cs"}


def clean(text: str | None) -> str:
    """Take out what nobody types: NUL and other control characters, zero-width ones, halves of surrogate pairs.

    Line breaks stay, as ``\\n``; a tab becomes a space. What is left can be stored by any database and sent as UTF-8.
    """
    if not text:
        return ""
    for old, new in _LINE_BREAKS.items():
        text = text.replace(old, new)
    kept = (
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in _REMOVED_CATEGORIES
    )
    return "".join(kept).strip()
