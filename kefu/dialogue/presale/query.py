"""A question about goods before they are bought, as a typed query; None for every other message.

It is shy: whatever may be about an order, goods that the customer has, or the shop's rules is left to those who know
of them. A pure function over the words and the catalogue's names.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from kefu.dialogue.goods.basket import read_basket, several
from kefu.dialogue.goods.goods_names import Found, GoodsNames, sure_ones
from kefu.dialogue.presale.budgets import Budget, read_budget, worth
from kefu.dialogue.presale.presale_words import (
    ASKS,
    CHEAP,
    COMPARE,
    COMPATIBLE,
    COUPON,
    DEAL,
    HAS,
    MEMBER,
    MOST,
    NOT_PRESALE,
    PRICE,
    RECOMMEND,
    REDUCED,
    SELLS,
    SIZE,
    SIZES,
    SPECIFICATION,
    STOCK,
    SUM,
    TOGETHER,
    VALID,
)
from kefu.dialogue.presale.price_terms import (
    SEVERAL_COUPONS,
    codes,
    codes_in_capitals,
    deal,
    depends_on_offers,
    devices,
    level,
)
from kefu.dialogue.words.colours import colours
from kefu.dialogue.words.figures import has_figure
from kefu.dialogue.words.wording import Span, folded, without, wording
from kefu.shop.catalogue import Attribute
from kefu.shop.orders import Level

Kind = Literal["stock", "price", "sizes", "attribute", "compatible", "compare", "recommend", "sum", "offers"]

_ANY_PRICE = Budget()
_LONGEST = 120  # characters of a question of one thing; who tells a story wants something else
_MOST_ARTICLES = 4
_NAME = "§"  # stands where goods are named
_NEAR_SIZES = 4  # how far from the sizes that there are one may be
_FEW_WORDS = 7  # "battery life of the E110 earbuds"
# What goods are for stands behind this: "a power bank for a phone"; "looking for a phone" is none.
_FOR = re.compile(
    r"(?<!looking)(?<!searching)(?<!shopping)(?<!asking)(?<!recommendation)(?<!recommendations)(?<!suggestion)"
    r"(?<!suggestions)(?<!ideas)(?<!idea)(?<!advice) (?:for|to (?:go|use|charge|match)|compatible|that works?|with) "
)
_ONE = re.compile("一[个件双台把副对套条支本盒瓶只张](?!月|小时)")
_WHOM_ZH = "[妈爸]{1,2}|[老女男]?(?:婆|公|朋友)|女儿|儿子|孩子|对象|长辈|同事"
_WHOM_EN = (
    "mum|mom|mother|dad|father|wife|husband|son|daughter|kids?|child|friend|girlfriend|boyfriend|boss|colleague"
    "|teacher|grandma|grandpa|brother|sister"
)
_FOR_WHOM = re.compile(rf"(?<![a-z])for my (?:{_WHOM_EN})(?![a-z])")
# What may stand around goods and a price, of which both are looked for: "a gift for my mum under 200".
_NOTHING_MORE = re.compile(
    rf"(?:[\W{_NAME}]|想|要|找|买|给|送|个|款|件|一|的|有|什么|点儿?|我|你们?|生日|{_WHOM_ZH}"
    r"|(?<![a-z])(?:i|am|a|an|the|some|any|something|want|need|looking|look|for|my|her|him|them|birthday|nice|good"
    rf"|please|{_WHOM_EN})(?![a-z]))*"
)
_IS_FOR_IT = re.compile(" ?(?:可以|能|来)?(?:使?用|充电|配|搭配|戴|上用)的?")
_MY = re.compile(r"(?:我的|(?<![a-z])(?:my|an?|the) ) *$")


@dataclass(frozen=True)
class Presale:
    """What is asked.

    ``articles``: ids of what it is asked of (several: each may be meant, or all are compared). ``size`` and
    ``colour`` narrow them, ``attribute`` and ``system`` are what is asked about, ``shelf``, ``budget``, ``wishes``
    (attributes) and ``is_cheap`` what is looked for. ``basket`` is (article, pieces) or an ``amount_cents``, bought
    with ``coupons`` (codes; ``has_coupon``: one without a code) at a ``level`` and with a ``deal`` (from, off in
    yuan) that the customer believes in. ``has_member``: a discount of members, whatever their level; ``is_to_pay``: a
    sum is asked for of goods that are not told; ``is_of_several``: the price of more than one that cannot be counted.
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
    has_member: bool = False
    is_to_pay: bool = False
    is_of_several: bool = False


