"""Both servers are killed in the middle of a return and started anew: nothing is asked again, one case is filed."""

import contextlib
import re
import signal
import sqlite3
import subprocess
from typing import Any
from uuid import uuid4

import psutil
import pytest

pytestmark = pytest.mark.full

_RETURN_NUMBER = re.compile(r"R\d{8}-\d{4}")
_ASKS_WHO = re.compile(r"后四位|下单邮箱|订单号")


def kill_both(serving: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """Send a signal to each server by its pid, and see `kefu up` end with them."""
    servers = psutil.Process(serving.pid).children()
    assert len(servers) == 2, servers
    for server in servers:
        server.send_signal(number)
    assert serving.wait(60) == 1


def filed(clone: Any, sender: str) -> list[tuple[str, str, str]]:
    """The cases that a conversation has filed, read behind the servers' backs."""
    query = "SELECT order_number, kind, reason FROM cases WHERE conversation = ?"
    with contextlib.closing(sqlite3.connect(clone.folder / ".kefu" / "shop.db")) as database:
        return database.execute(query, (sender,)).fetchall()


@pytest.mark.parametrize(
    ("number", "order", "tail"), [(signal.SIGTERM, "SO20260016", "8063"), (signal.SIGKILL, "SO20260007", "8034")]
)
def test_a_return_goes_on_where_it_was(
    clone: Any, first: "subprocess.CompletedProcess[str]", number: signal.Signals, order: str, tail: str
) -> None:
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    me = uuid4().hex
    with clone.serving() as serving:
        assert "后四位" in clone.say(f"我要退货，{order}", me)
        assert "原因" in clone.say(tail, me)
        kill_both(serving, number)
    with clone.serving() as serving:
        summary = clone.say("不想要了", me)
        assert order in summary and "确认提交吗" in summary
        assert not _ASKS_WHO.search(summary.replace(f"订单号 {order}", ""))
        kill_both(serving, number)
    assert filed(clone, me) == []
    with clone.serving():
        said = clone.say("确认提交", me)
        number = _RETURN_NUMBER.search(said)
        assert number, said
        assert number.group() in clone.say("确认提交", me)  # told again, not filed again
    assert filed(clone, me) == [(order, "return", "no_reason")]
    assert clone.left_behind() == []
