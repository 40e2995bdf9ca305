"""Postgres goes away, hangs and comes back: no wait is endless, nothing is half written, and all goes on.

That the stores do on Postgres what they do on SQLite is held by their own tests, which `make test-full` runs on both.
"""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kefu import database as database_module
from kefu.database import Database
from kefu.desk.tickets import Request, TicketDesk
from kefu.errors import StoreError
from kefu.settings import OrderSettings
from kefu.shop import tables
from kefu.shop.case_store import CaseStore, Filing
from kefu.shop.cases import Case, Line, Plan, Share
from kefu.shop.identity import Contact, IdentityDesk, Outcome
from kefu.shop.order_rows import lock_order
from kefu.shop.policy import load_policy
from kefu.shop.store import OrderStore

pytestmark = pytest.mark.full

SHOP = Path(__file__).parents[2] / "data/shop"
NUMBER = "SO20260053"
CANCELLATION = Plan(
    kind="cancellation",
    order_number=NUMBER,
    lines=(Line(1, 3),),
    reason=None,
    rule="cancel_before_shipping",
    postage="none",
    refund=(Share("gift_card", 10000), Share("wechat", 11970)),
)
FILING = Filing("a", "key", CANCELLATION, None, lambda matter: CANCELLATION)
TAIL = Contact("phone_tail", "8091")


def clock():
    return datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)


@pytest.fixture
def url(postgres):
    with postgres.database() as url:
        yield url


@dataclass(frozen=True)
class Shop:
    database: Database
    orders: OrderStore
    cases: CaseStore
    identity: IdentityDesk
    tickets: TicketDesk

    def rows(self):
        """What a filing writes: cases with their lines and refunds, and the order's state."""
        with self.database.reading() as connection:
            written = [tables.cases, tables.case_lines, tables.case_refunds]
            counted = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in written]
            state = sa.select(tables.orders.c.state).where(tables.orders.c.number == NUMBER)
            return [*counted, connection.scalar(state)]


def open_shop(url):
    database = Database(url)
    tickets = TicketDesk(database, clock, ZoneInfo("Asia/Shanghai"))
    cases = CaseStore(database, clock, load_policy(SHOP / "policy.yml"), OrderSettings())
    orders = OrderStore(database, clock, SHOP / "orders.yml")
    orders.prepare()
    tickets.prepare()
    return Shop(database, orders, cases, IdentityDesk(database, clock, OrderSettings()), tickets)


@pytest.fixture
def shop(url):
    """A shop whose customer has proven in the conversation `a` who she is."""
    shop = open_shop(url)
    shop.identity.check(NUMBER, TAIL, "a")
    yield shop
    shop.database.close()


@contextmanager
def at_most(seconds):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


# --- away


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_while_it_is_away_every_call_fails_at_once_and_afterwards_all_goes_on(postgres, shop, end):
    before = shop.rows()
    calls = [
        lambda: shop.orders.order(NUMBER),
        lambda: shop.cases.matter(NUMBER),
        lambda: shop.cases.file(FILING),
        lambda: shop.identity.check(NUMBER, TAIL, "b"),
        lambda: shop.identity.is_proven(NUMBER, "a"),
        lambda: shop.tickets.open(Request("a", "zh", "human")),
        lambda: shop.tickets.of_conversation("a"),
    ]
    getattr(postgres, end)()
    try:
        for call in calls:
            with at_most(1), pytest.raises(StoreError, match="OperationalError"):
                call()
    finally:
        postgres.start()
    assert shop.rows() == before
    assert isinstance(shop.cases.file(FILING), Case)
    assert shop.identity.check(NUMBER, TAIL, "b") is Outcome.PROVEN
    assert shop.tickets.open(Request("a", "zh", "human")).number == "T20261120-0001"


@pytest.mark.parametrize("end", ["stop", "kill"])
@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_server_that_ends_in_the_middle_of_a_filing_leaves_nothing(postgres, shop, after, end):
    before = shop.rows()
    written = []

    def then(connection, cursor, statement, *_):
        if statement.startswith(("INSERT", "UPDATE")):
            written.append(statement)
            if len(written) == after:
                getattr(postgres, end)()

    sa.event.listen(shop.database._engine, "after_cursor_execute", then)
    try:
        with at_most(5), pytest.raises(StoreError, match="The database failed"):
            shop.cases.file(FILING)
    finally:
        sa.event.remove(shop.database._engine, "after_cursor_execute", then)
        postgres.start()
    assert len(written) == after
    assert shop.rows() == before
    case = shop.cases.file(FILING)
    assert case.number == "R20261120-0001"
    assert shop.cases.file(FILING) == case


