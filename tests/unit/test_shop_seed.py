"""The demo shop's orders, and the grammar of the file they stand in."""

import re
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
import yaml

from kefu.entities import extract_entities
from kefu.errors import DataError
from kefu.shop.amounts import REFUNDING, refund_pieces, refund_rest
from kefu.shop.fields import Fields
from kefu.shop.orders import ARRIVED, LEVELS, ORDER_STATES, PARCEL_STATES, PAYMENT_METHODS
from kefu.shop.policy import load_policy
from kefu.shop.seed import load_seed
from kefu.shop.seed_values import ZONE, cents, day, moment, read_yaml

DEMO = Path(__file__).parents[2] / "data/shop/orders.yml"
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # noon in China


def test_the_demo_has_customers_and_orders_in_every_state():
    seed = load_seed(DEMO, NOW)
    assert len(seed.customers) == 15
    assert len(seed.orders) >= 44
    assert {order.state for order in seed.orders} == set(ORDER_STATES)
    assert {parcel.state for order in seed.orders for parcel in order.parcels} == set(PARCEL_STATES)
    assert {len(order.parcels) for order in seed.orders} == {0, 1, 2, 3}
    assert {order.customer_id for order in seed.orders} == {customer.id for customer in seed.customers}
    assert {customer.level for customer in seed.customers} == set(LEVELS)


def test_the_demo_has_goods_paid_and_treated_in_every_way():
    seed = load_seed(DEMO, NOW)
    items = [item for order in seed.orders for item in order.items]
    policy = load_policy(DEMO.with_name("policy.yml"))
    assert {item.category for item in items} >= {*policy.not_returnable, *policy.not_returnable_if_confirmed}
    for category in policy.not_returnable_if_confirmed:
        assert {item.return_excluded for item in items if item.category == category} == {True, False}
    assert {payment.method for order in seed.orders for payment in order.payments} == set(PAYMENT_METHODS)
    assert any(len(order.payments) > 1 and order.discount_cents for order in seed.orders)
    assert any(order.discount_cents % len(order.items) for order in seed.orders if len(order.items) == 3)
    assert {(case.plan.kind, case.state) for case in seed.cases} == {
        ("return", "open"),
        ("return", "done"),
        ("exchange", "open"),
        ("interception", "open"),
        ("cancellation", "done"),
    }
    assert {case.plan.reason for case in seed.cases} <= {None, *policy.reasons}


def test_the_demo_has_orders_on_both_sides_of_every_limit():
    today = NOW.astimezone(ZONE).date()
    ages = {
        (today - parcel.latest.at.astimezone(ZONE).date()).days
        for order in load_seed(DEMO, NOW).orders
        for parcel in order.parcels
        if parcel.state in ARRIVED
    }
    assert ages >= {0, 1, 3, 7, 8, 14, 15, 16, 29, 30, 31, 200, 400}


def test_the_demo_refunds_what_the_rules_give_back():
    seed = load_seed(DEMO, NOW)
    orders = {order.number: order for order in seed.orders}
    for plan in (case.plan for case in seed.cases if case.plan.kind in REFUNDING):
        give = refund_rest if plan.kind == "cancellation" else partial(refund_pieces, lines=plan.lines)
        refund = give(orders[plan.order_number], (), delivery=plan.kind == "cancellation")
        assert (refund.shares, refund.delivery_cents) == (plan.refund, plan.delivery_cents)


def test_the_demos_orders_keep_their_prices_where_they_have_been_quoted():
    totals = {order.number: order.total_cents for order in load_seed(DEMO, NOW).orders}
    assert (totals["SO20260001"], totals["SO20260004"], totals["SO20260002"]) == (39900, 36900, 8700)


def test_the_demos_list_of_what_to_try_names_each_order_with_its_phone_and_level():
    seed = load_seed(DEMO, NOW)
    customers = {customer.id: customer for customer in seed.customers}
    listed = re.findall(r"^#   (SO\d{8})  (\d{4})  (\w+)  +\S", DEMO.read_text(encoding="utf-8"), re.MULTILINE)
    expected = [(order.number, customers[order.customer_id]) for order in seed.orders]
    assert sorted(listed) == sorted((number, owner.phone[-4:], owner.level) for number, owner in expected)


def test_the_demos_phones_and_addresses_belong_to_one_customer_each():
    customers = load_seed(DEMO, NOW).customers
    assert len({customer.phone[-4:] for customer in customers}) == len(customers)
    assert len({customer.email for customer in customers}) == len(customers)


