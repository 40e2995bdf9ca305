"""What a customer's words name: an order, and a contact that could show that it is his. Pure functions over text."""

import re
from typing import Literal

from kefu.entities import EMAIL, MOBILE, ORDER_NUMBER, TRACKING_NUMBER, extract_entities
from kefu.shop.identity import PHONE_TAIL, Contact
from kefu.text import is_payload, normalise

_LONGEST = 2000  # characters that are read; a value does not stand behind a novel
_ALONE = r"(?<![A-Za-z0-9.@/-])"
_ENDS = r"(?![A-Za-z0-9@]|[./-]\d|\s*[年元块])"  # not a year, an amount, or a part of something longer
_BARE_ORDER = re.compile(_ALONE + r"(\d{8})" + _ENDS)
_BARE_TAIL = re.compile(_ALONE + rf"(\d{{{PHONE_TAIL}}})" + _ENDS)
_MARKED_TAIL = re.compile(
    r"(?<!单号)(?<!单)(?:尾号|尾数|[后末最][后]?[四4](?:位|个(?:数|号))|last\s+(?:four|4)|ending|ends?\s+(?:in|with))\D{0,24}?"
    + _BARE_TAIL.pattern,
    re.IGNORECASE,
)
# Digits of an order's number prove nothing.
_OF_AN_ORDER = re.compile(
    r"(?:订单|单号|编号)(?:号|的)?(?:最后|[后末尾])[^,，。;；\n]{0,6}?\d{4}(?!\d)"
    r"|order(?:'s)?(?: number| no\.?| id)?(?: is)?(?: the)?(?: last| ends?| ending)[^,.;\n\d]{0,16}\d{4}(?!\d)",
    re.IGNORECASE,
)
# Between two values: the second is meant.
_CORRECTS = re.compile(
    r"不对|不是|错了|说错|打错|搞错|哦不|(?<![A-Za-z])(?:no|sorry|i mean|actually|rather|wait)(?![A-Za-z])",
    re.IGNORECASE,
)
# Right before a value that is not meant: "不是8019，是8020", "not 8019".
_TAKEN_BACK = re.compile(r"(?:不是|而非|别用|(?<![A-Za-z])not|n't|instead of)[\s:]*$", re.IGNORECASE)
_SPOKEN = "零一二三四五六七八九〇幺"  # 〇 is 0 and 幺 is 1, so that the place modulo 10 is the figure
_SPOKEN_NUMBER = re.compile(rf"[{_SPOKEN}]{{{PHONE_TAIL},}}")
_SPELT_OUT = re.compile(rf"(?<![A-Za-z0-9])(?:[A-Za-z0-9] ){{{PHONE_TAIL - 1},24}}[A-Za-z0-9](?![A-Za-z0-9])")
_CONTACTS: tuple[tuple[str, Literal["email", "phone"]], ...] = ((EMAIL, "email"), (MOBILE, "phone"))
# What is said around a number or an address: "手机尾号8019", "phone ends in 8019".
_AROUND_A_NUMBER = re.compile(
    r"订单号|单号|联系方式|联系|预留|手机号?|电话|尾号|[后末][4四]位|邮箱|邮件|号码|是|我的?|下单|这个?|用的?|留的?|你好|您好"
    r"|\b(?:my|the|it'?s|is|order|number|phone|mobile|e-?mail|ends?|ending|last|four|4|digits|in|with|are|and|this|here|hi|hello|used|i|cell|contact|tel|address)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]")


def named_order(text: str, *, asked: bool = False) -> str | None:
    """Give the order or tracking number that a message names; of several the last, which corrects the others.

    One that it takes back ("不是SO20260001") does not count beside another. Where the number was ``asked`` for, eight
    bare digits are one too. A payload (``/intent{…}``) names nothing.
    """
    words = _readable(text)
    entities = extract_entities(words)
    for kind in (ORDER_NUMBER, TRACKING_NUMBER):
        if found := [(entity.value, entity.start) for entity in entities if entity.kind == kind]:
            return _kept(words, found)[-1]
    if not asked:
        return None
    bare = [("SO" + match.group(1), match.start()) for match in _BARE_ORDER.finditer(words)]
    return _kept(words, bare)[-1] if bare else None


