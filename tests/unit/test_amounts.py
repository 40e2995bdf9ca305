"""Money given back: the discount shared to the cent, pieces in their order, refunds split over the ways of payment."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import DataError
from kefu.shop.amounts import completes_order, paid_for_pieces, refund_pieces, refund_rest, split
from kefu.shop.cases import Case, Line, Plan, Share
from kefu.shop.orders import Bilingual, Item, Order, Payment

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
FIXED = settings(max_examples=200, deadline=None, derandomize=True)


def order(*goods, discount=0, delivery=0, payments=None):
    """An order of items given as (price in cents, quantity); by default all was paid one way."""
    items = tuple(
        Item(position, f"SKU{position}", Bilingual("物", "thing"), "shoes", price, quantity, 1)
        for position, (price, quantity) in enumerate(goods, start=1)
    )
    made = Order("SO1", "c", "shipped", NOW, NOW, None, delivery, items, (), discount)
    return replace(made, payments=payments or (Payment("wechat", made.total_cents),))


def case(refund, *lines, kind="return", state="open", delivery=0):
    """A case that gives back amounts by method for lines given as (position, quantity)."""
    shares = tuple(Share(method, cents) for method, cents in refund.items())
    chosen = tuple(Line(*line) for line in lines)
    plan = Plan(kind, "SO1", chosen, "defect", "defect_window", "shop", shares, delivery)
    return Case("R1", plan, state, NOW)


def by_method(refund):
    return {share.method: share.cents for share in refund.shares}


@pytest.mark.parametrize(
    ("goods", "discount", "paid"),
    [
        ([(1000, 1), (1000, 1)], 0, {1: (1000,), 2: (1000,)}),
        ([(1000, 2), (1000, 1)], 1, {1: (999, 1000), 2: (1000,)}),  # equals: the first position, its first piece
        ([(1000, 3)], 200, {1: (933, 933, 934)}),
        ([(100, 1), (300, 1)], 2, {1: (99,), 2: (299,)}),  # exactly 0.5 and 1.5
        ([(100, 1), (200, 1)], 2, {1: (99,), 2: (199,)}),  # 0.67 lost most, 1.33 keeps its 1
        ([(39900, 1), (7900, 2)], 4000, {1: (37034,), 2: (7333, 7333)}),  # 2865.35 lost more than 567.32
        ([(0, 1), (500, 1)], 500, {1: (0,), 2: (0,)}),  # a free gift bears nothing
        ([(0, 2)], 0, {1: (0, 0)}),
    ],
)
def test_a_discount_is_shared_by_price(goods, discount, paid):
    assert paid_for_pieces(order(*goods, discount=discount)) == paid


def test_shares_hang_on_positions_not_on_the_order_of_the_list():
    made = order((1000, 1), (1000, 2), (999, 1), discount=100)
    assert paid_for_pieces(replace(made, items=made.items[::-1])) == paid_for_pieces(made)


@pytest.mark.parametrize(
    "wrong",
    [
        order((1000, 1), discount=1001),
        order((1000, 1), discount=-1),
        replace(order((1000, 1)), items=(replace(order((1000, 1)).items[0], price_cents=-1),)),
        order((1000, 1), payments=(Payment("card", 999),)),
        order((1000, 1), payments=(Payment("card", 1001), Payment("points", -1))),
    ],
    ids=["discount over goods", "negative discount", "negative price", "paid too little", "negative payment"],
)
@pytest.mark.parametrize(
    "refund",
    [lambda o: refund_pieces(o, (), (Line(1, 1),), delivery=False), lambda o: refund_rest(o, (), delivery=True)],
)
def test_amounts_that_cannot_be_are_refused_by_number(wrong, refund):
    with pytest.raises(DataError, match=r"SO1.*cents"):
        refund(wrong)


def test_the_next_pieces_are_those_after_the_ones_given_back():
    made = order((1000, 3), discount=200)
    first = refund_pieces(made, (), (Line(1, 1),), delivery=False)
    rest = refund_pieces(made, (case(by_method(first), (1, 1)),), (Line(1, 2),), delivery=False)
    assert (by_method(first), by_method(rest)) == ({"wechat": 933}, {"wechat": 933 + 934})


@pytest.mark.parametrize(
    ("kind", "state", "cents"),
    [
        ("return", "done", 934),
        ("refund_only", "open", 934),
        ("interception", "open", 934),
        ("return", "withdrawn", 933),
        ("return", "rejected", 933),
        ("exchange", "done", 933),
        ("repair", "open", 933),
    ],
)
def test_only_cases_that_refund_use_up_pieces(kind, state, cents):
    made = order((1000, 3), discount=200)
    earlier = case({"wechat": 933 + 933} if cents == 934 else {}, (1, 2), kind=kind, state=state)
    assert by_method(refund_pieces(made, (earlier,), (Line(1, 1),), delivery=False)) == {"wechat": cents}


def test_a_withdrawn_case_leaves_no_cent_to_be_paid_twice():
    made = order((1000, 2), discount=1)  # the first piece cost 999, the second 1000
    second = case({"wechat": 1000}, (1, 1))  # filed while the first was held, which then was withdrawn
    assert by_method(refund_pieces(made, (second,), (Line(1, 1),), delivery=False)) == {"wechat": 999}


def test_less_paid_out_earlier_is_no_reason_to_pay_more_for_other_pieces():
    made = order((1000, 2))
    worn = case({"wechat": 400}, (1, 1), state="done")  # inspected and found worn
    assert by_method(refund_pieces(made, (worn,), (Line(1, 1),), delivery=False)) == {"wechat": 1000}


def test_a_refund_goes_back_in_proportion_to_what_was_paid():
    payments = (Payment("wechat", 5000), Payment("gift_card", 3000), Payment("points", 2000))
    made = order((9000, 1), (1000, 1), payments=payments)
    assert by_method(refund_pieces(made, (), (Line(2, 1),), delivery=False)) == {
        "wechat": 500,
        "gift_card": 300,
        "points": 200,
    }


def test_two_payments_of_one_kind_are_one_share():
    made = order((1000, 1), payments=(Payment("gift_card", 400), Payment("gift_card", 600)))
    assert refund_pieces(made, (), (Line(1, 1),), delivery=False).shares == (Share("gift_card", 1000),)


def test_cents_that_were_rounded_off_come_with_a_later_refund():
    made = order((1, 3), payments=(Payment("card", 1), Payment("points", 2)))
    cases = []
    for _ in range(3):
        refund = refund_pieces(made, cases, (Line(1, 1),), delivery=False)
        cases.append(case(by_method(refund), (1, 1)))
    assert [by_method(refund_pieces(made, cases[:count], (Line(1, 1),), delivery=False)) for count in range(3)] == [
        {"points": 1},
        {"card": 1},
        {"points": 1},
    ]


def test_no_share_is_negative_where_a_person_paid_out_another_way():
    made = order((500, 1), (100, 5), payments=(Payment("card", 500), Payment("points", 500)))
    by_hand = case({"points": 500}, (1, 1), state="done")
    assert by_method(refund_pieces(made, (by_hand,), (Line(2, 1),), delivery=False)) == {"card": 100}


def test_never_more_than_is_left_of_what_was_paid():
    made = order((500, 2), delivery=800)
    too_much = case({"wechat": 1500}, (1, 1), delivery=100, state="done")
    refund = refund_pieces(made, (too_much,), (Line(1, 1),), delivery=True)
    assert by_method(refund) == {"wechat": 300}
    assert refund.delivery_cents == 300


def test_what_was_given_out_of_goodwill_is_not_paid_on_top():
    made = order((500, 2))
    kind = case({"wechat": 600}, (1, 1), delivery=100, state="done")
    refund = refund_pieces(made, (kind,), (Line(1, 1),), delivery=True)
    assert (by_method(refund), refund.delivery_cents) == ({"wechat": 400}, 0)


def test_delivery_is_given_back_once():
    made = order((1000, 2), delivery=800)
    first = refund_pieces(made, (), (Line(1, 1),), delivery=True)
    earlier = case(by_method(first), (1, 1), delivery=first.delivery_cents)
    second = refund_pieces(made, (earlier,), (Line(1, 1),), delivery=True)
    assert (first.delivery_cents, second.delivery_cents) == (800, 0)
    assert by_method(second) == {"wechat": 1000}
    worn = case({"wechat": 400 + 800}, (1, 1), delivery=800, state="done")
    assert refund_pieces(made, (worn,), (Line(1, 1),), delivery=True).delivery_cents == 0


@pytest.mark.parametrize(
    ("earlier", "delivery", "cents", "fee"),
    [
        ((), True, 2800, 800),
        ((), False, 2000, 0),
        ((case({"wechat": 300}, (1, 1)),), True, 2500, 800),
        ((case({"wechat": 1800}, (1, 1), delivery=800),), True, 1000, 0),
        ((case({"wechat": 2800}, (1, 2), delivery=800),), True, 0, 0),
        ((case({"wechat": 300}, (1, 1), state="withdrawn"),), True, 2800, 800),
    ],
)
def test_a_cancellation_gives_back_what_is_left(earlier, delivery, cents, fee):
    refund = refund_rest(order((1000, 2), delivery=800), earlier, delivery=delivery)
    assert (sum(by_method(refund).values()), refund.delivery_cents) == (cents, fee)


def test_nothing_paid_is_nothing_given_back():
    free = order((0, 1), payments=())
    free = replace(free, payments=())
    assert refund_pieces(free, (), (Line(1, 1),), delivery=True).shares == ()


@pytest.mark.parametrize(
    ("earlier", "lines", "complete"),
    [
        ((), ((1, 2), (2, 1)), True),
        ((), ((1, 2),), False),
        ((case({}, (1, 1)), case({}, (2, 1), kind="interception")), ((1, 1),), True),
        ((case({}, (1, 1), kind="exchange"), case({}, (2, 1))), ((1, 1),), False),
        ((case({}, (1, 1), state="withdrawn"), case({}, (2, 1))), ((1, 1),), False),
    ],
)
def test_an_order_is_complete_when_every_piece_was_given_back(earlier, lines, complete):
    made = order((1000, 2), (500, 1))
    assert completes_order(made, earlier, tuple(Line(*line) for line in lines)) is complete


@FIXED
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.data())
def test_split_is_exact_in_proportion_and_grows_with_the_amount(weights, data):
    total = sum(weights)
    cents = data.draw(st.integers(0, max(0, total - 1)))
    parts = split(cents, weights)
    assert sum(parts) == cents
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    assert all(abs(part - cents * weight / max(1, total)) <= 2 for part, weight in zip(parts, weights, strict=True))
    if cents < total:
        assert all(more >= part for more, part in zip(split(cents + 1, weights), parts, strict=True))
    assert split(total, weights) == tuple(weights)


@FIXED
@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 4)), min_size=1, max_size=5), st.data())
def test_every_cent_of_a_discount_is_shared(goods, data):
    total = sum(price * quantity for price, quantity in goods)
    discount = data.draw(st.integers(0, total))
    paid = paid_for_pieces(order(*goods, discount=discount))
    assert total - sum(map(sum, paid.values())) == discount
    for position, (price, quantity) in enumerate(goods, start=1):
        assert len(paid[position]) == quantity
        for cents in paid[position]:
            assert 0 <= cents <= price
            assert total == 0 or abs((price - cents) - discount * price / total) < 1