def test_every_product_has_other_names_in_both_languages():
    for order in load_seed(DEMO, NOW).orders:
        for item in order.items:
            chinese = [name for name in item.also if not name.isascii() and name != "T恤"]
            english = [name for name in item.also if name.isascii()]
            assert len(item.also) >= 3 and chinese and english, item.sku
            assert not any(" " in name for name in item.also), item.sku


def test_the_demo_names_nobody_real():
    for customer in load_seed(DEMO, NOW).customers:
        assert customer.email.endswith("@example.com")
        assert customer.phone.startswith("138001380")


def test_the_demos_numbers_are_ones_that_customers_can_type():
    for order in load_seed(DEMO, NOW).orders:
        for number in (order.number, *(parcel.tracking_number for parcel in order.parcels)):
            assert [entity.value for entity in extract_entities(f"我的{number}到哪了")] == [number]


def seed_day(hour):
    return NOW.replace(hour=hour, minute=1).astimezone(ZONE).date()


@pytest.mark.parametrize("hour", range(24))
def test_the_demo_is_consistent_at_every_hour_of_the_day(hour):
    seed = load_seed(DEMO, NOW.replace(hour=hour, minute=1))
    for order in seed.orders:
        times = [order.created, *([order.paid] if order.paid else [])]
        assert times == sorted(times)
        for parcel in order.parcels:
            assert parcel.events[0].at > order.paid, order.number
    arrived = {
        order.number: max((parcel.latest.at for parcel in order.parcels), default=None) for order in seed.orders
    }
    for case in seed.cases:
        if case.plan.kind in ("return", "exchange"):
            assert case.created > arrived[case.plan.order_number], case.plan.order_number
        assert case.created.date() < seed_day(hour), "the first case of the day is a customer's"


# --- the seed's grammar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-3d 14:20", "2026-11-17T14:20:00+08:00"),
        ("-3d", "2026-11-17T12:00:00+08:00"),
        ("-5h", "2026-11-20T07:00:00+08:00"),
        ("-40m", "2026-11-20T11:20:00+08:00"),
        ("-0d 08:00", "2026-11-20T08:00:00+08:00"),
    ],
)
def test_times_count_back_from_the_present(text, expected):
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    assert moment(text, local, "here").isoformat() == expected


@pytest.mark.parametrize("text", ["3d", "-3", "yesterday", "-0d 23:00", ""])
def test_other_times_are_refused(text):
    with pytest.raises(DataError, match="here"):
        moment(text, NOW.astimezone(timezone(timedelta(hours=8))), "here")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("59.9", 5990), ("59.90", 5990), ("0.07", 7), ("1.1", 110), ("4.35", 435), ("'8.5'", 850), ("8", 800), ("0", 0)],
)
def test_amounts_are_read_to_the_cent(tmp_path, written, expected):
    file = tmp_path / "amount.yml"
    file.write_text(f"price: {written}", encoding="utf-8")
    assert cents(Fields(read_yaml(file), "here"), "price") == expected


@pytest.mark.parametrize("written", ["1.005", "-1", "-0.5", "1e3", "1.5e3", ".inf", "true", "free", "", "[1]"])
def test_other_amounts_are_refused(tmp_path, written):
    file = tmp_path / "amount.yml"
    file.write_text(f"price: {written}", encoding="utf-8")
    with pytest.raises(DataError, match="here"):
        cents(Fields(read_yaml(file), "here"), "price")


@pytest.mark.parametrize(("text", "expected"), [("+4d", "2026-11-24"), ("-2d", "2026-11-18"), ("+0d", "2026-11-20")])
def test_days_count_from_the_present(text, expected):
    assert day(text, NOW.astimezone(ZONE), "here").isoformat() == expected


def payment(content, number):
    return content["orders"][number]["payments"][0]