def named_contact(text: str, *, asked: bool = False) -> Contact | None:
    """Give the contact that a message names, the strongest where it names several; see :func:`named_contacts`."""
    return next(iter(named_contacts(text, asked=asked)), None)


def named_contacts(text: str, *, asked: bool = False) -> tuple[Contact, ...]:
    """Give the contacts that a message names, of each kind at most one: e-mail, mobile number, its last four digits.

    Bare four digits count only where they were ``asked`` for, or beside an order's number or another contact, and only
    if there is but one such group that the message does not take back.
    """
    words = _readable(text)
    entities = extract_entities(words)
    found: list[Contact] = []
    for kind, contact_kind in _CONTACTS:
        values = [(entity.value, entity.start) for entity in entities if entity.kind == kind]
        if values:
            kept = _kept(words, values)
            # Of two e-mails in one message the first is his; a correction names the wrong one first.
            found.append(Contact(contact_kind, kept[0]))
    # "SO20260008 8034": beside the number of an order, four digits can only be the proof.
    asked = asked or bool(found) or named_order(text) is not None
    for entity in entities:
        words = words[: entity.start] + "@" * (entity.end - entity.start) + words[entity.end :]
    tail = _tail(words, asked=asked)
    return (*found, Contact("phone_tail", tail)) if tail else tuple(found)


def _tail(words: str, *, asked: bool) -> str | None:
    words = _OF_AN_ORDER.sub(lambda match: "@" * len(match.group()), words)
    marked = [(match.group(1), match.start(1)) for match in _MARKED_TAIL.finditer(words)]
    bare = [(match.group(1), match.start(1)) for match in _BARE_TAIL.finditer(words)]
    if (asked or marked) and len(bare) > 1 and _CORRECTS.search(words, bare[-2][1], bare[-1][1]):
        return bare[-1][0]
    takes_back = any(_TAKEN_BACK.search(words[:start]) for _, start in marked)
    if marked and not takes_back:
        tails = [value for value, _ in marked]
    else:
        tails = _kept(words, bare) if asked or marked else []
    return tails[0] if len(tails) == 1 else None


def _figures(spoken: str) -> str:
    return "".join(str(_SPOKEN.index(digit) % 10) for digit in spoken)


def _kept(words: str, found: list[tuple[str, int]]) -> list[str]:
    """Leave out what the message takes back, unless that would leave nothing."""
    return [value for value, start in found if not _TAKEN_BACK.search(words[:start])] or [value for value, _ in found]


def has_words_beside(text: str) -> bool:
    """Say whether a message has words of its own beside the numbers and addresses that it names."""
    words = _readable(text)
    for entity in reversed(extract_entities(words)):
        words = words[: entity.start] + " " + words[entity.end :]
    return len(_WORDS.findall(words)) >= 2


def is_bare(text: str) -> bool:
    """Say whether a message is nothing but numbers and addresses, with what is said around them."""
    return bool(text.strip()) and not has_words_beside(_AROUND_A_NUMBER.sub(" ", text))


def looks_like_a_number(text: str) -> bool:
    """Say whether a message is mostly digits: meant as a number, but none that can be read."""
    words = _readable(text)
    digits = sum(character.isdigit() for character in words)
    return digits >= 2 and digits * 2 >= len(words.replace(" ", ""))


def _readable(text: str) -> str:
    """Give the text with numbers that are spoken or spelt out as figures: "八零一九", "S O 2 0 2 6 0 0 0 1"."""
    if is_payload(text):
        return ""
    plain = _SPOKEN_NUMBER.sub(lambda match: _figures(match.group()), normalise(text)[:_LONGEST])
    return _SPELT_OUT.sub(lambda match: match.group().replace(" ", ""), plain)
