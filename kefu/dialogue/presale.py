"""A question about goods before they are bought, as a typed query; None for every other message.

It is shy: whatever may be about an order, goods that the customer has, or the shop's rules is left to those who know
of them. A pure function over the words and the catalogue's names.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from kefu.dialogue.budgets import Budget, budget, worth
from kefu.dialogue.goods_names import Found, GoodsNames
from kefu.dialogue.numerals import CHINESE, ENGLISH, number
from kefu.dialogue.presale_words import (
    ASKS,
    CHEAP,
    COMPARE,
    COMPATIBLE,
    COUPON,
    DEAL,
    HAS,
    LEVELS,
    NOT_PRESALE,
    PRICE,
    RECOMMEND,
    SIZE,
    SIZES,
    STOCK,
    SUM,
)
from kefu.dialogue.wording import Span, without, wording
from kefu.shop.catalogue import Attribute
from kefu.shop.orders import Level

Kind = Literal["stock", "price", "sizes", "attribute", "compatible", "compare", "recommend", "sum"]

_ANY_PRICE = Budget()
_LONGEST = 120  # characters of a question of one thing; who tells a story wants something else
_MOST_ARTICLES = 4
_FEW_WORDS = 7  # "battery life of the E110 earbuds"
_MEASURE = "[个件双台把副套条支本盒瓶只块张部份箱斤根]"
_BEFORE = re.compile(
    rf"(?<![0-9.])([0-9]{{1,2}}|{CHINESE}) ?{_MEASURE}[的]?[\u4e00-\u9fff]{{0,2}} ?$"
    rf"|(?<![a-z0-9])([0-9]{{1,2}}|{ENGLISH})(?: x| pairs? of| sets? of| pieces? of)?(?: [a-z]+)? $"
)
_AFTER = re.compile(rf"^[的]?(?:要|买|来)? ?(?:x ?)?([0-9]{{1,2}}|{CHINESE}) ?{_MEASURE}")
_CODE = re.compile(r"(?<![a-z0-9])([a-z]{3,12}[0-9]{1,4})(?![a-z0-9])")
_MY = re.compile(r"(?:我的|(?<![a-z])(?:my|an?|the) ) *$")


@dataclass(frozen=True)
class Presale:
    """What is asked.

    ``articles``: ids of what it is asked of (several: each may be meant, or all are compared). ``size`` and
    ``colour`` narrow them, ``attribute`` and ``system`` are what is asked about, ``shelf``, ``budget``, ``wishes``
    (attributes) and ``is_cheap`` what is looked for. ``basket`` is (article, pieces) or an ``amount_cents``, bought
    with ``coupons`` (codes; ``has_coupon``: one without a code) at a ``level`` and with a ``deal`` (from, off in
    yuan) that the customer believes in.
    """

    kind: Kind
    articles: tuple[str, ...] = ()
    size: str | None = None
    colour: str | None = None
    attribute: str | None = None
    system: str | None = None
    shelf: str | None = None
    budget: Budget = _ANY_PRICE
    wishes: tuple[str, ...] = ()
    is_cheap: bool = False
    basket: tuple[tuple[str, int], ...] = ()
    amount_cents: int | None = None
    coupons: tuple[str, ...] = ()
    has_coupon: bool = False
    level: Level | None = None
    deal: tuple[int, int] | None = None


def read_presale(question: str, names: GoodsNames) -> Presale | None:
    """Read a question about goods of the catalogue; None where it is none, or may be something else."""
    text = wording(question).text
    if len(text) > _LONGEST:
        return None
    found, systems = names.articles(text), names.systems(text)
    if NOT_PRESALE.within(_rest(text, found, systems)):
        return None
    asked = _Asked(text, found, systems, names)
    return (
        asked.sum()
        or asked.comparison()
        or asked.recommendation()
        or asked.compatibility()
        or asked.about_attribute()
        or asked.plain()
    )


def _rest(text: str, found: list[Found], systems: list[Found]) -> str:
    """Take out the names of goods ("破壁机" is not broken) and of the customer's own devices ("my iPhone")."""
    spans: list[Span] = [one.span for one in found]
    for system in systems:
        own = _MY.search(text[: system.span[0]])
        spans.append((own.start() if own else system.span[0], system.span[1]))
    return without(text, spans, " ")


