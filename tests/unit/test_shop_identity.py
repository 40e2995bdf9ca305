"""Proof of identity: what proves, what does not, how often one may try, and that nothing is given away."""

import re
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.database import Database
from kefu.errors import StoreError
from kefu.settings import OrderSettings
from kefu.shop import tables
from kefu.shop.identity import Contact, IdentityDesk, Outcome
from kefu.shop.proofs import ATTEMPT_WINDOW
from kefu.shop.store import OrderStore
from tests.clock import Clock

DEMO = Path(__file__).parents[2] / "data/shop/orders.yml"
MINE, ANOTHERS, NOBODYS = "SO20260001", "SO20260004", "SO99999999"
MY_TAIL = Contact("phone_tail", "8019")
WRONG = Contact("phone_tail", "0000")
MY_PHONE = Contact("phone", "13800138019")
MY_EMAIL = Contact("email", "lin.xiao@example.com")
WRONG_EMAIL = Contact("email", "somebody@example.com")


NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # in China: people are there


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def database(database_url, clock):
    database = Database(database_url)
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


@pytest.fixture
def order_used_up(desk):
    for number in range(5):
        desk.check(MINE, WRONG, f"conversation {number}")


@pytest.mark.parametrize("contact", [MY_PHONE, MY_EMAIL])
def test_nobody_is_shut_out_of_his_order_by_others_who_guess(desk, order_used_up, contact):
    assert desk.check(MINE, MY_TAIL, "mine") is Outcome.EXHAUSTED
    assert desk.check(MINE, contact, "mine") is Outcome.PROVEN
    assert desk.is_proven(MINE, "mine")


@pytest.mark.parametrize("contact", [MY_PHONE, MY_EMAIL])
def test_a_conversation_that_has_used_up_its_attempts_proves_nothing(desk, order_used_up, contact):
    for _ in range(5):
        desk.check(NOBODYS, WRONG_EMAIL, "a")
    assert desk.check(MINE, contact, "a") is Outcome.EXHAUSTED
    assert not desk.is_proven(MINE, "a")
    assert desk.check(MINE, contact, "another") is Outcome.PROVEN


@pytest.mark.parametrize("order", [MINE, NOBODYS])
def test_wrong_addresses_for_an_order_used_up_count_for_the_conversation(desk, order):
    for number in range(5):
        desk.check(order, WRONG, f"conversation {number}")
    outcomes = [desk.check(order, WRONG_EMAIL, "a") for _ in range(6)]
    assert outcomes == [Outcome.REFUSED] * 4 + [Outcome.EXHAUSTED] * 2


def test_a_tail_at_an_order_used_up_tells_nothing_and_costs_nothing(desk, order_used_up):
    outcomes = {desk.check(MINE, tail, "a") for tail in (MY_TAIL, WRONG) * 5}
    assert outcomes == {Outcome.EXHAUSTED}
    assert desk.check(MINE, MY_EMAIL, "a") is Outcome.PROVEN


def test_whole_numbers_cannot_be_guessed_from_many_conversations_either(desk):
    """Whoever knows the first seven digits has but 10,000 numbers to try."""
    for number in range(100):
        guess = Contact("phone", f"1380013{number:04}")
        assert desk.check(MINE, guess, f"conversation {number // 4}") is not Outcome.PROVEN
    assert desk.check(MINE, MY_PHONE, "another") is Outcome.EXHAUSTED
    assert desk.check(MINE, MY_EMAIL, "another") is Outcome.PROVEN


OFFICE = "a hash of an address"


@pytest.fixture
def source_used_up(desk):
    """Twenty failures from one address, of conversations and at orders that have one each."""
    for number in range(20):
        assert desk.check(f"SO9999{number:04}", WRONG, f"conversation {number}", OFFICE) is not Outcome.PROVEN


def test_failures_count_for_the_source_whatever_the_order_and_the_conversation(desk, source_used_up):
    assert desk.check(MINE, MY_TAIL, "new", OFFICE) is Outcome.EXHAUSTED
    assert desk.check_customer(MY_EMAIL, MY_TAIL, "new", OFFICE) is Outcome.EXHAUSTED


def test_other_sources_and_those_that_nobody_names_are_not_touched(desk, source_used_up):
    assert desk.check(MINE, MY_TAIL, "b", "another hash") is Outcome.PROVEN
    assert desk.check(MINE, MY_TAIL, "c") is Outcome.PROVEN


