"""Filing cases: once, by the order's customer, only as confirmed, and whole or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu import database as database_module
from kefu.database import Database
from kefu.errors import StoreError
from kefu.settings import OrderSettings
from kefu.shop import case_rows, tables
from kefu.shop.case_store import CaseStore, Changed, Filing, Unproven
from kefu.shop.cases import Case, Line, Plan, Share
from kefu.shop.identity import Contact, IdentityDesk
from kefu.shop.matter import Refusal
from kefu.shop.order_rows import lock_order
from kefu.shop.policy import load_policy
from kefu.shop.store import OrderStore
from tests.clock import Clock

SHOP = Path(__file__).parents[2] / "data/shop"
NUMBER = "SO20260054"  # three T-shirts, one of them in a case already
RETURN = Plan(
    kind="return",
    order_number=NUMBER,
    lines=(Line(1, 2),),
    reason="no_reason",
    rule="no_reason_window",
    postage="customer",
    refund=(Share("wechat", 15000), Share("points", 800)),
    send_by=date(2026, 11, 27),
)
CANCELLATION = Plan(
    kind="cancellation",
    order_number="SO20260053",
    lines=(Line(1, 3),),
    reason=None,
    rule="cancel_before_shipping",
    postage="none",
    refund=(Share("gift_card", 10000), Share("wechat", 11970)),
)


NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # in China: people are there


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def database(database_url, clock):
    database = Database(database_url)
    OrderStore(database, clock, SHOP / "orders.yml").prepare()
    return database


@pytest.fixture
def orders(database, clock):
    return OrderStore(database, clock)


@pytest.fixture
def desk(database, clock):
    """Zhou Ting has proven in the conversations `a` and `b` who she is."""
    desk = IdentityDesk(database, clock, OrderSettings())
    for conversation in "ab":
        desk.check(NUMBER, Contact("phone_tail", "8091"), conversation)
    return desk


@pytest.fixture
def store(database, clock, desk):
    return CaseStore(database, clock, load_policy(SHOP / "policy.yml"), OrderSettings())


def filing(plan=RETURN, *, conversation="a", key="key", pickup=None, again=None):
    return Filing(conversation, key, plan, pickup, again or (lambda matter: plan))


def unless_held(plan):
    """A rule in small: the plan holds as long as nothing but the seed's case holds pieces of the order."""
    return lambda matter: plan if len(matter.cases) <= 1 else Refusal("already_in_case")


def counts(database):
    with database.reading() as connection:
        return [
            connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (tables.cases, tables.case_lines, tables.case_refunds)
        ]


def test_a_matter_is_all_that_the_rules_look_at(store, orders, clock):
    matter = store.matter(NUMBER)
    assert matter.order == orders.order(NUMBER)
    assert [case.plan.lines for case in matter.cases] == [(Line(1, 1),)]
    assert (matter.level, matter.now) == ("silver", clock.now)
    assert matter.policy.return_window_by_level["silver"] == 7
    assert store.matter("ZTO390284750054") == matter
    assert store.matter("SO20260030").level == "vip"
    assert store.matter("SO99999999") is None


def test_a_case_is_read_back_as_it_was_filed(store, clock):
    case = store.file(filing(pickup="公司前台，after 6 pm 👌"))
    assert case == Case("R20261120-0001", RETURN, "open", clock.now, "公司前台，after 6 pm 👌")
    assert store.of_order(NUMBER)[1:] == (case,)
    assert store.of_order("ZTO390284750054") == store.of_order(NUMBER)
    assert store.matter(NUMBER).cases == store.of_order(NUMBER)
    assert store.of_order("SO99999999") == ()


@pytest.mark.parametrize("kind", ["return", "exchange", "resend", "refund_only", "repair", "interception"])
def test_only_a_cancellation_changes_the_order(store, orders, kind):
    before = orders.order(NUMBER)
    assert isinstance(store.file(filing(replace(RETURN, kind=kind))), Case)
    assert orders.order(NUMBER) == before


def test_a_cancellation_cancels_the_order(store, orders, clock):
    before = orders.order("SO20260053")
    case = store.file(filing(CANCELLATION))
    assert case.plan == CANCELLATION
    assert orders.order("SO20260053") == replace(before, state="cancelled", cancelled=clock.now)
    assert orders.order("SO20260023").state == "unpaid"


def test_numbers_count_through_the_day_of_the_shop(store, desk, clock):
    assert store.file(filing(key="1")).number == "R20261120-0001"
    clock.now = datetime(2026, 11, 20, 15, 59, tzinfo=timezone.utc)
    desk.check(NUMBER, Contact("phone_tail", "8091"), "a")
    assert store.file(filing(key="2")).number == "R20261120-0002"
    clock.now += timedelta(minutes=1)
    assert store.file(filing(key="3")).number == "R20261121-0001"


