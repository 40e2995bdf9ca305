"""Whether offers that a customer names hold, and may be used together."""

from kefu.dialogue.presale.query import Presale
from kefu.knowledge.live.goods_answers import Gathered
from kefu.knowledge.live.sums import is_deal, wrong_deal
from kefu.shop.promotions import OFFER_KINDS, Offer, Promotions


def offers_asked_about(query: Presale, gathered: Gathered) -> str | None:
    """Say which codes and reductions there are not, and of the others whether they go together."""
    promotions = gathered.promotions()
    holding = [offer for offer in promotions.offers if offer.holds(gathered.now)]
    coupons = [offer for code in query.coupons for offer in holding if offer == promotions.coupon(code)]
    known = {offer.id for offer in coupons}
    unknown = [code for code in query.coupons if code not in known]
    lines = [gathered.said("unknown_coupon", code=code) for code in unknown]
    lines += wrong_deal(query, promotions, gathered)
    named = [
        offer for offer in holding if query.deal and offer.kind == "full_reduction" and is_deal(offer, query.deal)
    ]
    named += _members(query, holding) + coupons
    any_coupon = next((offer for offer in holding if offer.kind == "coupon"), None)
    is_any = any_coupon is not None and not coupons and (query.has_coupon or bool(unknown) or len(named) == 1)
    lines += _together(named, any_coupon if is_any else None, promotions, gathered)
    if query.is_to_pay and lines:
        lines.append(gathered.said("tell_goods"))
    return "\n".join(lines) or None


def _members(query: Presale, holding: list[Offer]) -> list[Offer]:
    discounts = [offer for offer in holding if offer.kind == "member" and query.level in (None, offer.level)]
    return discounts[:1] if query.has_member or query.level else []


def _together(named: list[Offer], any_coupon: Offer | None, promotions: Promotions, gathered: Gathered) -> list[str]:
    """Say of offers in the order in which they are taken off whether they may be; ``any_coupon`` stands for each."""
    offers = sorted([*named, *([any_coupon] if any_coupon else [])], key=lambda offer: OFFER_KINDS.index(offer.kind))
    names = [_name(offer, offer is any_coupon, gathered) for offer in offers]
    if len(offers) > 1:
        text = "together" if promotions.allows(offers) else "not_together"
        return [gathered.said(text, offers=gathered.said("with_each_other").join(names))]
    return [
        gathered.said("coupon_holds" if offer.kind == "coupon" else "offer_holds", offer=name)
        for offer, name in zip(offers, names, strict=True)
        if offer is not any_coupon
    ]


def _name(offer: Offer, is_any: bool, gathered: Gathered) -> str:
    if is_any:
        return gathered.said("any_coupon")
    name = gathered.said("member_discount") if offer.kind == "member" else offer.name.in_language(gathered.language)
    return gathered.said("quoted", name=name)
