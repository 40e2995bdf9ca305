"""Why an answer came about: the last decision of a conversation, over HTTP and by `kefu why`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from kefu.actions.explained import LastDecisions
from kefu.cli import cli
from kefu.dialogue.presale.query import Presale
from kefu.errors import ActionServerError
from kefu.knowledge.decision import Decision, Trace
from kefu.knowledge.live.presale import PresaleAnswer
from tests.action.test_knowledge_routes import TOKEN, Server

QUESTION = "How do I get an invoice?"
TRACE = Trace(1, {}, {}, {}, {}, "off", {"answer": 0.5}, {})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The action server of a shop with an index."""
    server = Server(tmp_path_factory.mktemp("shop"), TOKEN)
    # It is read with the first request.
    settings = {"embedding": {"model": "fake"}, "orders": {"seed": None}}
    server.endpoints.write_text(yaml.safe_dump(settings), encoding="utf-8")
    command = [sys.executable, "-m", "kefu.cli", "index", "--endpoints", str(server.endpoints)]
    try:
        subprocess.run(command, check=True, capture_output=True)
        server.wait()
        yield server
    finally:
        server.stop()


def ask(server: Server, sender: str, text: str = QUESTION) -> None:
    message = {"text": text, "intent": {"name": "ask_question", "confidence": 1.0}, "entities": []}
    tracker = {
        "sender_id": sender,
        "slots": {"language": "en"},
        "latest_message": message,
        "events": [{"event": "user", "timestamp": 1.0, "text": text, "parse_data": message}],
        "latest_input_channel": "rest",
        "active_loop": {},
        "latest_action_name": "action_listen",
        "paused": False,
        "followup_action": None,
    }
    call = {"next_action": "action_answer_question", "sender_id": sender, "tracker": tracker, "domain": {}}
    answer = requests.post(f"{server.url}/webhook", json={**call, "version": "3.6.21"}, timeout=60)
    assert answer.status_code == 200, answer.text


def why(server: Server, *arguments: str, token: str = TOKEN) -> Result:
    return CliRunner().invoke(cli, ["why", *arguments, "--url", server.url], env={"KEFU_KNOWLEDGE_TOKEN": token})


def test_the_last_decision_of_a_conversation_is_told(server: Server) -> None:
    ask(server, "anna/1")
    ask(server, "bert", "Can I bring my dog?")
    found = server.ask("GET", "/why/anna%2F1").json()
    assert (found["conversation"], found["decision"]["entry_id"]) == ("anna/1", "invoice")
    assert found["decision"]["trace"]["routes"]["dense"] and QUESTION not in str(found["decision"]["trace"])
    assert server.ask("GET", "/why").json()["conversation"] == "bert"
    assert server.ask("GET", "/stats").json()["answers"]["decided"] >= 2


def test_the_command_prints_it(server: Server) -> None:
    ask(server, "carl")
    shown = why(server, "carl")
    assert shown.exit_code == 0, shown.output
    for expected in ("carl: answer with invoice", "confidence", "thresholds", "dense", "timings"):
        assert expected in shown.output
    assert '"conversation": "carl"' in why(server, "carl", "--json").output


def show(**told: object) -> str:
    """Give what `kefu why` prints of an answer, by way of JSON."""
    content = json.loads(json.dumps({"conversation": "eve", **told}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kefu.cli.why._asked", lambda *_: content)
        return CliRunner().invoke(cli, ["why", "eve", "--url", "http://127.0.0.1:9"]).output


def test_the_command_prints_what_was_read_of_goods() -> None:
    moment = datetime(2026, 11, 20, 4, tzinfo=timezone.utc)
    answer = PresaleAnswer("In stock.", "the shop's catalogue", moment, Presale("stock", ("rice_cooker",)))
    assert show(goods=answer.to_json()) == (
        "eve: answer about goods, from the shop's catalogue, as of 2026-11-20T04:00:00+00:00\n"
        "read: kind stock · articles ['rice_cooker']\n"
    )
    assert "as of not known\nread: goods that are not sold" in show(
        goods=replace(answer, as_of=None, query=None).to_json()
    )


def test_the_command_names_all_sources_and_what_was_chosen() -> None:
    quoted = Decision("answer", "en", "a", origin="quoted", sources=("a", "b"), trace=TRACE)
    assert "eve: answer (quoted) with a, b" in show(decision=quoted.to_json())
    chosen = show(decision=Decision("answer", "en", "a", confidence=1.0).to_json())
    assert "eve: answer with a" in chosen and "chose it" in chosen and "threshold" not in chosen


def test_what_cannot_be_told_is_said(server: Server) -> None:
    assert server.ask("GET", "/why/nobody").status_code == 404
    assert server.ask("GET", "/why", token=None).status_code == 401
    nowhere = CliRunner().invoke(cli, ["why", "--url", "http://127.0.0.1:9"], env={"KEFU_KNOWLEDGE_TOKEN": TOKEN})
    for result, named in (
        (why(server, "nobody"), "No question"),
        (why(server, token="x" * 20), "401|Bearer"),
        (why(server, token=""), "KEFU_KNOWLEDGE_TOKEN is not set"),
        (nowhere, "make serve"),
    ):
        assert isinstance(result.exception, ActionServerError)
        assert any(part in str(result.exception) for part in named.split("|"))


def test_only_so_many_conversations_are_kept() -> None:
    kept = LastDecisions(2)
    for name in ("a", "b", "a", "c"):
        kept.keep(name, Decision("abstain", "en"))
    assert [kept.last(name) is not None for name in ("a", "b", "c")] == [True, False, True]
    latest = kept.last()
    assert latest is not None and latest[0] == "c" and LastDecisions().last() is None
