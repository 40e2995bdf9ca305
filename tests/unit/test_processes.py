"""Several processes on one database, as two action servers are: nothing twice, nothing lost."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# One process: it gets everything ready, waits for the word, and does its part. It prints what came of each call.
PROCESS = """
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from kefu.database import Database
from kefu.desk.tickets import Request, TicketDesk
from kefu.settings import OrderSettings
from kefu.shop.case_store import CaseStore, Filing
from kefu.shop.cases import Line, Plan, Share
from kefu.shop.identity import Contact, IdentityDesk
from kefu.shop.matter import Refusal
from kefu.shop.policy import load_policy
from kefu.shop.store import OrderStore

url, me = sys.argv[1:]
now = lambda: datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
database = Database(url)
orders = OrderStore(database, now, Path("data/shop/orders.yml"))
policy = load_policy(Path("data/shop/policy.yml"))
cases = CaseStore(database, now, policy, OrderSettings())
identity = IdentityDesk(database, now, OrderSettings())
tickets = TicketDesk(database, now, ZoneInfo("Asia/Shanghai"))
order = "SO20260054" if me == "a" else "SO20260053"  # Zhou Ting's, both of them


def plan(number):
    return Plan("return", number, (Line(1, 2),), "no_reason", "window", "customer", (Share("wechat", 15000),), 0, None)


def once(matter):
    return plan("SO20260054") if len(matter.cases) <= 1 else Refusal("already_in_case")


print("ready", flush=True)
sys.stdin.readline()
"""
PREPARE = "orders.prepare(); tickets.prepare()\n"
PROVE = "identity.check(order, Contact('phone_tail', '8091'), 'conversation')\n"


@pytest.fixture
def at_once(database_url):
    """Give a function that runs code in two processes at the same time, and gives what each printed."""

    def run(code: str, first: str = "") -> list[list[str]]:
        processes = [_start(database_url, me, first, code) for me in "ab"]
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.communicate()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60) for process in processes]
        assert [error for _, error in said] == ["", ""]
        return [printed.split() for printed, _ in said]

    return run


def _start(url, me, first, code):
    prepared = PROCESS.replace('print("ready"', f'{first}print("ready"') + code
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", prepared, url, me], cwd=ROOT, text=True, **pipes)


def test_both_find_the_shop_seeded_once(at_once):
    said = at_once(PREPARE + "print(len(orders.orders_of('lin_xiao')), len(cases.of_order('SO20260054')))")
    assert said == [["3", "1"]] * 2


def test_cases_of_both_are_numbered_through(at_once):
    filing = "cases.file(Filing('conversation', f'{me}{key}', plan(order), None, lambda _: plan(order)))"
    said = at_once(f"for key in range(20): print({filing}.number)", PREPARE + PROVE)
    assert sorted(said[0] + said[1]) == [f"R20261120-{serial:04}" for serial in range(1, 41)]


def test_the_same_yes_at_both_writes_once(at_once):
    filing = "cases.file(Filing('conversation', f'key {key}', plan('SO20260054'), None, once))"
    code = f"for key in range(3): print(getattr({filing}, 'number', 'changed'))\n"
    said = at_once(code + "print(len(cases.of_order('SO20260054')))", PREPARE + PROVE)
    assert said == [["R20261120-0001", "changed", "changed", "2"]] * 2


def test_tickets_of_both_are_numbered_through_and_one_for_each_conversation(at_once):
    opening = "tickets.open(Request(f'{name} {me if name == \"own\" else \"\"} {number}', 'zh', 'human')).number"
    code = f"for number in range(10):\n    for name in ('shared', 'own'): print({opening})"
    first, second = at_once(code, PREPARE)
    assert first[::2] == second[::2]
    assert sorted({*first, *second}) == [f"T20261120-{serial:04}" for serial in range(1, 31)]
    assert not set(first[1::2]) & set(second[1::2])


def test_guesses_at_both_are_counted_together(at_once):
    guess = "identity.check('SO20260001', Contact('phone_tail', '0000'), f'{me}{number}').value"
    first, second = at_once(f"for number in range(5): print({guess})", PREPARE)
    assert sorted(first + second) == ["exhausted"] * 6 + ["refused"] * 4
