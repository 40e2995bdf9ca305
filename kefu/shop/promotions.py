"""What goods cost in the end: the cheapest combination of offers that is allowed. Pure functions; money is in cents.

An offer is taken off what the offers before it have left, of the goods that take part in it alone; what it takes off
is shared over these in proportion, to the cent, so that the next offer knows what is left of each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from kefu.errors import DataError
from kefu.shop.amounts import split
from kefu.shop.orders import Bilingual, Level

OfferKind = Literal["percentage", "full_reduction", "member", "coupon"]
# Also the order in which offers are taken off.
OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)
# Every combination of so many is tried out, which takes milliseconds.
MOST_OFFERS = 12


@dataclass(frozen=True)
class Goods:
    """So many pieces of one article, each at a price."""

    sku: str
    kind: str
    category: str
    price_cents: int
    quantity: int = 1

    @property
    def cents(self) -> int:
        """What they cost before any offer."""
        return self.price_cents * self.quantity


@dataclass(frozen=True)
class Tier:
    """From this amount on so much is taken off."""

    from_cents: int
    off_cents: int


@dataclass(frozen=True)
class Offer:
    """What takes something off, by ``percent`` (at most ``most_cents``) or by ``tiers`` (``every``: once for each full
    ``from_cents`` of the highest one reached).

    ``kinds``, ``categories`` and ``articles`` say what takes part (none named: everything), ``excluded`` names
    categories that never do. It holds from ``valid_from`` until before ``valid_to``.
    """

    id: str
    kind: OfferKind
    name: Bilingual
    percent: Decimal | None = None
    most_cents: int | None = None
    tiers: tuple[Tier, ...] = ()
    every: bool = False
    level: Level | None = None
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Say whether it can be used at a moment."""
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_to is None or now < self.valid_to)

    def takes(self, goods: Goods) -> bool:
        """Say whether goods take part."""
        is_meant = not (self.kinds or self.categories or self.articles) or (
            goods.kind in self.kinds or goods.category in self.categories or goods.sku in self.articles
        )
        return is_meant and goods.category not in self.excluded

    def off(self, cents: int) -> int:
        """Say what comes off an amount, never more than it."""
        if self.percent is not None:
            off = int((cents * self.percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
        else:
            tier = max((tier for tier in self.tiers if tier.from_cents <= cents), key=_from, default=None)
            times = cents // tier.from_cents if tier and self.every else 1
            off = tier.off_cents * times if tier else 0
        return max(0, min(cents, off if self.most_cents is None else min(off, self.most_cents)))


@dataclass(frozen=True)
class Delivery:
    """What delivery costs, and from which amount paid for the goods on it is free."""

    fee_cents: int
    free_from_cents: int


@dataclass(frozen=True)
class Promotions:
    """All offers, in the order of the file, and the groups (of ids and kinds) of which at most one may be used."""

    offers: tuple[Offer, ...]
    at_most_one: tuple[frozenset[str], ...] = ()

    def allows(self, offers: Iterable[Offer]) -> bool:
        """Say whether offers may be used together."""
        used = list(offers)
        return all(sum(offer.id in group or offer.kind in group for offer in used) <= 1 for group in self.at_most_one)

    def coupon(self, code: str) -> Offer | None:
        """Give the coupon of a code, in whatever letters it is written."""
        found = (offer for offer in self.offers if offer.kind == "coupon" and offer.id.lower() == code.lower())
        return next(found, None)


@dataclass(frozen=True)
class Step:
    """What one offer took off what was left of the goods that take part in it."""

    offer: Offer
    base_cents: int
    off_cents: int


@dataclass(frozen=True)
class Quote:
    """What goods cost: their prices, less each step, and the delivery."""

    goods: tuple[Goods, ...]
    steps: tuple[Step, ...]
    delivery_cents: int | None  # None: not known, and no part of the total

    @property
    def goods_cents(self) -> int:
        """What the goods cost before any offer."""
        return sum(goods.cents for goods in self.goods)

    @property
    def total_cents(self) -> int:
        """What is paid, delivery and all, as far as that is known."""
        return self.goods_cents - sum(step.off_cents for step in self.steps) + (self.delivery_cents or 0)


def quote(
    goods: Iterable[Goods],
    promotions: Promotions,
    *,
    now: datetime,
    level: Level | None = None,
    coupons: Sequence[str] = (),
    delivery: Delivery | None = None,
) -> Quote:
    """Work out the cheapest way to buy goods with the offers that hold; of equals the one with the fewest offers.

    :param coupons: codes of the coupons that the customer has.
    :param delivery: None: it is not part of the sum.
    :raises DataError: if more offers apply at once than can be tried out.
    """
    lines = _merged(goods)
    usable = [offer for offer in promotions.offers if _applies(offer, lines, now, level, coupons)]
    if len(usable) > MOST_OFFERS:
        raise DataError(f"{len(usable)} offers apply at once; at most {MOST_OFFERS} can be tried out.")
    usable.sort(key=_turn)
    quotes = (_with(lines, offers, delivery) for offers in _allowed(usable, promotions))
    return min(quotes, key=lambda found: (found.total_cents, len(found.steps)))


def short_of(found: Quote, promotions: Promotions, now: datetime) -> tuple[Offer, int] | None:
    """Give the reduction that needs the least more to be reached, and how many cents that is; None if none is near.

    What counts is what the offers that are taken off before it have left, and that it may be used beside all others.
    """
    used = [step.offer for step in found.steps]
    order = sorted(promotions.offers, key=_turn)
    missing = []
    for offer in promotions.offers:
        if offer.kind != "full_reduction" or not offer.tiers or not offer.holds(now) or offer in used:
            continue
        left, _ = _taken_off(found.goods, [one for one in used if order.index(one) < order.index(offer)])
        part = [cents for line, cents in left.items() if offer.takes(line)]
        if part and promotions.allows((*used, offer)):
            missing.append((offer, min(tier.from_cents for tier in offer.tiers) - sum(part)))
    return min((one for one in missing if one[1] > 0), key=lambda one: one[1], default=None)


def _turn(offer: Offer) -> int:
    return OFFER_KINDS.index(offer.kind)


def _from(tier: Tier) -> int:
    return tier.from_cents


def _merged(goods: Iterable[Goods]) -> tuple[Goods, ...]:
    """Put the pieces of each article together, in an order of their own: cents are shared alike in any order."""
    pieces: dict[tuple[str, str, str, int], int] = {}
    for line in goods:
        if line.price_cents < 0 or line.quantity < 0:
            raise DataError(f"{line.sku}: neither price nor quantity may be below 0.")
        key = (line.sku, line.kind, line.category, line.price_cents)
        pieces[key] = pieces.get(key, 0) + line.quantity
    return tuple(Goods(*key, quantity) for key, quantity in sorted(pieces.items()) if quantity)


def _applies(offer: Offer, lines: Sequence[Goods], now: datetime, level: Level | None, coupons: Sequence[str]) -> bool:
    if offer.kind == "coupon" and offer.id.lower() not in {code.lower() for code in coupons}:
        return False
    is_for_him = offer.level is None or offer.level == level
    return is_for_him and offer.holds(now) and any(offer.takes(line) for line in lines)


def _allowed(offers: Sequence[Offer], promotions: Promotions) -> Iterator[tuple[Offer, ...]]:
    """Give every allowed combination, each in the order of its offers."""
    if not offers:
        yield ()
        return
    for rest in _allowed(offers[1:], promotions):
        yield rest
        if promotions.allows((offers[0], *rest)):
            yield (offers[0], *rest)


def _with(lines: tuple[Goods, ...], offers: Iterable[Offer], delivery: Delivery | None) -> Quote:
    left, steps = _taken_off(lines, offers)
    return Quote(lines, tuple(steps), _fee(left, delivery))


def _taken_off(lines: tuple[Goods, ...], offers: Iterable[Offer]) -> tuple[dict[Goods, int], list[Step]]:
    """Take offers off one after the other; give what is left of each line in cents, and the steps."""
    left: dict[Goods, int] = {line: line.cents for line in lines}
    steps = []
    for offer in offers:
        part = [line for line in lines if offer.takes(line)]
        base = sum(left[line] for line in part)
        if off := offer.off(base):
            steps.append(Step(offer, base, off))
            for line, share in zip(part, split(off, [left[line] for line in part]), strict=True):
                left[line] -= share
    return left, steps


def _fee(left: Mapping[Goods, int], delivery: Delivery | None) -> int | None:
    if delivery is None:
        return None
    return delivery.fee_cents if left and sum(left.values()) < delivery.free_from_cents else 0
