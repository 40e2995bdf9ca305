"""What several pieces cost with the offers that hold, shown step by step."""

from kefu.dialogue.presale.query import Presale
from kefu.knowledge.live.goods_answers import Gathered, goods_of
from kefu.shop.goods_text import sum_text, yuan
from kefu.shop.promotion_reader import delivery_of
from kefu.shop.promotions import Goods, Offer, Promotions, Quote, quote, short_of

_AMOUNT = ""  # the SKU of goods of which only the amount is known
_MOST_COUPONS = 3


def sum_of(query: Presale, gathered: Gathered) -> str | None:
    """Work out what is to be paid; of a coupon without a code, what each one would make of it."""
    promotions = gathered.promotions()
    goods = [
        goods_of(article, gathered.price(article), pieces)
        for key, pieces in query.basket
        for article in [gathered.catalogue.articles[key]]
    ]
    if query.amount_cents is not None:
        goods = [Goods(_AMOUNT, "", "", query.amount_cents)]
    coupons = {code: promotions.coupon(code) for code in query.coupons}
    holding = {code: coupon.id for code, coupon in coupons.items() if coupon and coupon.holds(gathered.now)}
    known = list(dict.fromkeys(holding.values()))
    unknown = [code for code in coupons if code not in holding]
    found = _quote(goods, known, query, promotions, gathered)
    names = {key: gathered.name(gathered.catalogue.articles[key]) for key, _ in query.basket}
    lines = [gathered.said("no_such_coupon", code=code) for code in unknown]
    lines += wrong_deal(query, promotions, gathered)
    lines.append(sum_text(found, names, gathered.language, short=short_of(found, promotions, gathered.now)))
    if query.level and any(step.offer.kind == "member" for step in found.steps):
        lines.append(gathered.said(f"if_{query.level}"))
    if query.has_coupon and not query.coupons:
        lines += _with_each_coupon(goods, found, query, promotions, gathered)
    return "\n".join(lines)


def _quote(
    goods: list[Goods], coupons: list[str], query: Presale, promotions: Promotions, gathered: Gathered
) -> Quote:
    delivery = delivery_of(gathered.facts.policy)
    return quote(goods, promotions, now=gathered.now, level=query.level, coupons=coupons, delivery=delivery)


def wrong_deal(query: Presale, promotions: Promotions, gathered: Gathered) -> list[str]:
    """Say that the reduction that the customer believes in does not hold, and what does; nothing where it holds."""
    reductions = [offer for offer in promotions.offers if offer.kind == "full_reduction" and offer.holds(gathered.now)]
    if not query.deal or any(is_deal(offer, query.deal) for offer in reductions):
        return []
    names = gathered.said("and").join(offer.name.in_language(gathered.language) for offer in reductions)
    text = gathered.said("no_such_deal", low=query.deal[0], off=query.deal[1])
    return [text + (gathered.said("but_deals", offers=names) if names else "")]


def is_deal(offer: Offer, deal: tuple[int, int]) -> bool:
    """Say whether an offer takes so many yuan off from so many on."""
    return any((tier.from_cents, tier.off_cents) == (deal[0] * 100, deal[1] * 100) for tier in offer.tiers)


def _with_each_coupon(
    goods: list[Goods], found: Quote, query: Presale, promotions: Promotions, gathered: Gathered
) -> list[str]:
    lines = []
    for offer in promotions.offers:
        if offer.kind == "coupon" and offer.holds(gathered.now):
            with_it = _quote(goods, [offer.id], query, promotions, gathered)
            if with_it.total_cents < found.total_cents:
                name = offer.name.in_language(gathered.language)
                lines.append(gathered.said("with_coupon", offer=name, amount=yuan(with_it.total_cents)))
    return lines[:_MOST_COUPONS]
