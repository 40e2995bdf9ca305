"""Orders in the database: tables, seed, reading."""

import threading
import traceback
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.database import Database
from kefu.errors import DataError, StoreError
from kefu.shop import tables
from kefu.shop.case_rows import read_cases
from kefu.shop.orders import Payment
from kefu.shop.seed import load_seed
from kefu.shop.store import OrderStore

DEMO = Path(__file__).parents[2] / "data/shop/orders.yml"
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # noon in China
ORDERS_WITH_CASES = [f"SO202600{number}" for number in (28, 37, 40, 44, 45, 49, 54)]


def clock():
    return NOW


@pytest.fixture
def store(database_url):
    store = OrderStore(Database(database_url), clock, DEMO)
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
    seed = load_seed(DEMO, NOW)
    for order in seed.orders:
        assert store.order(order.number) == order
        assert store.customer_of(order.number) in seed.customers
        assert store.customer_of(order.number).id == order.customer_id


def test_every_seeded_case_is_read_back_equal_under_a_number_of_its_day(store):
    cases = load_seed(DEMO, NOW).cases
    with store.database.reading() as connection:
        stored = [case for number in ORDERS_WITH_CASES for case in read_cases(connection, number)]
    assert len(stored) == len(cases)
    for new, case in zip(cases, stored, strict=True):
        assert (case.plan, case.state, case.created, case.pickup) == (new.plan, new.state, new.created, new.pickup)
        assert case.number.startswith(f"R{new.created:%Y%m%d}-")
    assert {case.number for case in stored} >= {"R20261119-0001", "R20261119-0002", "R20261119-0003", "R20261114-0001"}


def test_what_an_order_cost_and_how_it_was_paid(store):
    order = store.order("SO20260046")
    assert (order.discount_cents, order.total_cents) == (4000, 78780)
    assert order.payments == (Payment("gift_card", 30000), Payment("points", 1250), Payment("wechat", 47530))
    assert store.order("SO20260001").payments == (Payment("wechat", 39900),)
    assert store.order("SO20260006").payments == ()
    briefs, bra = store.order("SO20260036").items
    assert (briefs.position, briefs.return_excluded) == (1, True)
    assert (bra.position, bra.return_excluded) == (2, False)
    assert "胸罩" in bra.also
    assert store.order("SO20260024").freight_insurance
    assert not store.order("SO20260001").freight_insurance


def test_the_orders_of_a_customer_come_newest_first(store):
    numbers = [order.number for order in store.orders_of("lin_xiao")]
    assert numbers == ["SO20260002", "SO20260001", "SO20260003"]
    assert store.orders_of("lin_xiao", limit=2) == [store.order(number) for number in numbers[:2]]
    assert store.orders_of("nobody") == []


def test_the_customer_of_an_order_is_found_by_tracking_number_too(store):
    assert store.customer_of("ZTO390284750005").name == "王磊"
    assert store.customer_of("SO99999999") is None


def test_a_tracking_number_finds_its_order_and_an_unknown_number_none(store):
    assert store.order("ZTO390284750005").number == "SO20260005"
    assert store.order("SO99999999") is None
    assert store.order("' OR 1=1 --") is None


def test_a_second_start_adds_nothing(store, database_url):
    with store.database.writing() as connection:
        connection.execute(sa.update(tables.orders).values(state="cancelled"))
    OrderStore(Database(database_url), clock, DEMO).prepare()
    assert store.order("SO20260001").state == "cancelled"


def test_two_starts_at_once_seed_once(database_url):
    errors = []
    barrier = threading.Barrier(4)

    def start():
        try:
            store = OrderStore(Database(database_url), clock, DEMO)
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
    with Database(database_url).reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.customers)) == 15


def test_without_a_seed_the_database_stays_empty(database_url):
    store = OrderStore(Database(database_url), clock)
    store.prepare()
    assert store.order("SO20260001") is None


def test_a_broken_seed_leaves_nothing_behind(database_url, tmp_path):
    broken = tmp_path / "orders.yml"
    broken.write_text(DEMO.read_text(encoding="utf-8").replace("state: picking", "state: lost"), encoding="utf-8")
    with pytest.raises(DataError, match="one of unpaid"):
        OrderStore(Database(database_url), clock, broken).prepare()
    store = OrderStore(Database(database_url), clock, DEMO)
    store.prepare()
    assert store.order("SO20260008").state == "picking"


def test_tables_of_another_version_are_refused(store, database_url):
    with (
        pytest.raises(StoreError, match="version 2, this Kefu needs 3"),
        store.database.creating(tables.PART, 3, tables.metadata),
    ):
        pass


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/nowhere/shop.db", "unknown://x/y"])
def test_an_unusable_database_is_one_clear_error(url):
    with pytest.raises((StoreError, OSError)):
        OrderStore(Database(url), clock).prepare()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://shop:secret@host:port/shop", "cannot be used .* postgresql://user@host/database"),
        ("postgres://shop:secret@host/shop", "keeps no data in `postgres`.* postgresql://user@host/database"),
        ("mysql://shop:secret@host/shop", "keeps no data in `mysql`"),
        ("postgresql://shop:secret@127.0.0.1:1/shop", "failed: Connection refused"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_clear_error_that_quotes_no_password(url, message):
    with pytest.raises(StoreError, match=message) as caught:
        OrderStore(Database(url), clock).prepare()
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_the_database_quotes_no_values(store):
    with pytest.raises(StoreError) as caught, store.database.writing() as connection:
        row = dict(id="lin_xiao", name="secret name", email="e", phone="p", level="vip")  # noqa: C408
        connection.execute(sa.insert(tables.customers).values(**row))
    assert "secret name" not in str(caught.value)
    assert caught.value.__suppress_context__