def case(content, number):
    return content["orders"][number]["cases"][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["orders"]["SO20260001"].pop("parcels"), "parcels exactly when its state is shipped"),
        (lambda c: c["orders"]["SO20260001"].update(customer="nobody"), "SO20260001.customer"),
        (lambda c: c["orders"]["SO20260001"].update(colour="red"), "no option `colour`"),
        (lambda c: c["orders"]["SO20260001"]["items"][0].update(parcel=2), "every item must name the parcel"),
        (lambda c: c["orders"]["SO20260001"]["parcels"][0]["events"].reverse(), "order of time"),
        (
            lambda c: c["orders"]["SO20260003"]["parcels"][0].update(tracking_number="SF1390284750001"),
            "SF1390284750001 stands there twice",
        ),
        (lambda c: c["products"]["HM-EP-210"].pop("price"), "lacks `price`"),
        (lambda c: c["products"]["HM-EP-210"].pop("also"), "lacks `also`"),
        (lambda c: c["products"]["HM-EP-210"]["also"].append("耳机"), "耳机 stands there twice"),
        (lambda c: c["orders"]["SO20260001"]["items"][0].update(quantity=0), "at least one piece of item 1"),
        (lambda c: c["orders"]["SO20260001"].pop("paid"), "SO20260001.paid` does not fit its state"),
        (lambda c: c["orders"]["SO20260006"].update(paid="-1m"), "SO20260006.paid` does not fit its state"),
        (lambda c: c["orders"]["SO20260009"].pop("cancelled"), "given exactly when its state is cancelled"),
        (lambda c: c["orders"]["SO20260001"].update(discount=400), "discount` is more than its items cost"),
        (lambda c: c["orders"]["SO20260001"].update(discount=-1), "a whole number from 0"),
        (lambda c: c["orders"]["SO20260001"].update(discount="1.005"), "at most two decimals"),
        (lambda c: payment(c, "SO20260007").update(amount=428), "sum up to 429.00 yuan; they are 428.00"),
        (lambda c: payment(c, "SO20260007").update(method="cash"), "one of wechat, alipay"),
        (
            lambda c: c["orders"]["SO20260006"].update(payments=[{"method": "card", "amount": 1}]),
            "sum up to 0.00 yuan; they are 1.00",
        ),
        (
            lambda c: c["orders"]["SO20260032"]["payments"].append({"method": "wechat", "amount": 0}),
            "payment method .* wechat stands there twice",
        ),
        (
            lambda c: c["orders"]["SO20260032"]["payments"].append({"method": "card", "amount": 0}),
            "leave out what paid nothing",
        ),
        (lambda c: case(c, "SO20260037").update(lines=[{"position": 2, "quantity": 4}]), "more of item 2 than the 3"),
        (lambda c: case(c, "SO20260037").update(lines=[{"position": 3, "quantity": 1}]), "positions of the order's"),
        (lambda c: case(c, "SO20260037").update(lines=[]), "one at least"),
        (lambda c: case(c, "SO20260037").update(lines=[{"position": 1, "quantity": 0}]), "at least one piece"),
        (lambda c: case(c, "SO20260037")["lines"].extend(case(c, "SO20260037")["lines"]), "1 stands there twice"),
        (lambda c: case(c, "SO20260037")["refund"][0].update(amount="278.71"), "refund more by wechat"),
        (lambda c: case(c, "SO20260037")["refund"][0].update(method="card"), "refund more by card"),
        (lambda c: case(c, "SO20260049").update(delivery=8.01), "more for delivery"),
        (lambda c: case(c, "SO20260049").update(created="-9d"), "older than its order"),
        (lambda c: case(c, "SO20260037").update(kind="cancellation"), "must be cancelled, not shipped"),
        (lambda c: case(c, "SO20260037").update(kind="gift"), "one of return, exchange"),
        (lambda c: case(c, "SO20260037").update(send_by="tomorrow"), 'a day such as "\\+4d"'),
        (lambda c: case(c, "SO20260037").pop("rule"), "lacks `rule`"),
    ],
)
def test_a_wrong_order_is_refused_by_name(tmp_path, change, message):
    content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "orders.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_seed(file, NOW)


@pytest.mark.parametrize(
    ("kind", "state", "more", "fits"),
    [
        ("return", "done", 1, True),
        ("return", "done", 2, False),
        ("refund_only", "done", 2, False),
        ("return", "open", 2, False),
        ("return", "withdrawn", 3, True),
        ("exchange", "done", 3, True),
    ],
)
def test_a_case_holds_those_pieces_of_a_line_that_it_names_and_no_others(tmp_path, kind, state, more, fits):
    """Two of three pairs of socks are the first case's; the others are free, and nobody gets a pair twice."""
    content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    first = {**case(content, "SO20260037"), "kind": kind, "state": state, "refund": []}
    first["lines"] = [{"position": 2, "quantity": 2}]
    second = {**first, "kind": "return", "state": "open", "lines": [{"position": 2, "quantity": more}]}
    content["orders"]["SO20260037"]["cases"] = [first, second]
    file = tmp_path / "orders.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    if fits:
        cases = [found for found in load_seed(file, NOW).cases if found.plan.order_number == "SO20260037"]
        assert [line.quantity for found in cases for line in found.plan.lines] == [2, more]
    else:
        with pytest.raises(DataError, match="more of item 2 than the 3"):
            load_seed(file, NOW)
