"""What goods cost with offers: worked examples, a search through all combinations, and what always holds."""

from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import DataError
from kefu.shop.goods_text import sum_text, yuan
from kefu.shop.orders import Bilingual
from kefu.shop.policy import load_policy
from kefu.shop.promotion_reader import delivery_of, load_promotions, read_promotions
from kefu.shop.promotions import OFFER_KINDS, Delivery, Goods, Offer, Promotions, Tier, quote, short_of

SHOP = Path(__file__).parents[2] / "data" / "shop"
NOW = datetime(2026, 11, 20, 4, tzinfo=timezone.utc)
POLICY = load_policy(SHOP / "policy.yml")
DEMO = load_promotions(SHOP / "promotions.yml", POLICY)
MUGS = Goods("HM-CP-6", "cup", "household", 12900)
CARD = Goods("HM-GC-200", "gift", "gift_card", 20000)
NAME = Bilingual("优惠", "offer")


def offs(found):
    return [(step.offer.id, step.off_cents) for step in found.steps]


def test_everything_that_may_be_combined_is():
    found = quote([Goods("HM-CP-6", "cup", "household", 12900, 3)], DEMO, now=NOW, level="gold", coupons=["refer20"])
    assert offs(found) == [("full_reduction", 4000), ("gold", 694), ("REFER20", 2000)]
    assert (found.goods_cents, found.total_cents) == (38700, 32006)


def test_of_two_coupons_the_better_one_is_used():
    found = quote([MUGS], DEMO, now=NOW, coupons=["LATE10", "REFER20", "NONE"])
    assert offs(found) == [("REFER20", 2000)]


def test_gift_cards_take_part_in_nothing():
    assert offs(quote([Goods("HM-GC-200", "gift", "gift_card", 20000, 3)], DEMO, now=NOW, coupons=["REFER20"])) == []
    found = quote([CARD, MUGS, MUGS], DEMO, now=NOW)
    assert offs(found) == [] and short_of(found, DEMO, NOW) == (DEMO.offers[1], 4200)


def test_an_offer_holds_in_its_days_only():
    blender = [Goods("HM-BL-2", "kitchen", "appliance", 59900)]
    first = datetime(2026, 11, 15, tzinfo=POLICY.timezone)
    over = datetime(2027, 3, 1, tzinfo=POLICY.timezone)
    assert [offs(quote(blender, DEMO, now=moment))[0][0] for moment in (first, over - timedelta(seconds=1))] == [
        "kitchen"
    ] * 2
    for moment in (first - timedelta(seconds=1), over):
        assert offs(quote(blender, DEMO, now=moment)) == [("full_reduction", 4000)]


def test_delivery_is_free_from_what_is_paid_for_the_goods():
    delivery = Delivery(800, 9900)
    assert quote([Goods("A", "k", "c", 9900)], Promotions(()), now=NOW, delivery=delivery).delivery_cents == 0
    assert quote([Goods("A", "k", "c", 9899)], Promotions(()), now=NOW, delivery=delivery).total_cents == 10699
    # A coupon of 1 yuan that costs the free delivery is no gain, and is not used.
    coupon = Offer("C", "coupon", NAME, tiers=(Tier(1, 100),))
    found = quote([Goods("A", "k", "c", 9900)], Promotions((coupon,)), now=NOW, coupons=["C"], delivery=delivery)
    assert (found.steps, found.total_cents) == ((), 9900)


def test_a_reduction_per_full_amount_and_a_cap():
    every = Offer("E", "full_reduction", NAME, tiers=(Tier(10000, 1000),), every=True)
    capped = Offer("P", "percentage", NAME, percent=Decimal(20), most_cents=3000)
    assert [every.off(cents) for cents in (9999, 10000, 29999, 30000)] == [0, 1000, 2000, 3000]
    assert [capped.off(cents) for cents in (10000, 15000, 20000)] == [2000, 3000, 3000]
    steps = Offer("T", "full_reduction", NAME, tiers=(Tier(10000, 1000), Tier(20000, 3000)))
    assert [steps.off(cents) for cents in (9999, 19999, 20000)] == [0, 1000, 3000]


def test_half_a_cent_is_rounded_up():
    assert [Offer("P", "percentage", NAME, percent=Decimal("2.5")).off(cents) for cents in (20, 19, 60)] == [1, 0, 2]


