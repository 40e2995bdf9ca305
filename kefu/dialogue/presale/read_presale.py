"""A question about goods before they are bought, read; None for every other message.

It is shy: whatever may be about an order, goods that the customer has, or the shop's rules is left to those who know
of them. A pure function over the words and the catalogue's names.
"""

import re
from dataclasses import replace

from kefu.dialogue.goods.goods_names import Found, GoodsNames
from kefu.dialogue.presale.asked import MOST_ARTICLES, Asked, overlap
from kefu.dialogue.presale.budgets import Budget, read_budget
from kefu.dialogue.presale.gifts import WHOM_EN, WHOM_ZH, read_gift
from kefu.dialogue.presale.goods_sold import read_sold
from kefu.dialogue.presale.presale_words import (
    ASKS,
    CHEAP,
    COMPARE,
    COMPATIBLE,
    COUPON,
    HAS,
    MEMBER,
    MOST,
    NOT_PRESALE,
    OTHERS,
    PRICE,
    RECOMMEND,
    REDUCED,
    SELLS,
    SIZE,
    SIZES,
    STOCK,
    SUM,
    TOGETHER,
    VALID,
)
from kefu.dialogue.presale.price_terms import (
    codes,
    codes_in_capitals,
    deal,
    depends_on_offers,
    level,
)
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.words.figures import has_figure
from kefu.dialogue.words.wording import Span, without, wording

_ANY_PRICE = Budget()
_LONGEST = 120  # characters of a question of one thing; who tells a story wants something else
_NAME = "§"  # stands where goods are named
_FEW_WORDS = 7  # "battery life of the E110 earbuds"
_ONE = re.compile("一[个件双台把副对套条支本盒瓶只张](?!月|小时)")
# Neither his own goods nor an order: "for my mum", "send me something".
_FOR_WHOM = re.compile(
    r"(?<![a-z])(?:(?:for|get|give|buy) my (?:[0-9]+ |[0-9]+-year-old |years? |yrs? |old |little |elderly |best )*"
    rf"(?:{WHOM_EN})(?: who (?:is|likes?|loves?|enjoys?|plays?|has))?"
    r"|(?:send|get|show) (?:me|us)(?= something| anything))(?![a-z])"
)
# What may stand around goods and a price, of which both are looked for: "a gift for my mum under 200".
_NOTHING_MORE = re.compile(
    rf"(?:[\W{_NAME}]|想|要|找|买|给|送|个|款|件|一|的|有|什么|点儿?|我|你们?|生日|{WHOM_ZH}"
    r"|(?<![a-z])(?:i|am|a|an|the|some|any|something|want|need|looking|look|for|my|her|him|them|birthday|nice|good"
    rf"|please|{WHOM_EN})(?![a-z]))*"
)
_MY = re.compile(r"(?:我的|(?<![a-z])(?:my|an?|the) ) *$")


def may_be_presale(text: str, names: GoodsNames) -> bool:
    """Say whether nothing in a folded text makes it a matter of an order, of goods that he has or of the shop."""
    return not NOT_PRESALE.within(_rest(text, names.articles(text), names.systems(text)))


def read_presale(question: str, names: GoodsNames) -> Presale | None:
    """Read a question about goods of the catalogue; None where it is none, or may be something else."""
    text = wording(question).text
    if len(text) > _LONGEST:
        return None
    mentions, systems = names.mentions(text), names.systems(text)
    if not may_be_presale(text, names):
        return None
    asked = Asked(text, mentions, systems, names, question)
    return (
        _sum(asked)
        or _comparison(asked)
        or _recommendation(asked)
        or _compatibility(asked)
        or read_sold(asked)
        or _about_attribute(asked)
        or _plain(asked)
        or _in_size(asked)
        or _offers(asked)
        or read_gift(asked)
    )


def _rest(text: str, found: list[Found], systems: list[Found]) -> str:
    """Take out the names of goods ("破壁机" is not broken) and of the customer's own devices ("my iPhone")."""
    spans: list[Span] = [one.span for one in found]
    for system in systems:
        own = _MY.search(text[: system.span[0]])
        spans.append((own.start() if own else system.span[0], system.span[1]))
    spans += [match.span() for match in _FOR_WHOM.finditer(text)]
    return without(text, spans, " ")


def _sum(asked: Asked) -> Presale | None:
    """Several pieces, or an amount, and what is to be paid."""
    said = codes(asked.text, asked.names)
    basket, amount = asked.basket(said)
    takes_off = bool(said) or depends_on_offers(asked.text)
    is_sum = SUM.within(asked.text) or (
        PRICE.within(asked.text) and (takes_off or any(pieces > 1 for pieces in basket.values()))
    )
    if not is_sum or (not basket and amount is None) or REDUCED.search(asked.text):
        return None
    return Presale(
        "sum",
        tuple(basket),
        basket=tuple(basket.items()),
        amount_cents=amount,
        coupons=tuple(code.upper() for code, _ in said),
        has_coupon=COUPON.within(asked.text),
        level=level(asked.text),
        deal=deal(asked.text),
    )


