"""One server alone is killed in the middle of a return and started anew, while the other goes on.

Each half of what is known lies with one of them: the conversation with the Rasa server, proofs and cases with the
action server. `kefu up` ends both when one ends, so that here they run by themselves, as under a process manager.
"""

import contextlib
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import yaml

from kefu.ops.ports import local
from kefu.ops.services import Service, ended_together

pytestmark = pytest.mark.full

_PATIENCE = 180.0  # seconds until a server is ready
_RETURN_NUMBER = re.compile(r"R\d{8}-\d{4}")
_SORRY = "请稍后再试"  # of utter_service_trouble
_ASKS_WHO = re.compile(r"后四位|下单邮箱|请告诉我订单号")


@dataclass(frozen=True)
class Servers:
    """Both, over files of their own."""

    rasa: Service
    actions: Service
    port: int
    shop: Path

    def say(self, text: str, sender: str) -> str:
        """Say something over REST, and give the whole reply."""
        address = local(self.port, "/webhooks/rest/webhook")
        answer = requests.post(address, json={"sender": sender, "message": text}, timeout=60)
        assert answer.status_code == 200, answer.text
        return "\n".join(part.get("text", "") for part in answer.json())

    def cases(self, sender: str) -> list[tuple[str, str, str]]:
        """The cases that a conversation has filed, read behind the servers' backs."""
        query = "SELECT order_number, kind, reason FROM cases WHERE conversation = ?"
        with contextlib.closing(sqlite3.connect(self.shop)) as database:
            return database.execute(query, (sender,)).fetchall()


@pytest.fixture
def servers(clone: Any, first: "subprocess.CompletedProcess[str]", tmp_path: Path) -> Iterator[Servers]:
    """Start both with the clone's model and index; orders and conversations are this test's."""
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    content = yaml.safe_load((clone.folder / "endpoints.yml").read_text(encoding="utf-8"))
    content["action_endpoint"]["url"] = local(clone.action_port, "/webhook")
    content["orders"]["url"] = content["handoff"]["url"] = f"sqlite:///{tmp_path}/shop.db"
    content["tracker_store"]["db"] = str(tmp_path / "tracker.db")
    endpoints = clone.folder / ".endpoints-alone.yml"  # beside the original: paths in it start from there
    endpoints.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    python, environment = str(clone.folder / ".venv/bin/python"), {"KEFU_ENDPOINTS": str(endpoints), "USE_TF": "0"}
    actions = Service(
        "the action server",
        [python, "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(clone.action_port)],
        tmp_path / "actions.log",
        local(clone.action_port, "/health"),
        clone.folder,
        environment,
    )
    rasa = Service(
        "the Rasa server",
        [python, "-m", "kefu.cli", "run", "--port", str(clone.port), "--endpoints", str(endpoints)],
        tmp_path / "rasa.log",
        local(clone.port, "/webhooks/rest/"),
        clone.folder,
        environment,
    )
    both = [actions, rasa]
    try:
        with ended_together(both):
            for server in both:
                server.start()
            for server in both:
                server.wait_until_ready(_PATIENCE)
            yield Servers(rasa, actions, clone.port, tmp_path / "shop.db")
    finally:
        endpoints.unlink()


def kill(server: Service) -> None:
    """End a server as a crash does, with nothing put in order first."""
    assert server._process is not None
    server._process.kill()
    server._process.wait()


def start_again(server: Service) -> None:
    server.start()
    server.wait_until_ready(_PATIENCE)


def test_a_return_goes_on_when_the_rasa_server_alone_was_restarted(servers: Servers) -> None:
    me = uuid4().hex
    assert "后四位" in servers.say("我要退货，SO20260016", me)
    assert "原因" in servers.say("8063", me)
    kill(servers.rasa)
    with pytest.raises(requests.ConnectionError):
        servers.say("不想要了", me)
    start_again(servers.rasa)
    summary = servers.say("不想要了", me)
    assert "SO20260016" in summary and "确认提交吗" in summary
    kill(servers.rasa)
    start_again(servers.rasa)
    assert servers.cases(me) == []
    filed = _RETURN_NUMBER.search(said := servers.say("确认提交", me))
    assert filed, said
    kill(servers.rasa)
    start_again(servers.rasa)
    assert filed.group() in servers.say("确认提交", me), "told again, not filed again"
    assert servers.cases(me) == [("SO20260016", "return", "no_reason")]


def test_a_return_goes_on_when_the_action_server_alone_was_restarted(servers: Servers) -> None:
    """While it is away the customer hears so; afterwards he says it again, and goes on where he was."""
    me = uuid4().hex
    assert "后四位" in servers.say("我要退货，SO20260016", me)
    assert "原因" in servers.say("8063", me)
    kill(servers.actions)
    assert _SORRY in servers.say("不想要了", me)
    start_again(servers.actions)
    summary = servers.say("不想要了", me)
    assert "SO20260016" in summary and "确认提交吗" in summary
    assert not _ASKS_WHO.search(summary), "who he is has been proven, and the proof lies in the store"
    kill(servers.actions)
    assert _SORRY in servers.say("确认提交", me)
    assert servers.cases(me) == []
    start_again(servers.actions)
    filed = _RETURN_NUMBER.search(said := servers.say("确认提交", me))
    assert filed, said
    assert filed.group() in servers.say("确认提交", me), "told again, not filed again"
    assert servers.cases(me) == [("SO20260016", "return", "no_reason")]
