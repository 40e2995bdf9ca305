"""What may become a key in stores and logs."""

import unicodedata


def is_printable(value: str) -> bool:
    """Say whether a text holds no control, format or unassigned character."""
    return not any(unicodedata.category(character).startswith("C") for character in value)


def is_name(value: object, longest: int) -> bool:
    """Say whether a value is a text that is not empty, not too long, and printable."""
    return isinstance(value, str) and 0 < len(value) <= longest and is_printable(value)