class _Asked:
    """One question, read for one kind after the other."""

    def __init__(self, text: str, found: list[Found], systems: list[Found], names: GoodsNames) -> None:
        self._text = text
        self._found = found
        self._systems = [system for system in systems if not any(_overlap(system, one) for one in found)]
        self._names = names
        keys = [key for one in found for key in sorted(one.keys)]
        self._articles = tuple(dict.fromkeys(keys))

    def sum(self) -> Presale | None:
        """Several pieces, or an amount, and what is to be paid."""
        basket = self._basket()
        is_several = any(pieces > 1 for _, pieces in basket) and PRICE.within(self._text)
        if not (SUM.within(self._text) or is_several):
            return None
        amount = None if basket else worth(self._text)
        if not basket and amount is None:
            return None
        deal = DEAL.search(self._text)
        low, high = [int(figure) for figure in deal.groups() if figure] if deal else (0, 0)
        return Presale(
            "sum",
            tuple(key for key, _ in basket),
            basket=basket,
            amount_cents=amount,
            coupons=tuple(code.upper() for code in _CODE.findall(self._text)),
            has_coupon=COUPON.within(self._text),
            level=next((cast(Level, name) for name, words in LEVELS.items() if words.within(self._text)), None),
            deal=(low, high) if deal else None,
        )

    def comparison(self) -> Presale | None:
        """Two or more articles, and which is what."""
        told = [one for one in self._found if len(one.keys) == 1]
        articles = tuple(dict.fromkeys(key for one in told for key in one.keys))
        if not 2 <= len(articles) <= _MOST_ARTICLES or not COMPARE.within(self._text):
            return None
        attribute = self._attribute()
        return Presale("compare", articles, attribute=attribute.key if attribute else None)

    def recommendation(self) -> Presale | None:
        """A shelf, and what is looked for on it."""
        shelves = self._names.kinds(self._text)
        named = [one for one in self._found if len(one.keys) == 1 and not any(_overlap(kind, one) for kind in shelves)]
        if not shelves or named:
            return None
        limits, wishes = budget(self._text), self._wishes()
        is_cheap = CHEAP.within(self._text)
        asks = RECOMMEND.within(self._text) and (limits or wishes or is_cheap or "推荐" in self._text)
        asks = asks or "recommend" in self._text or "suggest" in self._text
        if not asks and not (limits and (STOCK.within(self._text) or wishes)):
            return None
        shelf = min(shelves[-1].keys)
        return Presale("recommend", shelf=shelf, budget=limits or _ANY_PRICE, wishes=wishes, is_cheap=is_cheap)

    def compatibility(self) -> Presale | None:
        """An article, and a device or system."""
        if not self._systems or not self._is_told() or not COMPATIBLE.within(self._text):
            return None
        return Presale("compatible", self._articles, system=min(self._systems[0].keys))

    def about_attribute(self) -> Presale | None:
        """An article, and something that can be said of it."""
        attribute = self._attribute()
        asks = ASKS.within(self._text) or "?" in self._text or len(self._text.split()) <= _FEW_WORDS < len(self._text)
        return (
            Presale("attribute", self._articles, attribute=attribute.key)
            if attribute and asks and self._is_told()
            else None
        )

    def plain(self) -> Presale | None:
        """Sizes, stock or price of an article."""
        if not self._is_told():
            return None
        size, colour = self._size(), self._colour()
        if SIZES.within(self._text):
            return Presale("sizes", self._articles)
        query = Presale("stock", self._articles, size, colour)
        if PRICE.within(self._text):
            return replace(query, kind="price")
        if STOCK.within(self._text) or ((size or colour) and HAS.within(self._text)):
            return query
        return None

    def _is_told(self) -> bool:
        return 1 <= len(self._articles) <= _MOST_ARTICLES

    def _attribute(self) -> Attribute | None:
        rest = without(self._text, [one.span for one in self._found], " ")
        attributes = self._names.catalogue.attributes.values()
        hits = [(_longest_said(rest, attribute.asked), attribute) for attribute in attributes]
        length, attribute = max(hits, key=lambda hit: hit[0], default=(0, None))
        return attribute if length else None

    def _wishes(self) -> tuple[str, ...]:
        attributes = self._names.catalogue.attributes.values()
        return tuple(
            attribute.key
            for attribute in attributes
            if attribute.wish and _longest_said(self._text, attribute.wish.words)
        )

    def _size(self) -> str | None:
        rest = without(self._text, [one.span for one in self._found], " ")
        if found := SIZE.search(rest):
            return next(size for size in found.groups() if size).upper()
        sizes = {size for key in self._articles for size in self._names.catalogue.articles[key].sizes}
        said = re.search(r"(?<![0-9])[0-9]{2}(?![0-9])", rest)
        return said.group() if said and said.group() in sizes else None

    def _colour(self) -> str | None:
        for key in self._articles:
            for variant in self._names.catalogue.articles[key].variants:
                colour = variant.colour
                if colour and (colour.zh.removesuffix("色") in self._text or _longest_said(self._text, (colour.en,))):
                    return colour.zh
        return None

    def _basket(self) -> tuple[tuple[str, int], ...]:
        basket: dict[str, int] = {}
        for one in self._found:
            if len(one.keys) > 1:
                return ()
            key = next(iter(one.keys))
            basket[key] = max(basket.get(key, 1), self._pieces(one))
        return tuple(basket.items())

    def _pieces(self, one: Found) -> int:
        start, end = one.span
        found = _BEFORE.search(self._text[:start]) or _AFTER.search(self._text[end:])
        said = next((figure for figure in found.groups() if figure), "") if found else ""
        return number(said) or 1


def _longest_said(text: str, words: tuple[str, ...]) -> int:
    """Give the length of the longest of some words that a text has; English ones stand by themselves."""
    said = (word.lower() for word in words)
    return max((len(word) for word in said if _stands_in(word, text)), default=0)


def _stands_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def _overlap(one: Found, other: Found) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]
