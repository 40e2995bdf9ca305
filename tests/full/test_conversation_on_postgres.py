"""A return from the first word to its number, through the running servers, all of whose data is in Postgres.

Postgres goes away in the middle: the customer is told, and goes on where he was.
"""

import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import requests
import sqlalchemy as sa
import yaml

pytestmark = pytest.mark.full

ORDER, TAIL = "SO20260016", "8063"
SORRY = "请稍后再试"  # of utter_service_trouble


@dataclass(frozen=True)
class Servers:
    """Both servers, and the database that they share."""

    port: int
    url: str

    def say(self, text: str, sender: str) -> str:
        """Say something over REST, and give the whole reply."""
        address = f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"
        answer = requests.post(address, json={"sender": sender, "message": text}, timeout=60)
        assert answer.status_code == 200, answer.text
        return "\n".join(part.get("text", "") for part in answer.json())

    def rows(self, query: str, **values: str) -> list[Any]:
        """Read the database behind the servers' backs."""
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return connection.execute(sa.text(query), values).all()

    def cases(self, sender: str) -> list[Any]:
        """The cases that a conversation has filed."""
        return self.rows("SELECT kind, reason FROM cases WHERE conversation = :sender", sender=sender)


@pytest.fixture(scope="module")
def servers(clone: Any, first: "subprocess.CompletedProcess[str]", postgres: Any) -> Iterator[Servers]:
    """Orders, tickets and Rasa's conversations in one database, as the README writes it."""
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    with postgres.database() as url:
        parsed = sa.engine.make_url(url)
        content = yaml.safe_load((clone.folder / "endpoints.yml").read_text(encoding="utf-8"))
        content["orders"]["url"] = content["handoff"]["url"] = url
        content["tracker_store"] = {
            "type": "SQL",
            "dialect": "postgresql",
            "username": parsed.username,
            "db": parsed.database,
            "query": dict(parsed.query),
        }
        endpoints = clone.folder / "endpoints-postgres.yml"
        endpoints.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        ports = ("--port", str(clone.port), "--action-port", str(clone.action_port))
        command = [".venv/bin/kefu", "up", "--serve-only", *ports, "--endpoints", str(endpoints)]
        with subprocess.Popen(command, cwd=clone.folder, stdout=subprocess.PIPE, text=True) as serving:
            try:
                assert serving.stdout is not None
                said = ""
                while "Ctrl-C" not in said.rpartition("\n")[2]:
                    line = serving.stdout.readline()
                    assert line, f"the servers have not started: {said}"
                    said += line.rstrip("\n") if line.startswith("Ctrl-C") else line
                assert re.search(r"Rasa model +unchanged", said), said
                yield Servers(clone.port, url)
            finally:
                serving.send_signal(signal.SIGTERM)
                serving.wait(60)


def test_a_return_from_the_first_word_to_its_number(servers: Servers) -> None:
    me = uuid4().hex
    assert "后四位" in servers.say(f"我要退货，{ORDER}，不想要了", me)
    assert "确认提交吗" in servers.say(TAIL, me)
    assert servers.cases(me) == []
    said = servers.say("确认提交", me)
    number = re.search(r"R\d{8}-\d{4}", said)
    assert number, said
    assert [tuple(row) for row in servers.cases(me)] == [("return", "no_reason")]
    assert len(servers.rows("SELECT 1 FROM identity_proofs WHERE conversation = :sender", sender=me)) == 1
    ticket = re.search(r"T\d{8}-\d{4}", servers.say("转人工", me))
    assert ticket
    assert len(servers.rows("SELECT 1 FROM tickets WHERE conversation = :sender", sender=me)) == 1
    told = servers.rows("SELECT data FROM events WHERE sender_id = :sender AND type_name = 'bot'", sender=me)
    assert any(number.group() in row.data for row in told)


def test_postgres_goes_away_before_the_yes_and_comes_back(servers: Servers, postgres: Any) -> None:
    me = uuid4().hex
    servers.say("我要退货，SO20260007，不想要了", me)
    summary = servers.say("8034", me)
    assert "确认提交吗" in summary
    postgres.stop()
    try:
        assert SORRY in servers.say("确认提交", me)
        assert "try again in a moment" in servers.say("I want to return something", uuid4().hex)
    finally:
        postgres.start()
    assert servers.cases(me) == []
    said = servers.say("确认提交", me)
    number = re.search(r"R\d{8}-\d{4}", said)
    assert number, said
    assert number.group() in servers.say("确认提交", me)  # told again, not filed again
    assert [tuple(row) for row in servers.cases(me)] == [("return", "no_reason")]