def test_the_sum_is_shown_step_by_step():
    found = quote([MUGS, MUGS, MUGS], DEMO, now=NOW, coupons=["REFER20"], delivery=delivery_of(POLICY))
    assert sum_text(found, {"HM-CP-6": "陶瓷马克杯"}, "zh").split("\n") == [
        "陶瓷马克杯 × 3：387 元",
        "满 300 减 40（按 387 元算）：-40 元",
        "邀请好友券 20 元（按 347 元算）：-20 元",
        "运费：0 元（包邮）",
        "应付：327 元",
    ]
    cheap = quote([Goods("X", "k", "c", 1990)], DEMO, now=NOW, delivery=delivery_of(POLICY))
    assert sum_text(cheap, {}, "en", short=short_of(cheap, DEMO, NOW)).split("\n") == [
        "goods: 19.90 yuan",
        "delivery: 8 yuan",
        "to pay: 27.90 yuan",
        "Another 280.10 yuan and you get “40 yuan off from 300 yuan”.",
    ]
    assert yuan(5) == "0.05"


def test_of_delivery_that_the_policy_does_not_speak_of_nothing_is_said():
    found = quote([MUGS], DEMO, now=NOW)
    assert (found.delivery_cents, found.total_cents) == (None, 12900)
    assert sum_text(found, {}, "zh").split("\n") == ["商品：129 元", "应付：129 元（不含运费）"]


def test_what_is_missing_counts_from_what_offers_before_have_left():
    kettle = Goods("HM-KT-17", "kettle", "appliance", 31000)
    tenth = Offer("P", "percentage", NAME, percent=Decimal(10))
    from_300 = Offer("F", "full_reduction", NAME, tiers=(Tier(30000, 1000),))
    both = Promotions((tenth, from_300))
    assert short_of(quote([kettle], both, now=NOW), both, NOW) == (from_300, 2100)


def test_what_may_not_be_used_as_well_is_not_held_out():
    tenth = Offer("P", "percentage", NAME, percent=Decimal(10))
    from_300 = Offer("F", "full_reduction", NAME, tiers=(Tier(30000, 1000),))
    either = Promotions((tenth, from_300), (frozenset({"percentage", "full_reduction"}),))
    assert short_of(quote([MUGS], either, now=NOW), either, NOW) is None


# What always holds -------------------------------------------------------------------------------------------------

KINDS, CATEGORIES = ("cup", "fan"), ("goods", "gift_card")
goods_lists = st.lists(
    st.builds(
        Goods, st.sampled_from("ABCD"), st.sampled_from(KINDS), st.sampled_from(CATEGORIES), st.integers(0, 50000),
        st.integers(1, 3),
    ),
    max_size=4,
)  # fmt: skip
tiers = st.lists(st.builds(Tier, st.integers(1, 60000), st.integers(1, 70000)), min_size=1, max_size=3).map(tuple)


@st.composite
def offers(draw, id_):
    by_percent = draw(st.booleans())
    return Offer(
        id_,
        draw(st.sampled_from(OFFER_KINDS)),
        NAME,
        percent=draw(st.decimals(0, 100, places=1)) if by_percent else None,
        most_cents=draw(st.none() | st.integers(0, 9000)),
        tiers=() if by_percent else draw(tiers),
        every=draw(st.booleans()),
        kinds=draw(st.sampled_from([(), ("cup",)])),
        excluded=draw(st.sampled_from([(), ("gift_card",)])),
    )


promotions = st.builds(
    Promotions,
    st.integers(0, 5).flatmap(lambda count: st.tuples(*(offers(f"O{number}") for number in range(count)))),
    st.sampled_from([(), tuple(frozenset({kind}) for kind in OFFER_KINDS), (frozenset({"coupon", "member"}),)]),
)
ALL_CODES = [f"O{number}" for number in range(5)]
PROPERTIES = settings(max_examples=150, deadline=None)