def _comparison(asked: Asked) -> Presale | None:
    """Two or more articles, and which is what."""
    told = [one for one in asked.found if len(one.keys) == 1]
    articles = tuple(dict.fromkeys(key for one in told for key in one.keys))
    if len(articles) == 1 and OTHERS.within(asked.text):
        kind = asked.names.catalogue.articles[articles[0]].kind
        rest = (key for key, each in asked.names.catalogue.articles.items() if each.kind == kind)
        articles = tuple(dict.fromkeys((*articles, *rest)))
    if not 2 <= len(articles) <= MOST_ARTICLES or not COMPARE.within(asked.text):
        return None
    attribute = asked.attribute()
    return Presale("compare", articles, attribute=attribute.key if attribute else None)


def _recommendation(asked: Asked) -> Presale | None:
    """A shelf, and what is looked for on it."""
    shelves, shelf = asked.names.kinds(asked.text), asked.shelf()
    named = [one for one in asked.found if len(one.keys) == 1 and not any(overlap(kind, one) for kind in shelves)]
    if shelf is None or named:
        return None
    limits, rest = read_budget(without(asked.text, [one.span for one in (*asked.mentions, *shelves)], _NAME))
    if has_figure(_ONE.sub(" ", rest)):
        return None
    wishes = asked.wishes()
    is_cheap = CHEAP.within(asked.text)
    asks = RECOMMEND.within(asked.text) and (limits or wishes or is_cheap or "推荐" in asked.text)
    asks = asks or "recommend" in asked.text or "suggest" in asked.text or SELLS.within(asked.text)
    asks = asks or (MOST.within(asked.text) and (wishes or is_cheap))
    if not asks and not (limits and (STOCK.within(asked.text) or wishes or _NOTHING_MORE.fullmatch(rest))):
        return None
    return Presale("recommend", shelf=shelf, budget=limits or _ANY_PRICE, wishes=wishes, is_cheap=is_cheap)


def _compatibility(asked: Asked) -> Presale | None:
    """An article, and a device or system."""
    if not asked.systems or not asked.is_told() or not COMPATIBLE.within(asked.text):
        return None
    return Presale("compatible", asked.articles, system=min(asked.systems[0].keys))


def _about_attribute(asked: Asked) -> Presale | None:
    """An article, and something that can be said of it."""
    attribute = asked.attribute()
    asks = ASKS.within(asked.text) or "?" in asked.text or len(asked.text.split()) <= _FEW_WORDS < len(asked.text)
    return (
        Presale("attribute", asked.articles, attribute=attribute.key)
        if attribute and asks and asked.is_told()
        else None
    )


def _plain(asked: Asked) -> Presale | None:
    """Sizes, stock or price of an article."""
    if not asked.is_told():
        return None
    size, named = asked.size(), asked.colours()
    if SIZES.within(asked.text):
        return Presale("sizes", asked.articles)
    if not asked.comes_in(named):
        return None
    colour = named[0] if named else None
    query = Presale("stock", asked.articles, size, colour)
    if PRICE.within(asked.text):
        return (
            None
            if codes(asked.text, asked.names) or depends_on_offers(asked.text)
            else replace(query, kind="price", is_of_several=asked.is_of_several())
        )
    if STOCK.within(asked.text) or ((size or colour) and HAS.within(asked.text)):
        return query
    return None


def _in_size(asked: Asked) -> Presale | None:
    """A size, of whatever there is on a shelf: "鞋子有42码吗"."""
    shelf, size = asked.shelf(), SIZE.search(asked.text)
    if asked.articles or shelf is None or size is None or not (STOCK.within(asked.text) or HAS.within(asked.text)):
        return None
    on_shelf = [article for article in asked.names.catalogue.articles.values() if article.is_on(shelf)]
    articles = tuple(article.id for article in on_shelf if article.sizes)
    return Presale("stock", articles, asked.size()) if 1 <= len(articles) <= MOST_ARTICLES else None


def _offers(asked: Asked) -> Presale | None:
    """Whether offers that are named hold, and go together; or a sum with them, of goods that are not told."""
    said = [code for code, _ in codes(asked.text, asked.names)]
    said += [] if asked.mentions else codes_in_capitals(asked.source, asked.names)
    named = deal(asked.text)
    asks = TOGETHER.within(asked.text) or (bool(said) and VALID.within(asked.text))
    is_to_pay = bool(said) and not asks and (SUM.within(asked.text) or PRICE.within(asked.text))
    if not (said or named) or not (asks or is_to_pay):
        return None
    return Presale(
        "offers",
        coupons=tuple(dict.fromkeys(code.upper() for code in said)),
        has_coupon=COUPON.within(asked.text),
        level=level(asked.text),
        deal=named,
        has_member=MEMBER.within(asked.text),
        is_to_pay=is_to_pay,
    )