# --- once


def test_the_same_filing_gives_the_same_case_whatever_has_become_of_the_order(store, database, clock):
    case = store.file(filing())
    before = counts(database)
    clock.now += timedelta(days=400)  # the proof has expired, and the rules would refuse
    assert store.file(filing(again=lambda matter: Refusal("warranty_over"))) == case
    assert store.file(filing(replace(RETURN, reason="defect"), pickup="elsewhere")) == case
    assert counts(database) == before


def test_a_key_counts_within_its_conversation(store):
    mine = store.file(filing(conversation="a"))
    again = unless_held(RETURN)
    assert store.file(filing(conversation="b", again=again)) == Changed(Refusal("already_in_case"))
    assert store.file(filing(conversation="stranger", again=again)) == Unproven()
    assert store.of_order(NUMBER)[1:] == (mine,)


def file_at_once(store, filings):
    """File from as many threads at the same moment."""
    outcomes = []
    barrier = threading.Barrier(len(filings))

    def run(each):
        barrier.wait()
        try:
            outcomes.append(store.file(each))
        except Exception as error:  # noqa: BLE001 - whatever a thread raises must reach the assertion
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in filings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_same_yes_delivered_twice_at_once_writes_once(store, database):
    before = counts(database)
    outcomes = file_at_once(store, [filing(again=unless_held(RETURN))] * 4)
    assert {type(outcome) for outcome in outcomes} == {Case}
    assert len(set(outcomes)) == 1
    assert counts(database) == [before[0] + 1, before[1] + 1, before[2] + 2]


def test_of_two_filings_for_the_same_pieces_at_once_one_finds_them_gone(store):
    again = unless_held(RETURN)
    filings = [filing(key="1", again=again), filing(key="2", conversation="b", again=again)]
    outcomes = sorted(file_at_once(store, filings), key=lambda outcome: type(outcome).__name__)
    assert isinstance(outcomes[0], Case)
    assert outcomes[1:] == [Changed(Refusal("already_in_case"))]
    assert store.of_order(NUMBER)[1:] == (outcomes[0],)


def test_filings_for_other_orders_at_once_get_numbers_of_their_own(store):
    plans = [replace(CANCELLATION, order_number=number) for number in ("SO20260023", "SO20260053")] * 2
    filings = [filing(plan, key=f"{position}") for position, plan in enumerate(plans)]
    numbers = {outcome.number for outcome in file_at_once(store, filings)}
    assert numbers == {f"R20261120-000{serial}" for serial in (1, 2, 3, 4)}


def test_many_filings_for_other_orders_at_once_are_all_filed(store):
    """Without turns about the next number, some of them would lose more races than they may."""
    plans = [replace(CANCELLATION, order_number=f"SO202600{53 if key % 2 else 23}") for key in range(12)]
    outcomes = file_at_once(store, [filing(plan, key=f"{key}") for key, plan in enumerate(plans)])
    assert {outcome.number for outcome in outcomes} == {f"R20261120-{serial:04}" for serial in range(1, 13)}


def test_a_number_that_another_process_took_first_is_not_given_out_twice(store, monkeypatch):
    """As where another version of Kefu writes to the same tables."""
    first = store.file(filing(key="1"))
    serials = iter([1, 1, 2])
    monkeypatch.setattr(case_rows, "next_serial", lambda *_: next(serials))
    assert store.file(filing(key="2")).number == "R20261120-0002"
    assert [case.number for case in store.of_order(NUMBER)][1:] == [first.number, "R20261120-0002"]


# --- by the order's customer


@pytest.mark.parametrize(
    ("conversation", "order"),
    [("stranger", NUMBER), ("a", "SO20260001"), ("a", "SO99999999"), ("a", "' OR 1=1 --"), ("", NUMBER)],
)
def test_without_proof_nothing_is_written_or_worked_out(store, database, conversation, order):
    before = counts(database)
    called = []
    unproven = filing(replace(RETURN, order_number=order), conversation=conversation, again=called.append)
    assert store.file(unproven) == Unproven()
    assert (counts(database), called) == (before, [])


def test_a_proof_that_has_expired_since_the_summary_does_not_count(store, desk, clock):
    clock.now += timedelta(minutes=59)
    assert isinstance(store.file(filing(key="1")), Case)
    clock.now += timedelta(minutes=1)
    assert not desk.is_proven(NUMBER, "a")
    assert store.file(filing(key="2")) == Unproven()


# --- only as confirmed