def read_presale(question: str, names: GoodsNames) -> Presale | None:
    """Read a question about goods of the catalogue; None where it is none, or may be something else."""
    text = wording(question).text
    if len(text) > _LONGEST:
        return None
    mentions, systems = names.mentions(text), names.systems(text)
    found = sure_ones(mentions)
    if NOT_PRESALE.within(_rest(text, found, systems)):
        return None
    asked = _Asked(text, mentions, systems, names, question)
    return (
        asked.sum()
        or asked.comparison()
        or asked.recommendation()
        or asked.compatibility()
        or asked.about_attribute()
        or asked.plain()
        or asked.in_size()
        or asked.offers()
    )


def _rest(text: str, found: list[Found], systems: list[Found]) -> str:
    """Take out the names of goods ("破壁机" is not broken) and of the customer's own devices ("my iPhone")."""
    spans: list[Span] = [one.span for one in found]
    for system in systems:
        own = _MY.search(text[: system.span[0]])
        spans.append((own.start() if own else system.span[0], system.span[1]))
    spans += [match.span() for match in _FOR_WHOM.finditer(text)]
    return without(text, spans, " ")


class _Asked:
    """One question, read for one kind after the other."""

    def __init__(self, text: str, mentions: list[Found], systems: list[Found], names: GoodsNames, source: str) -> None:
        self._text, self._source = text, source
        self._mentions = mentions
        self._found = found = sure_ones(mentions)
        self._systems = [system for system in systems if not any(_overlap(system, one) for one in found)]
        self._names = names
        keys = [key for one in found for key in sorted(one.keys)]
        self._articles = tuple(dict.fromkeys(keys))

    def sum(self) -> Presale | None:
        """Several pieces, or an amount, and what is to be paid."""
        said = codes(self._text, self._names)
        basket, amount = self._basket(said)
        takes_off = bool(said) or depends_on_offers(self._text)
        is_sum = SUM.within(self._text) or (
            PRICE.within(self._text) and (takes_off or any(pieces > 1 for pieces in basket.values()))
        )
        if not is_sum or (not basket and amount is None) or REDUCED.search(self._text):
            return None
        return Presale(
            "sum",
            tuple(basket),
            basket=tuple(basket.items()),
            amount_cents=amount,
            coupons=tuple(code.upper() for code, _ in said),
            has_coupon=COUPON.within(self._text),
            level=level(self._text),
            deal=deal(self._text),
        )

    def offers(self) -> Presale | None:
        """Whether offers that are named hold, and go together; or a sum with them, of goods that are not told."""
        said = [code for code, _ in codes(self._text, self._names)]
        said += [] if self._mentions else codes_in_capitals(self._source, self._names)
        named = deal(self._text)
        asks = TOGETHER.within(self._text) or (bool(said) and VALID.within(self._text))
        is_to_pay = bool(said) and not asks and (SUM.within(self._text) or PRICE.within(self._text))
        if not (said or named) or not (asks or is_to_pay):
            return None
        return Presale(
            "offers",
            coupons=tuple(dict.fromkeys(code.upper() for code in said)),
            has_coupon=COUPON.within(self._text),
            level=level(self._text),
            deal=named,
            has_member=MEMBER.within(self._text),
            is_to_pay=is_to_pay,
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
        shelves, shelf = self._names.kinds(self._text), self._shelf()
        named = [one for one in self._found if len(one.keys) == 1 and not any(_overlap(kind, one) for kind in shelves)]
        if shelf is None or named:
            return None
        limits, rest = read_budget(without(self._text, [one.span for one in (*self._mentions, *shelves)], _NAME))
        if has_figure(_ONE.sub(" ", rest)):
            return None
        wishes = self._wishes()
        is_cheap = CHEAP.within(self._text)
        asks = RECOMMEND.within(self._text) and (limits or wishes or is_cheap or "推荐" in self._text)
        asks = asks or "recommend" in self._text or "suggest" in self._text or SELLS.within(self._text)
        asks = asks or (MOST.within(self._text) and (wishes or is_cheap))
        if not asks and not (limits and (STOCK.within(self._text) or wishes or _NOTHING_MORE.fullmatch(rest))):
            return None
        return Presale("recommend", shelf=shelf, budget=limits or _ANY_PRICE, wishes=wishes, is_cheap=is_cheap)

    def _shelf(self) -> str | None:
        """The one shelf that something is looked for on, not that of what it is for; None where that is not sure."""
        kinds = self._names.kinds(self._text)
        if use := _FOR.search(self._text):
            kinds = [kind for kind in kinds if kind.span[1] <= use.start()]
        kinds = [kind for kind in kinds if not _IS_FOR_IT.match(self._text[kind.span[1] :])]
        # "手机充电器" and "phone charger" end with what they are.
        modifiers = [kind for kind, head in pairwise(kinds) if not self._text[kind.span[1] : head.span[0]].strip()]
        heads = [kind for kind in kinds if kind not in modifiers]
        keys = {key for kind in heads for key in kind.keys}
        return keys.pop() if len(keys) == 1 and self._all_work(*keys) else None

    def _all_work(self, shelf: str) -> bool:
        """Say whether all on a shelf work with the systems that are named: what is recommended must."""
        on_shelf = (article for article in self._names.catalogue.articles.values() if article.is_on(shelf))
        return all(not system.keys.isdisjoint(one.works_with) for one in on_shelf for system in self._systems)

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
        size, named = self._size(), self._colours()
        if SIZES.within(self._text):
            return Presale("sizes", self._articles)
        if not self._comes_in(named):
            return None
        colour = named[0] if named else None
        query = Presale("stock", self._articles, size, colour)
        if PRICE.within(self._text):
            return (
                None
                if codes(self._text, self._names) or depends_on_offers(self._text)
                else replace(query, kind="price", is_of_several=self._is_of_several())
            )
        if STOCK.within(self._text) or ((size or colour) and HAS.within(self._text)):
            return query
        return None

    def in_size(self) -> Presale | None:
        """A size, of whatever there is on a shelf: "鞋子有42码吗"."""
        shelf, size = self._shelf(), SIZE.search(self._text)
        if self._articles or shelf is None or size is None or not (STOCK.within(self._text) or HAS.within(self._text)):
            return None
        on_shelf = [article for article in self._names.catalogue.articles.values() if article.is_on(shelf)]
        articles = tuple(article.id for article in on_shelf if article.sizes)
        return Presale("stock", articles, self._size()) if 1 <= len(articles) <= _MOST_ARTICLES else None

    def _is_of_several(self) -> bool:
        names = [one.span for one in (*self._mentions, *self._systems)]
        text = without(self._text, [*names, *sizes_and_colours(self._text, names)], " ")
        return several(SPECIFICATION.sub(" ", text))

    def _is_told(self) -> bool:
        return 1 <= len(self._articles) <= _MOST_ARTICLES

    def _attribute(self) -> Attribute | None:
        named = [one.span for one in self._found]
        rest = without(self._text, [*named, *PRICE.spans(self._text)], " ")  # "套装多少钱" asks for no volume
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
        return said.group() if said and _is_size(said.group(), sizes) else None

    def _colours(self) -> list[str]:
        articles = (self._names.catalogue.articles[key] for key in self._articles)
        known = (variant.colour for article in articles for variant in article.variants if variant.colour)
        return sorted(set(colours(self._text, [one.span for one in self._mentions], known).values()))

    def _comes_in(self, named: list[str]) -> bool:
        """Say whether the catalogue can tell of a look: of one colour, of articles that come in colours at all.

        Where an article says its only colour or what it holds in its name, that may be asked for.
        """
        rest = without(self._text, [one.span for one in self._mentions], " ")
        wanted = [_compact(spec.group()) for spec in SPECIFICATION.finditer(rest)]
        for key in self._articles:
            article = self._names.catalogue.articles[key]
            name = _compact(folded(f"{article.name.zh} {article.name.en}"))
            if not all(re.search(rf"(?<![0-9.]){re.escape(spec)}", name) for spec in wanted):
                return False
            if not any(variant.colour for variant in article.variants) and not all(colour in name for colour in named):
                return False
        return len(named) <= 1

    def _basket(self, said: list[tuple[str, Span]]) -> tuple[dict[str, int], int | None]:
        """Pieces by article, or what is bought for in cents; neither where any number is left that says more."""
        spans = [span for _, span in said] + [one.span for one in self._systems] + devices(self._text, self._names)
        spans += [match.span() for pattern in (DEAL, SEVERAL_COUPONS) for match in pattern.finditer(self._text)]
        spans += PRICE.spans(self._text)
        text = without(self._text, spans, " ")
        if self._mentions:
            text = without(text, sizes_and_colours(text, [one.span for one in self._mentions]), " ")
            return read_basket(text, self._mentions, self._names.kinds(self._text), self._names), None
        amount, rest = worth(text)
        return {}, None if has_figure(rest) else amount


def _is_size(said: str, sizes: set[str]) -> bool:
    """Say whether a number is a size, though maybe none that there is, of what comes in such sizes."""
    known = [int(size) for size in sizes if size.isdigit()]
    return bool(known) and min(known) - _NEAR_SIZES <= int(said) <= max(known) + _NEAR_SIZES


def sizes_and_colours(text: str, names: list[Span]) -> list[Span]:
    """Find where a folded text names sizes and colours outside of names."""
    sizes = [match.span() for match in SIZE.finditer(text)]
    outside = [span for span in sizes if not any(span[0] < name[1] and name[0] < span[1] for name in names)]
    return [*outside, *colours(text, names)]


def _compact(text: str) -> str:
    return text.replace(" ", "").replace(",", "")


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