def test_a_filing_whose_success_was_not_heard_is_not_filed_again(postgres, shop):
    """The connection breaks between the commit and its answer."""
    before = shop.rows()
    engine = shop.database._engine
    commit = engine.dialect.do_commit

    def commit_and_break(connection):
        commit(connection)
        raise engine.dialect.dbapi.OperationalError("server closed the connection unexpectedly")

    engine.dialect.do_commit = commit_and_break
    with pytest.raises(StoreError, match="OperationalError"):
        shop.cases.file(FILING)
    engine.dialect.do_commit = commit
    after = shop.rows()
    assert after == [before[0] + 1, before[1] + 1, before[2] + 2, "cancelled"]
    assert shop.cases.file(FILING).number == "R20261120-0001"
    assert shop.rows() == after


def test_a_connection_that_the_server_has_closed_is_not_used(postgres, shop):
    ended = postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'kefu_%'")
    assert ended
    assert shop.orders.order(NUMBER).state == "picking"


def test_a_server_that_comes_up_later_than_the_shop_is_waited_for(postgres, url):
    postgres.stop()
    try:
        with pytest.raises(StoreError):
            open_shop(url)
    finally:
        postgres.start()
    assert open_shop(url).orders.order(NUMBER).state == "picking"


# --- waits


def test_a_statement_that_takes_too_long_is_broken_off(url, monkeypatch):
    monkeypatch.setattr(database_module, "_STATEMENT_SECONDS", 0.3)
    with at_most(2), pytest.raises(StoreError, match="QueryCanceled"), Database(url).reading() as connection:
        connection.execute(sa.text("SELECT pg_sleep(60)"))


def test_a_process_that_hangs_in_a_transaction_loses_it(url, shop, monkeypatch):
    monkeypatch.setattr(database_module, "_IDLE_SECONDS", 0.5)
    holding = threading.Event()
    failed = []

    def hang():
        try:
            with Database(url).writing() as connection:
                lock_order(connection, NUMBER)
                holding.set()
                time.sleep(1.5)
                lock_order(connection, NUMBER)
        except StoreError as error:
            failed.append(str(error))

    thread = threading.Thread(target=hang)
    thread.start()
    holding.wait()
    with at_most(1.4):
        assert isinstance(shop.cases.file(FILING), Case)
    thread.join()
    assert len(failed) == 1


def test_a_machine_that_takes_a_connection_and_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(database_module, "_CONNECT_SECONDS", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        mute = Database(f"postgresql://postgres@127.0.0.1:{port}/shop")
        with at_most(6), pytest.raises(StoreError, match="OperationalError"), mute.reading():
            pass


def test_what_the_url_says_of_waits_counts(url):
    for query, expected in (
        ("", ["10s", "15s", "1min"]),
        ("&options=-c%20lock_timeout%3D123%20-c%20statement_timeout%3D0", ["123ms", "0", "1min"]),
    ):
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        with Database(url + query).reading() as connection:
            assert [connection.scalar(sa.text(f"SHOW {name}")) for name in names] == expected


# --- what Postgres alone is strict about


def test_a_text_with_a_nul_is_stored_without_it(shop):
    case = shop.cases.file(replace(FILING, pickup="at the\0door"))
    assert shop.cases.of_order(NUMBER)[0].pickup == "at the\ufffddoor"
    assert isinstance(case, Case)
    assert shop.orders.order("SO\0") is None


def test_a_value_too_long_for_its_column_is_one_clear_error(shop):
    with pytest.raises(StoreError, match="StringDataRightTruncation") as caught:
        shop.tickets.open(Request("secret" * 50, "zh", "human"))
    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_exist_is_one_clear_error(url):
    with pytest.raises(StoreError, match=r'database "nowhere_[0-9a-f]+" does not exist'):
        open_shop(url.replace("kefu_", "nowhere_"))


def test_a_wrong_password_is_one_clear_error_that_does_not_quote_it(url, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "secret")
    with pytest.raises(StoreError, match='password authentication failed for user "postgres"') as caught:
        open_shop(url)
    assert "secret" not in str(caught.value)


def test_a_day_is_a_day_of_the_shop_whatever_the_servers_zone(postgres, shop, url):
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        postgres.execute(f"ALTER DATABASE {sa.engine.make_url(url).database} SET timezone = '{zone}'")
        elsewhere = open_shop(url)
        plan = replace(CANCELLATION, send_by=date(2026, 11, 27))
        case = elsewhere.cases.file(replace(FILING, key=zone, plan=plan, again=lambda matter, plan=plan: plan))
        assert case.number.startswith("R20261120-")
        assert elsewhere.cases.of_order(NUMBER)[-1] == case
        assert shop.orders.order(NUMBER) == elsewhere.orders.order(NUMBER)
