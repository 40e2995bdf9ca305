"""Proof of identity: what proves, what does not, how often one may try, and that nothing is given away."""

import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.database import Database
from kefu.settings import OrderSettings
from kefu.shop import tables
from kefu.shop.identity import ATTEMPT_WINDOW, Contact, IdentityDesk, Outcome
from kefu.shop.store import OrderStore

DEMO = Path(__file__).parents[2] / "data/shop/orders.yml"
MINE, ANOTHERS, NOBODYS = "SO20260001", "SO20260004", "SO99999999"
MY_TAIL = Contact("phone_tail", "8019")
WRONG = Contact("phone_tail", "0000")


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path, clock):
    database = Database(f"sqlite:///{tmp_path}/shop.db")
    OrderStore(database, clock, DEMO).prepare()
    return database


@pytest.fixture
def desk(database, clock):
    return IdentityDesk(database, clock, OrderSettings())


@pytest.mark.parametrize(
    "contact",
    [
        MY_TAIL,
        Contact("phone", "13800138019"),
        Contact("email", "lin.xiao@example.com"),
        Contact("email", "Lin.Xiao@Example.com"),
    ],
)
def test_the_contact_of_the_order_proves(desk, contact):
    assert desk.check(MINE, contact, "a") is Outcome.PROVEN
    assert desk.is_proven(MINE, "a")


@pytest.mark.parametrize(
    "contact",
    [
        WRONG,
        Contact("phone", "13900138019"),  # the tail is right, the rest is not
        Contact("email", "wang.lei@example.com"),
        Contact("phone_tail", ""),
        Contact("phone_tail", "\0\0\0\0"),
        Contact("email", "\0" * 24),
    ],
)
@pytest.mark.parametrize("order", [MINE, NOBODYS])
def test_anything_else_does_not(desk, order, contact):
    assert desk.check(order, contact, "a") is Outcome.REFUSED
    assert not desk.is_proven(order, "a")


def test_a_proof_holds_for_all_orders_of_the_customer_in_this_conversation_only(desk):
    desk.check(MINE, MY_TAIL, "a")
    assert desk.is_proven("SO20260003", "a")
    assert desk.is_proven("SF1390284750001", "a")
    assert not desk.is_proven(ANOTHERS, "a")
    assert not desk.is_proven(MINE, "b")


def test_a_proof_grows_old_and_can_be_renewed(desk, clock):
    desk.check(MINE, MY_TAIL, "a")
    clock.now += timedelta(minutes=59)
    assert desk.is_proven(MINE, "a")
    clock.now += timedelta(minutes=1)
    assert not desk.is_proven(MINE, "a")
    desk.check(MINE, MY_TAIL, "a")
    assert desk.is_proven(MINE, "a")


@pytest.mark.parametrize("order", [MINE, NOBODYS])
def test_the_fifth_failure_is_the_last_check(desk, order):
    outcomes = [desk.check(order, WRONG, "a") for _ in range(5)]
    assert outcomes == [Outcome.REFUSED] * 4 + [Outcome.EXHAUSTED]
    right = MY_TAIL if order == MINE else WRONG
    assert desk.check(order, right, "a") is Outcome.EXHAUSTED
    assert not desk.is_proven(order, "a")


def test_failures_count_for_the_order_from_wherever_they_come(desk):
    for number in range(5):
        desk.check(MINE, WRONG, f"conversation {number}")
    assert desk.check(MINE, MY_TAIL, "another") is Outcome.EXHAUSTED


def test_failures_by_tracking_number_count_for_the_same_order(desk):
    for number in range(5):
        desk.check("SF1390284750001", WRONG, f"conversation {number}")
    assert desk.check(MINE, MY_TAIL, "another") is Outcome.EXHAUSTED


def test_failures_count_for_the_conversation_whatever_the_order(desk):
    for number in range(5):
        desk.check(f"SO9999000{number}", WRONG, "a")
    assert desk.check(MINE, MY_TAIL, "a") is Outcome.EXHAUSTED
    assert desk.check(MINE, MY_TAIL, "b") is Outcome.PROVEN


def test_a_success_does_not_buy_new_attempts(desk):
    for _ in range(4):
        desk.check(ANOTHERS, WRONG, "a")
    assert desk.check(MINE, MY_TAIL, "a") is Outcome.PROVEN
    assert desk.check("SO20260013", WRONG, "a") is Outcome.EXHAUSTED


def test_failures_are_forgotten_after_a_day(desk, clock):
    for _ in range(5):
        desk.check(MINE, WRONG, "a")
    clock.now += ATTEMPT_WINDOW + timedelta(seconds=1)
    assert desk.check(MINE, MY_TAIL, "a") is Outcome.PROVEN


def test_an_unknown_order_costs_the_same_statements_as_anothers(desk, database):
    seen = []
    sa.event.listen(
        database._engine, "before_cursor_execute", lambda c, cursor, statement, *rest: seen.append(statement)
    )
    counts = {}
    for order, conversation in ((ANOTHERS, "a"), (NOBODYS, "b")):
        seen.clear()
        assert desk.check(order, WRONG, conversation) is Outcome.REFUSED
        counts[order] = list(seen)
    assert counts[ANOTHERS] == counts[NOBODYS]


def test_many_guesses_at_once_get_no_more_attempts_than_one_after_the_other(desk, database):
    """Without the counters locked before they are read, several of these would all see four failures."""
    outcomes = []
    barrier = threading.Barrier(8)

    def guess(number):
        barrier.wait()
        outcomes.append(desk.check(MINE, WRONG, f"conversation {number}"))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.name for outcome in outcomes) == ["EXHAUSTED"] * 4 + ["REFUSED"] * 4
    counter = tables.identity_attempts.c
    with database.reading() as connection:
        assert connection.scalar(sa.select(counter.failures).where(counter.scope == "order")) == 5
