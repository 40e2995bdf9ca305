"""What makes another price of goods, in a customer's words: codes of coupons, a level, a reduction."""

import re
from typing import cast

from kefu.dialogue.goods_names import GoodsNames
from kefu.dialogue.presale_words import COUPON, DEAL, LEVELS, NO_LEVEL_BEFORE, NO_LEVEL_BEHIND, REDUCED
from kefu.dialogue.wording import Span
from kefu.shop.orders import Level

_LETTERS = re.compile("[a-z]+")
_A_CODE = r"(?<![a-z0-9])[a-z]{3,12}[0-9]{1,4}(?![a-z0-9])"
_COUPON = (
    "(?:(?:优惠|折扣|代金|抵扣)?[券码]|(?:promo(?:tion)? |coupon |discount )?(?:coupons?|vouchers?|codes?)(?![a-z]))"
)
# A code counts beside the word for one: "iphone15" and "mp3" are none.
_CODE = re.compile(
    rf"({_A_CODE})(?= ?(?:这[张个]|的)? ?{_COUPON})|(?<![a-z]){_COUPON}(?: is|是|为)? ?:? ?[\"'“]?({_A_CODE})"
)
SEVERAL_COUPONS = re.compile("[0-9一两二三] ?张 ?(?:优惠|折扣|代金|抵扣)?券")
_DEVICE = re.compile(r"(?<![a-z0-9])[a-z]+[ -]?[0-9]{1,4}(?![a-z0-9])")


def codes(text: str, names: GoodsNames) -> list[tuple[str, Span]]:
    """Find codes of coupons in a folded text, and where they stand."""
    found = []
    for match in _CODE.finditer(text):
        group = 1 if match.group(1) else 2
        if match.span(group) not in devices(text, names):
            found.append((match.group(group), match.span(group)))
    return found


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