@pytest.mark.parametrize(
    "outcome",
    [
        Refusal("already_cancelled"),
        replace(RETURN, refund=(Share("wechat", 15799),)),
        replace(RETURN, lines=(Line(1, 1),)),
        replace(RETURN, postage="shop"),
        replace(RETURN, rule="defect_window"),
        replace(RETURN, delivery_cents=800),
        replace(RETURN, kind="interception"),
        replace(RETURN, order_number="SO20260053"),
        replace(RETURN, send_by=None),
    ],
)
def test_another_outcome_than_the_confirmed_one_writes_nothing(store, database, outcome):
    before = counts(database)
    assert store.file(filing(again=lambda matter: outcome)) == Changed(outcome)
    assert counts(database) == before
    assert isinstance(store.file(filing()), Case), "the key is still free"


def test_a_day_that_moved_over_midnight_is_no_change_and_is_written_as_it_is_now(store):
    moved = replace(RETURN, send_by=date(2026, 11, 28))
    case = store.file(filing(again=lambda matter: moved))
    assert case.plan == moved
    assert store.of_order(NUMBER)[-1].plan == moved


def test_the_rules_are_asked_again_about_the_order_as_it_is_now(store, database, clock):
    with database.writing() as connection:
        connection.execute(sa.update(tables.orders).where(tables.orders.c.number == NUMBER).values(state="cancelled"))
    clock.now += timedelta(minutes=5)
    seen = []
    store.file(filing(again=lambda matter: seen.append(matter) or RETURN))
    assert [(matter.order.state, matter.now, len(matter.cases)) for matter in seen] == [("cancelled", clock.now, 1)]


def test_a_change_to_the_order_that_is_being_written_is_waited_for(store, database):
    """Somebody cancels it between summary and yes, and is not done when the yes arrives."""

    def again(matter):
        return Refusal("already_cancelled") if matter.order.state == "cancelled" else RETURN

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as connection:
            here = tables.orders.c.number == NUMBER
            connection.execute(sa.update(tables.orders).where(here).values(state="cancelled"))
            outcome = pool.submit(store.file, filing(again=again))
            with pytest.raises(TimeoutError):
                outcome.result(timeout=0.3)
        assert outcome.result() == Changed(Refusal("already_cancelled"))


# --- whole or not at all


REFUSING = {
    "sqlite": ["CREATE TRIGGER refuse BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'no'); END"],
    "postgresql": [
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RAISE integrity_constraint_violation; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION no()",
    ],
}
ACCEPTING = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP TRIGGER refuse ON {}"}


@pytest.mark.parametrize("table", ["case_lines", "case_refunds"])
def test_a_database_that_fails_midway_leaves_nothing(store, database, orders, table):
    before = counts(database)
    with database.writing() as connection:
        for statement in REFUSING[connection.dialect.name]:
            connection.execute(sa.text(statement.format(table)))
    with pytest.raises(StoreError, match="refused a numbered row 5 times"):
        store.file(filing(CANCELLATION))
    assert counts(database) == before
    assert orders.order("SO20260053").state == "picking"
    with database.writing() as connection:
        connection.execute(sa.text(ACCEPTING[connection.dialect.name].format(table)))
    assert isinstance(store.file(filing(CANCELLATION)), Case)


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_crash_between_two_statements_leaves_nothing(store, database, orders, after):
    before = counts(database)
    written = []

    def crash(connection, cursor, statement, *_):
        if statement.startswith(("INSERT", "UPDATE")):
            written.append(statement)
            if len(written) == after:
                raise RuntimeError("crash")

    sa.event.listen(database._engine, "after_cursor_execute", crash)
    with pytest.raises(RuntimeError, match="crash"):
        store.file(filing(CANCELLATION))
    sa.event.remove(database._engine, "after_cursor_execute", crash)
    assert len(written) == after
    assert counts(database) == before
    assert orders.order("SO20260053").state == "picking"
    assert isinstance(store.file(filing(CANCELLATION)), Case)


def test_rules_that_fail_leave_nothing_and_no_lock(store, database):
    before = counts(database)
    with pytest.raises(KeyError):
        store.file(filing(again=lambda matter: {}["reason"]))
    assert counts(database) == before
    assert isinstance(store.file(filing()), Case)


def test_a_locked_order_is_one_clear_error_and_the_filing_can_be_repeated(
    database_url, store, database, clock, monkeypatch
):
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 0.1)
    impatient = CaseStore(Database(database_url), clock, store.matter(NUMBER).policy, OrderSettings())
    before = counts(database)
    with database.writing() as other:
        lock_order(other, NUMBER)
        with pytest.raises(StoreError, match="OperationalError") as caught:
            impatient.file(filing(pickup="my secret address"))
        assert "secret" not in str(caught.value)
        assert impatient.matter(NUMBER) == store.matter(NUMBER), "reading goes on"
    assert counts(database) == before
    assert isinstance(impatient.file(filing()), Case)
