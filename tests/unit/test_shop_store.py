"""Orders in the database: tables, seed, reading."""

import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from kefu.database import Database
from kefu.entities import extract_entities
from kefu.errors import DataError, StoreError
from kefu.shop import tables
from kefu.shop.orders import ORDER_STATES, PARCEL_STATES
from kefu.shop.seed import load_seed, moment
from kefu.shop.store import OrderStore

DEMO = Path(__file__).parents[2] / "data/shop/orders.yml"
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # noon in China


def clock():
    return NOW


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/new/shop.db"


@pytest.fixture
def store(url):
    store = OrderStore(Database(url), clock, DEMO)
    store.prepare()
    return store


def test_an_order_comes_back_as_it_was_put_in(store):
    order = store.order("SO20260005")
    assert order.customer_id == "wang_lei"
    assert order.total_cents == 45800
    assert [(parcel.position, parcel.state) for parcel in order.parcels] == [(1, "delivered"), (2, "in_transit")]
    assert order.parcels[1].latest.text.en == "Arrived at the Shanghai hub"
    assert order.parcels[1].latest.at == NOW - timedelta(hours=12)
    assert [item.parcel for item in order.items] == [1, 2]
    assert order.created == datetime(2026, 11, 15, 4, 0, tzinfo=timezone.utc)


def test_every_seeded_order_is_read_back_equal(store):
    for order in load_seed(DEMO, NOW).orders:
        assert store.order(order.number) == order


def test_a_tracking_number_finds_its_order_and_an_unknown_number_none(store):
    assert store.order("ZTO390284750005").number == "SO20260005"
    assert store.order("SO99999999") is None
    assert store.order("' OR 1=1 --") is None


def test_a_second_start_adds_nothing(store, url):
    with store.database.writing() as connection:
        connection.execute(sa.update(tables.orders).values(state="cancelled"))
    OrderStore(Database(url), clock, DEMO).prepare()
    assert store.order("SO20260001").state == "cancelled"


def test_two_starts_at_once_seed_once(url):
    errors = []
    barrier = threading.Barrier(4)

    def start():
        try:
            store = OrderStore(Database(url), clock, DEMO)
            barrier.wait()
            store.prepare()
        except Exception as error:  # noqa: BLE001 - whatever a thread raises must reach the assertion
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Database(url).reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.customers)) == 8


def test_without_a_seed_the_database_stays_empty(url):
    store = OrderStore(Database(url), clock)
    store.prepare()
    assert store.order("SO20260001") is None


def test_a_broken_seed_leaves_nothing_behind(url, tmp_path):
    broken = tmp_path / "orders.yml"
    broken.write_text(DEMO.read_text(encoding="utf-8").replace("state: picking", "state: lost"), encoding="utf-8")
    with pytest.raises(DataError, match="one of unpaid"):
        OrderStore(Database(url), clock, broken).prepare()
    store = OrderStore(Database(url), clock, DEMO)
    store.prepare()
    assert store.order("SO20260008").state == "picking"


def test_tables_of_another_version_are_refused(store, url):
    with (
        pytest.raises(StoreError, match="version 1, this Kefu needs 2"),
        store.database.creating(tables.PART, 2, tables.metadata),
    ):
        pass


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/nowhere/shop.db", "unknown://x/y"])
def test_an_unusable_database_is_one_clear_error(url):
    with pytest.raises((StoreError, OSError)):
        OrderStore(Database(url), clock).prepare()


def test_an_error_of_the_database_quotes_no_values(store):
    with pytest.raises(StoreError) as caught, store.database.writing() as connection:
        row = dict(id="lin_xiao", name="secret name", email="e", phone="p", level="vip")  # noqa: C408
        connection.execute(sa.insert(tables.customers).values(**row))
    assert "secret name" not in str(caught.value)
    assert caught.value.__suppress_context__


# --- the demo's data


def test_the_demo_has_customers_and_orders_in_every_state():
    seed = load_seed(DEMO, NOW)
    assert len(seed.customers) == 8
    assert len(seed.orders) >= 20
    assert {order.state for order in seed.orders} == set(ORDER_STATES)
    assert {parcel.state for order in seed.orders for parcel in order.parcels} == set(PARCEL_STATES)
    assert any(len(order.parcels) == 2 for order in seed.orders)
    assert {order.customer_id for order in seed.orders} == {customer.id for customer in seed.customers}


def test_the_demo_names_nobody_real():
    for customer in load_seed(DEMO, NOW).customers:
        assert customer.email.endswith("@example.com")
        assert customer.phone.startswith("138001380")


def test_the_demos_numbers_are_ones_that_customers_can_type():
    for order in load_seed(DEMO, NOW).orders:
        for number in (order.number, *(parcel.tracking_number for parcel in order.parcels)):
            assert [entity.value for entity in extract_entities(f"我的{number}到哪了")] == [number]


@pytest.mark.parametrize("hour", range(24))
def test_the_demo_is_consistent_at_every_hour_of_the_day(hour):
    seed = load_seed(DEMO, NOW.replace(hour=hour, minute=1))
    for order in seed.orders:
        times = [order.created, *([order.paid] if order.paid else [])]
        assert times == sorted(times)
        for parcel in order.parcels:
            assert parcel.events[0].at > order.paid, order.number


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
    ],
)
def test_a_wrong_order_is_refused_by_name(tmp_path, change, message):
    content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "orders.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_seed(file, NOW)
