"""What a customer's words name: an order, and a contact that could show that it is his. Pure functions over text."""

import re

from kefu.entities import EMAIL, MOBILE, ORDER_NUMBER, TRACKING_NUMBER, extract_entities
from kefu.shop.identity import PHONE_TAIL, Contact
from kefu.text import is_payload, normalise

_LONGEST = 2000  # characters that are read; a value does not stand behind a novel
_ALONE = r"(?<![A-Za-z0-9.@/-])"
_ENDS = r"(?![A-Za-z0-9@]|[./-]\d|\s*[年元块])"  # not a year, an amount, or a part of something longer
_BARE_ORDER = re.compile(_ALONE + r"(\d{8})" + _ENDS)
_BARE_TAIL = re.compile(_ALONE + rf"(\d{{{PHONE_TAIL}}})" + _ENDS)
_MARKED_TAIL = re.compile(
    r"(?:尾号|尾数|[后末最][后]?[四4]位|last\s+(?:four|4)|ending|ends?\s+(?:in|with))\D{0,24}?" + _BARE_TAIL.pattern,
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]")


def named_order(text: str, *, asked: bool = False) -> str | None:
    """Give the order or tracking number that a message names; of several the last, which corrects the others.

    Where the number was ``asked`` for, eight bare digits are one too. A payload (``/intent{…}``) names nothing.
    """
    words = _readable(text)
    found = [entity.value for entity in extract_entities(words) if entity.kind == ORDER_NUMBER]
    found = found or [entity.value for entity in extract_entities(words) if entity.kind == TRACKING_NUMBER]
    if not found and asked:
        found = ["SO" + digits for digits in _BARE_ORDER.findall(words)]
    return found[-1] if found else None


def named_contact(text: str, *, asked: bool = False) -> Contact | None:
    """Give the contact that a message names: an e-mail, a mobile number, or its last four digits.

    Bare four digits count only where they were ``asked`` for, or beside the number of an order, and only if there is
    but one such group.
    """
    words = _readable(text)
    for entity in extract_entities(words):
        if entity.kind == EMAIL:
            return Contact("email", entity.value)
        if entity.kind == MOBILE:
            return Contact("phone", entity.value)
    # "SO20260008 8034": beside the number of an order, four digits can only be the proof.
    asked = asked or named_order(text) is not None
    tails = _MARKED_TAIL.findall(words) or (_BARE_TAIL.findall(words) if asked else [])
    return Contact("phone_tail", tails[0]) if len(tails) == 1 else None


def has_words_beside(text: str) -> bool:
    """Say whether a message has words of its own beside the numbers and addresses that it names."""
    words = _readable(text)
    for entity in reversed(extract_entities(words)):
        words = words[: entity.start] + " " + words[entity.end :]
    return len(_WORDS.findall(words)) >= 2


def looks_like_a_number(text: str) -> bool:
    """Say whether a message is mostly digits: meant as a number, but none that can be read."""
    words = _readable(text)
    digits = sum(character.isdigit() for character in words)
    return digits >= 2 and digits * 2 >= len(words.replace(" ", ""))


def _readable(text: str) -> str:
    return "" if is_payload(text) else normalise(text)[:_LONGEST]
