"""What makes another price of goods, in a customer's words: codes of coupons, a level, a reduction."""

import re
from typing import cast

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.dialogue.presale.presale_words import COUPON, DEAL, LEVELS, NO_LEVEL_BEFORE, NO_LEVEL_BEHIND, REDUCED
from kefu.dialogue.words.wording import Span
from kefu.shop.orders import Level

_LETTERS = re.compile("[a-z]+")
_A_CODE = r"(?<![a-z0-9])[a-z]{3,12}[0-9]{1,4}(?![a-z0-9])"
_COUPON = (
    "(?:(?:优惠|折扣|代金|抵扣)?[券码]|(?:promo(?:tion)? |coupon |discount )?(?:coupons?|vouchers?|codes?)(?![a-z]))"
)
# A code counts beside the word for one, or where it is to be used: "iphone15" and "mp3" are none.
_CODE = re.compile(
    rf"({_A_CODE})(?= ?(?:这[张个]|的|那个)? ?{_COUPON})|(?<![a-z]){_COUPON}(?: is|是|为)? ?:? ?[\"'“]?({_A_CODE})"
    rf"|(?:(?<![a-z])(?:with|using|use|apply|applying|w/)|用|加上?|叠) ?({_A_CODE})"
)
# In capitals they are codes wherever they stand; without a figure, beside the word for one ("code SUMMER").
_IN_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3,12}[0-9]{1,4}(?![A-Za-z0-9])")
_WORD_IN_CAPITALS = re.compile(r"(?:[Cc]ode|[Cc]oupon|[Vv]oucher|码|券) ?([A-Z]{4,15})(?![A-Za-z0-9])")
_NO_CODE = re.compile(r"(?:usb|hdmi|wifi|type|gen|win|ipx|core|rtx|gtx|galaxy|mate|pixel|redmi|honor|nova|mah)[0-9]")
SEVERAL_COUPONS = re.compile("[0-9一两二三] ?张 ?(?:优惠|折扣|代金|抵扣)?券")
_DEVICE = re.compile(r"(?<![a-z0-9])[a-z]+[ -]?[0-9]{1,4}(?![a-z0-9])")


def codes(text: str, names: GoodsNames) -> list[tuple[str, Span]]:
    """Find codes of coupons in a folded text, and where they stand."""
    found = []
    for match in _CODE.finditer(text):
        group = match.lastindex or 1
        if match.span(group) not in devices(text, names) and not _NO_CODE.match(match.group(group)):
            found.append((match.group(group), match.span(group)))
    return found


def codes_in_capitals(source: str, names: GoodsNames) -> list[str]:
    """Find codes of coupons by how a customer wrote them, in small letters; for questions about nothing but offers."""
    written = [*_IN_CAPITALS.findall(source), *_WORD_IN_CAPITALS.findall(source)]
    small = dict.fromkeys(word.lower() for word in written)
    return [code for code in small if not _NO_CODE.match(code) and not devices(code, names)]


def deal(text: str) -> tuple[int, int] | None:
    """Read a reduction that a customer speaks of: from how many yuan on, and how many come off."""
    found = DEAL.search(text)
    figures = sorted((int(figure) for figure in found.groups() if figure), reverse=True) if found else []
    return (figures[0], figures[1]) if len(figures) > 1 else None


def devices(text: str, names: GoodsNames) -> list[Span]:
    """Find devices by name and number ("iphone15", "win11")."""
    return [
        match.span()
        for match in _DEVICE.finditer(text)
        if (letters := _LETTERS.match(match.group())) and names.systems(letters.group())
    ]


def level(text: str) -> Level | None:
    """Read the level that a customer says he has, or asks about; None where he denies it."""
    for name, words in LEVELS.items():
        for start, end in words.spans(text):
            if not (NO_LEVEL_BEFORE.search(text[:start]) or NO_LEVEL_BEHIND.match(text[end:])):
                return cast(Level, name)
    return None


def depends_on_offers(text: str) -> bool:
    """Say whether a customer speaks of something that makes another price of it."""
    offers = (DEAL.search(text), REDUCED.search(text), level(text))
    return COUPON.within(text) or any(offer is not None for offer in offers)
