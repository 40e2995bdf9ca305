"""What a message names: order numbers, e-mails, mobile and tracking numbers. Pure functions over text.

``\\b`` does not end a word beside a Chinese character, so every pattern says itself what must not stand beside it.
"""

import re
from dataclasses import dataclass

from kefu.text import normalise_width

ORDER_NUMBER = "order_number"
EMAIL = "email"
MOBILE = "mobile"
TRACKING_NUMBER = "tracking_number"

_NOT_BEFORE = r"(?<![A-Za-z0-9])"
_NOT_AFTER = r"(?![A-Za-z0-9])"

# In the order of precedence: what an earlier pattern has taken, a later one leaves alone.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        EMAIL,
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_])?"
            r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,18}" + _NOT_AFTER
        ),
    ),
    (ORDER_NUMBER, re.compile(_NOT_BEFORE + r"SO[ -]?(\d{4})[ -]?(\d{4})" + _NOT_AFTER, re.IGNORECASE)),
    (MOBILE, re.compile(r"(?<![A-Za-z0-9])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})" + _NOT_AFTER)),
    (
        TRACKING_NUMBER,
        re.compile(
            _NOT_BEFORE
            + r"(?:SF\d{12,13}|JD[A-Z]{0,2}\d{11,15}|YT\d{13}|ZTO?\d{12}|7[35]\d{12}|[A-Z]{2}\d{9}CN)"
            + _NOT_AFTER,
            re.IGNORECASE,
        ),
    ),
)

_SAMPLES = {ORDER_NUMBER: "SO20260001", TRACKING_NUMBER: "SF1234567890123"}


@dataclass(frozen=True)
class Entity:
    """One thing named in a text: ``value`` in its canonical form, ``start`` and ``end`` into the text given."""

    kind: str
    value: str
    start: int
    end: int


def extract_entities(text: str) -> list[Entity]:
    """Find what a text names, in the order in which it stands there.

    Full-width digits and letters are read as narrow ones. An order number comes back as ``SO20260001``, an e-mail in
    lower case, a mobile number as 11 digits, a tracking number in upper case.
    """
    narrow = normalise_width(text)
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(narrow):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Entity(kind, _canonical(kind, match), match.start(), match.end()))
    return sorted(found, key=lambda entity: entity.start)


def only_words(text: str) -> str:
    """Leave out the numbers and addresses that a text names."""
    for entity in reversed(extract_entities(text)):
        text = text[: entity.start] + " " + text[entity.end :]
    return text


def generalise(text: str) -> str:
    """Put the same sample in place of every number of a kind, and leave addresses of persons out.

    What a customer wants does not depend on which order he names, and a model has seen no number twice. A text that
    is nothing but an address stays as it is.
    """
    found = extract_entities(text)
    general = text
    for entity in reversed(found):
        general = general[: entity.start] + _SAMPLES.get(entity.kind, " ") + general[entity.end :]
    return general if general.strip() else text


def _canonical(kind: str, match: re.Match[str]) -> str:
    if kind == ORDER_NUMBER:
        return "SO" + "".join(match.groups())
    if kind == MOBILE:
        return "".join(match.groups())
    return match.group().lower() if kind == EMAIL else match.group().upper()