def total_by_hand(goods, used, delivery):
    """The same sum worked out otherwise: cent by cent shares of a whole dictionary of pieces."""
    left = {}
    for line in goods:
        key = (line.sku, line.kind, line.category, line.price_cents)
        left[key] = left.get(key, 0) + line.cents
    for offer in sorted(used, key=lambda offer: OFFER_KINDS.index(offer.kind)):
        part = [
            key for key in sorted(left) if (not offer.kinds or key[1] in offer.kinds) and key[2] not in offer.excluded
        ]
        base = sum(left[key] for key in part)
        if offer.percent is not None:
            off = int((base * offer.percent / 100).to_integral_value(ROUND_HALF_UP))
        else:
            reached = [tier for tier in offer.tiers if tier.from_cents <= base]
            best = max(reached, key=lambda tier: tier.from_cents, default=None)
            off = 0 if best is None else best.off_cents * (base // best.from_cents if offer.every else 1)
        off = min(off, base, off if offer.most_cents is None else offer.most_cents)
        rest, weights = off, base
        for key in part:
            share = (2 * rest * left[key] + weights) // (2 * weights) if weights else 0
            rest, weights, left[key] = rest - share, weights - left[key], left[key] - share
    paid = sum(left.values())
    return paid + (delivery.fee_cents if left and paid < delivery.free_from_cents else 0)


@PROPERTIES
@given(goods_lists, promotions)
def test_the_best_allowed_combination_is_really_the_best(goods, offered):
    delivery = Delivery(800, 9900)
    every = chain.from_iterable(combinations(offered.offers, size) for size in range(len(offered.offers) + 1))
    allowed = [
        used
        for used in every
        if all(sum(offer.id in group or offer.kind in group for offer in used) <= 1 for group in offered.at_most_one)
    ]
    cheapest = min(total_by_hand(goods, used, delivery) for used in allowed)
    assert quote(goods, offered, now=NOW, coupons=ALL_CODES, delivery=delivery).total_cents == cheapest


@PROPERTIES
@given(goods_lists, promotions, st.randoms(use_true_random=False))
def test_never_below_zero_and_the_order_of_lines_does_not_matter(goods, offered, random):
    found = quote(goods, offered, now=NOW, coupons=ALL_CODES)
    assert 0 <= found.total_cents <= found.goods_cents
    assert all(0 < step.off_cents <= step.base_cents for step in found.steps)
    assert all(isinstance(step.off_cents, int) for step in found.steps)
    assert offered.allows(step.offer for step in found.steps)
    shuffled = random.sample(goods, len(goods))
    assert quote(shuffled, offered, now=NOW, coupons=ALL_CODES) == found


@PROPERTIES
@given(goods_lists, promotions)
def test_a_coupon_more_never_costs_more(goods, offered):
    with_all = quote(goods, offered, now=NOW, coupons=ALL_CODES).total_cents
    assert with_all <= quote(goods, offered, now=NOW).total_cents


# What is refused ---------------------------------------------------------------------------------------------------


def test_negative_goods_and_too_many_offers_are_refused():
    with pytest.raises(DataError, match="neither price nor quantity"):
        quote([Goods("A", "k", "c", 1, -1)], DEMO, now=NOW)
    many = Promotions(tuple(Offer(f"O{number}", "member", NAME, percent=Decimal(1)) for number in range(13)))
    with pytest.raises(DataError, match="13 offers apply at once; at most 12"):
        quote([MUGS], many, now=NOW)


OFFER = {"kind": "coupon", "zh": "券", "en": "coupon", "percent": 10}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"percent": 101}, "O.percent` must be at most 100"),
        ({"percent": "policy.none"}, "O.percent` must be a number from 0 or the name of a fact"),
        ({"tiers": [{"from": 1, "less": 1}]}, "must have `percent` or `tiers`, and not both"),
        ({"percent": None, "tiers": []}, "O.percent` must be a text, a number"),
        ({"kind": "gift"}, "O.kind` must be one of percentage"),
        ({"kind": "member"}, "O` lacks `level`"),
        ({"valid_to": datetime(2026, 11, 11, 18)}, "O.valid_to` must be a day such as 2026-11-11"),
        ({"valid_from": "2026-11-31"}, "O.valid_from` must be a day such as 2026-11-11"),
        ({"valid_from": "2026-11-11", "valid_to": "2026-11-10"}, "lies before `valid_from`"),
        ({"en": "from {policy.nothing}"}, "O.en`: A text names {policy.nothing}"),
        ({"presents": 1}, "no option `presents`. Did you mean `percent`"),
        ({"most": "0.001"}, "O.most`: An amount must not be finer than cents"),
    ],
)
def test_a_wrong_offer_is_refused_by_the_field(change, message):
    with pytest.raises(DataError) as error:
        read_promotions({"offers": {"O": {**OFFER, **change}}}, POLICY, "promotions.yml")
    assert message in str(error.value)


def test_groups_name_what_exists():
    with pytest.raises(DataError, match="at_most_one` must be lists of kinds and offers that exist"):
        read_promotions({"offers": {"O": OFFER}, "at_most_one": [["coupons"]]}, POLICY, "promotions.yml")