@pytest.mark.parametrize("contact", [MY_PHONE, MY_EMAIL])
def test_who_shares_an_address_with_one_who_guesses_still_passes_with_what_cannot_be_guessed(
    desk, source_used_up, contact
):
    assert desk.check(MINE, contact, "new", OFFICE) is Outcome.PROVEN


def test_the_nineteenth_failure_of_a_source_is_not_the_last(desk):
    for number in range(19):
        desk.check(f"SO9999{number:04}", WRONG, f"conversation {number}", OFFICE)
    assert desk.check(MINE, WRONG, "b", OFFICE) is Outcome.EXHAUSTED
    assert desk.check(MINE, MY_TAIL, "c", OFFICE) is Outcome.EXHAUSTED


def test_failures_of_a_source_are_forgotten_after_a_day_and_leave_no_row(desk, database, source_used_up, clock):
    clock.now += ATTEMPT_WINDOW + timedelta(seconds=1)
    assert desk.check(MINE, MY_TAIL, "new", OFFICE) is Outcome.PROVEN
    with database.reading() as connection:
        counter = tables.identity_attempts.c
        scopes = connection.execute(sa.select(counter.scope).order_by(counter.scope)).scalars().all()
    assert scopes == ["conversation", "order", "source"]


@pytest.fixture
def statements(database):
    seen = []
    sa.event.listen(
        database._engine, "before_cursor_execute", lambda c, cursor, statement, *rest: seen.append(statement)
    )
    return seen


@pytest.mark.parametrize("failures", [0, 5])
@pytest.mark.parametrize("contact", [WRONG, WRONG_EMAIL, MY_PHONE])
def test_an_unknown_order_costs_the_same_statements_as_anothers(desk, statements, contact, failures):
    seen = {}
    for order in (ANOTHERS, NOBODYS):
        for number in range(failures):
            desk.check(order, WRONG, f"{order} {number}")
        statements.clear()
        outcome = desk.check(order, contact, f"{order} last")
        seen[order] = (outcome, list(statements))
    assert seen[ANOTHERS] == seen[NOBODYS]


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


def test_checks_at_once_that_forget_old_failures_do_not_wait_for_each_other(desk, database, clock):
    """Each finds old counters that the other one holds."""
    start = clock.now
    clock.now = start + timedelta(minutes=1)
    desk.check(ANOTHERS, WRONG, "b")
    clock.now = start
    desk.check(MINE, WRONG, "c")
    forgetting = threading.Event()
    outcomes = {}

    def check(order, conversation, now):
        late = IdentityDesk(database, lambda: now, OrderSettings())
        try:
            outcomes[conversation] = late.check(order, WRONG, conversation)
        except StoreError as error:
            outcomes[conversation] = error

    first = threading.Thread(target=check, args=(MINE, "b", start + ATTEMPT_WINDOW + timedelta(seconds=1)))
    second = threading.Thread(target=check, args=(ANOTHERS, "a", start + ATTEMPT_WINDOW + timedelta(minutes=2)))

    @sa.event.listens_for(database._engine, "before_cursor_execute")
    def before(connection, cursor, statement, *_):
        if statement.startswith("DELETE") and threading.current_thread() is second:
            forgetting.set()

    @sa.event.listens_for(database._engine, "after_cursor_execute")
    def after(connection, cursor, statement, *_):
        if statement.startswith("DELETE") and threading.current_thread() is first:
            second.start()
            forgetting.wait(0.5)  # on SQLite the second one has to wait for the first
            time.sleep(0.2)

    first.start()
    first.join()
    second.join()
    assert outcomes == {"b": Outcome.REFUSED, "a": Outcome.REFUSED}


# --- without an order's number


def check_customer(desk, email, tail, conversation="a"):
    return desk.check_customer(Contact("email", email), Contact("phone_tail", tail), conversation)


@pytest.mark.parametrize("phone", [MY_TAIL, MY_PHONE])
@pytest.mark.parametrize("email", [MY_EMAIL, Contact("email", "Lin.Xiao@Example.com")])
def test_address_and_phone_of_one_customer_prove_in_either_order(desk, email, phone):
    assert desk.check_customer(email, phone, "a") is Outcome.PROVEN
    assert desk.check_customer(phone, email, "b") is Outcome.PROVEN
    for conversation in "ab":
        assert desk.is_proven("SO20260003", conversation)
        assert desk.proven_customers(conversation) == ["lin_xiao"]
    assert not desk.is_proven(ANOTHERS, "a")


