"""`kefu up` with servers that a test can see through: what is started, in which order, and that all of it ends."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kefu.cli import chat, up
from kefu.cli.init import create_project
from kefu.errors import SettingsError
from kefu.ops import indexing
from kefu.ops.indexing import bring_up_to_date, is_fresh
from kefu.ops.project import Project, open_project
from kefu.ops.services import Service, ServiceError
from kefu.ops.training import Trained
from kefu.ops.warm_up import ACTION, ask_once

SERVER = """
import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200); self.end_headers()
        if "next_action" in body:
            print("asked", body["next_action"], flush=True)
        self.wfile.write(json.dumps([{"text": "echo " + body.get("message", "")}]).encode())
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    create_project(tmp_path / "shop")
    endpoints = tmp_path / "shop" / "endpoints.yml"
    endpoints.write_text(endpoints.read_text(encoding="utf-8").replace("model: embedded", "model: fake"), "utf-8")
    return open_project(endpoints)


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        numbers = (one.getsockname()[1], two.getsockname()[1])
    yield numbers


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Service]:
    """Put small servers in the place of Rasa's and the SDK's, and a finished build in the place of a build."""
    services: list[Service] = []
    real_start = Service.start

    def start(service: Service) -> None:
        port = service.health.split(":")[2].split("/")[0]
        code = "print('the reason'); raise SystemExit(7)" if "BROKEN" in service.environment else SERVER
        service.command = [sys.executable, "-c", code, port]
        services.append(service)
        real_start(service)

    monkeypatch.setattr(Service, "start", start)
    monkeypatch.setattr(up, "bring_up_to_date", lambda project, show: False)
    monkeypatch.setattr(up, "train", lambda project, show: Trained(project.models / "x", is_new=True))
    return services


def arguments(project: Project, ports: tuple[int, int]) -> list[str]:
    return ["--endpoints", str(project.endpoints), "--port", str(ports[0]), "--action-port", str(ports[1])]


def test_from_nothing_to_a_conversation_and_back(
    project: Project, ports: tuple[int, int], started: list[Service]
) -> None:
    result = CliRunner().invoke(up.command, arguments(project, ports), input="你好\n/stop\n")
    assert result.exit_code == 0, result.output
    steps = [line for line in result.output.splitlines() if line.startswith("✓")]
    assert [line.split("  ")[0] for line in steps] == [
        "✓ knowledge index",
        "✓ Rasa model",
        f"✓ action server on {ports[1]}",
        f"✓ Rasa server on {ports[0]}",
        "✓ first answer",
    ]
    assert "unchanged" in steps[0] and "unchanged" not in steps[1]
    assert started[0].log.read_text() == f"asked {ACTION}\n"
    assert "试试看" in result.output and "kefu ‹ echo 你好" in result.output
    assert not any(service.is_running() for service in started)


def test_another_action_port_reaches_rasa_and_leaves_no_file(
    project: Project, ports: tuple[int, int], started: list[Service]
) -> None:
    before = {path.name for path in project.root.iterdir()}
    with up._endpoints_for(project, ports[1]) as used:
        other = open_project(used)
        assert (other.root, up._action_port(other)) == (project.root, ports[1])
        assert other.settings == project.settings
    with up._endpoints_for(project, 5055) as used:
        assert used == project.endpoints
    assert {path.name for path in project.root.iterdir()} == before


def test_a_server_that_dies_is_explained_and_the_other_one_ends(
    project: Project, ports: tuple[int, int], started: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = up._rasa_server

    def broken(*given: object) -> Service:
        service = real(*given)  # type: ignore[arg-type]
        service.environment = {**service.environment, "BROKEN": "1"}
        return service

    monkeypatch.setattr(up, "_rasa_server", broken)
    result = CliRunner().invoke(up.command, arguments(project, ports), input="")
    assert isinstance(result.exception, ServiceError)
    assert "status 7" in str(result.exception) and "| the reason" in str(result.exception)
    assert len(started) == 2
    assert not any(service.is_running() for service in started)


def test_a_taken_port_stops_before_anything_is_built(
    project: Project, ports: tuple[int, int], started: list[Service]
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", ports[1]))
        holder.listen()
        result = CliRunner().invoke(up.command, arguments(project, ports), input="")
    assert isinstance(result.exception, SettingsError)
    assert str(ports[1]) in str(result.exception) and "ACTION_PORT" in str(result.exception)
    assert started == []


def test_a_server_that_died_meanwhile_is_named_in_the_conversation(
    project: Project, ports: tuple[int, int], started: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = up._show_examples

    def then_rasa_dies() -> None:
        real()
        started[1].stop()

    monkeypatch.setattr(up, "_show_examples", then_rasa_dies)
    result = CliRunner().invoke(up.command, arguments(project, ports), input="hello\n")
    assert "not delivered" in result.output
    assert f"Rasa server on {ports[0]} has ended" in result.output


def test_ctrl_c_at_the_prompt_ends_as_stop_does(
    project: Project, ports: tuple[int, int], started: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> bool:
        click.echo("you  › ", nl=False)
        raise KeyboardInterrupt

    monkeypatch.setattr(chat, "talk", interrupted)
    result = CliRunner().invoke(up.command, arguments(project, ports))
    assert result.exit_code == 0, result.output
    assert result.output.endswith("you  › \n再见！ Bye! Ending both servers …\n")
    assert len(started) == 2 and not any(service.is_running() for service in started)


@pytest.mark.parametrize("url", ["http://localhost:7777/webhook", "http://localhost/webhook"])
def test_the_action_port_is_the_one_that_rasa_will_call(project: Project, url: str) -> None:
    project.endpoints.write_text(f"action_endpoint:\n  url: {url}\n", encoding="utf-8")
    assert up._action_port(project) == (7777 if "7777" in url else up.ACTION_PORT)


def test_an_index_is_built_once_and_again_after_a_change(project: Project) -> None:
    assert not is_fresh(project)
    assert bring_up_to_date(project)
    assert is_fresh(project)
    assert not bring_up_to_date(project)
    entries = project.root / "data" / "knowledge" / "example.yml"
    entries.write_text(entries.read_text(encoding="utf-8").replace("多久发货", "几天发货"), encoding="utf-8")
    assert not is_fresh(project)


def test_a_lost_index_is_built_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    meta = project.root / ".kefu" / "index" / "manifest.json"

    def build(*_: object, **__: object) -> int:
        meta.parent.mkdir(parents=True, exist_ok=True)
        meta.write_text(f"{len(runs)}")
        (project.root / ".kefu" / "knowledge.db").touch()
        runs.append(0)
        return 0

    monkeypatch.setattr(indexing, "run_logged", build)
    assert bring_up_to_date(project)
    meta.unlink()
    assert bring_up_to_date(project)
    (project.root / ".kefu" / "knowledge.db").unlink()
    assert bring_up_to_date(project)
    assert len(runs) == 3


def test_an_action_server_that_is_away_does_not_hold_up_the_start() -> None:
    assert ask_once("http://127.0.0.1:1/webhook", 5) is False