@pytest.mark.parametrize(
    ("email", "phone"),
    [
        (MY_EMAIL, WRONG),
        (MY_EMAIL, Contact("phone_tail", "8027")),  # another customer's
        (MY_EMAIL, Contact("phone", "13900138019")),
        (MY_EMAIL, Contact("phone_tail", "")),
        (Contact("email", "wang.lei@example.com"), MY_TAIL),
        (WRONG_EMAIL, MY_TAIL),
        (Contact("email", ""), MY_PHONE),
        (Contact("email", "%@example.com"), MY_PHONE),
        (Contact("email", "\0" * 24), Contact("phone_tail", "\0" * 4)),
    ],
)
def test_contacts_of_no_or_of_two_customers_do_not(desk, email, phone):
    assert desk.check_customer(email, phone, "a") is Outcome.REFUSED
    assert desk.proven_customers("a") == []


@pytest.mark.parametrize("pair", [(MY_EMAIL, MY_EMAIL), (MY_TAIL, MY_PHONE)])
def test_two_contacts_of_a_kind_are_a_callers_mistake(desk, pair):
    with pytest.raises(ValueError, match="An e-mail address and a phone are needed"):
        desk.check_customer(*pair, "a")


def test_an_unknown_address_costs_the_same_statements_as_a_wrong_phone(desk, statements):
    seen = set()
    for email in ("lin.xiao@example.com", "somebody@example.com"):
        statements.clear()
        assert check_customer(desk, email, "0000", f"about {email}") is Outcome.REFUSED
        seen.add(tuple(statements))
    assert len(seen) == 1


@pytest.mark.parametrize("email", ["lin.xiao@example.com", "somebody@example.com"])
def test_failures_at_an_address_count_from_wherever_they_come(desk, email):
    outcomes = [check_customer(desk, email.upper(), "0000", f"conversation {number}") for number in range(6)]
    assert outcomes == [Outcome.REFUSED] * 4 + [Outcome.EXHAUSTED] * 2
    assert check_customer(desk, email, "8019", "another") is Outcome.EXHAUSTED
    whole = desk.check_customer(Contact("email", email), MY_PHONE, "another")
    assert whole is (Outcome.PROVEN if email == MY_EMAIL.value else Outcome.REFUSED)


def test_failures_count_for_the_conversation_whichever_way_it_tries(desk):
    for _ in range(3):
        check_customer(desk, "somebody@example.com", "8019")
    assert desk.check(MINE, WRONG, "a") is Outcome.REFUSED
    assert desk.check(NOBODYS, WRONG, "a") is Outcome.EXHAUSTED
    assert desk.check_customer(MY_EMAIL, MY_PHONE, "a") is Outcome.EXHAUSTED
    assert desk.check_customer(MY_EMAIL, MY_TAIL, "b") is Outcome.PROVEN


def test_no_address_is_kept_of_those_that_failed(desk, database):
    check_customer(desk, "lin.xiao@example.com", "0000")
    with database.reading() as connection:
        rows = connection.execute(sa.select(tables.identity_attempts)).all()
    subjects = {row.scope: row.subject for row in rows}
    assert set(subjects) == {"conversation", "contact"}
    assert re.fullmatch("[0-9a-f]{64}", subjects["contact"])


def test_of_customers_who_share_an_address_the_phone_decides(desk, database):
    shared = sa.update(tables.customers).where(tables.customers.c.id == "wang_lei")
    with database.writing() as connection:
        connection.execute(shared.values(email="Lin.Xiao@example.com"))
    assert check_customer(desk, "lin.xiao@example.com", "8027") is Outcome.PROVEN
    assert desk.proven_customers("a") == ["wang_lei"]


def test_the_customers_proven_are_the_live_ones_the_last_first(desk, clock):
    desk.check("SO20260010", Contact("phone_tail", "8045"), "a")
    clock.now += timedelta(minutes=30)
    desk.check(ANOTHERS, Contact("phone_tail", "8027"), "a")
    desk.check(MINE, MY_TAIL, "b")
    clock.now += timedelta(minutes=29)
    check_customer(desk, "emma.clark@example.com", "8034")
    assert desk.proven_customers("a") == ["emma_clark", "wang_lei", "chen_jing"]
    clock.now += timedelta(minutes=1)
    assert desk.proven_customers("a") == ["emma_clark", "wang_lei"]
