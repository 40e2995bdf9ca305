"""`kefu doctor`: every fault is found, named and given a remedy."""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kefu.cli.doctor import command
from kefu.cli.init import create_project
from kefu.knowledge.index.build import build_index
from kefu.models import build_embedder
from kefu.ops import checks, training
from kefu.ops.checks import Finding
from kefu.ops.project import open_project
from kefu.ops.stamps import Stamp, write_stamp


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which all is well."""
    folder = tmp_path_factory.mktemp("doctor") / "shop"
    create_project(folder)
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(endpoints.read_text(encoding="utf-8").replace("model: embedded", "model: fake"), "utf-8")
    opened = open_project(endpoints)
    build_index(opened.settings, build_embedder(opened.settings.embedding))
    opened.models.mkdir()
    (opened.models / "model.tar.gz").write_bytes(b"model")
    write_stamp(opened.models / training.STAMP_NAME, Stamp(training.inputs_digest(opened), "model.tar.gz"))
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it. The packages are imported by one test only, since that takes seconds."""
    monkeypatch.setattr(checks, "_imports", lambda: Finding("package imports", True, "not done here"))
    return shutil.copytree(built, tmp_path / "shop")


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        numbers = (one.getsockname()[1], two.getsockname()[1])
    yield numbers


def doctor(project: Path, ports: tuple[int, int], *options: str) -> Result:
    arguments = [
        "--endpoints",
        str(project / "endpoints.yml"),
        "--port",
        str(ports[0]),
        "--action-port",
        str(ports[1]),
    ]
    return CliRunner().invoke(command, [*arguments, *options])


def wrong(result: Result) -> dict[str, str]:
    """The names of what is not well, with the remedies."""
    return {check["name"]: check["remedy"] for check in json.loads(result.output)["checks"] if not check["ok"]}


def test_all_is_well(project: Path, ports: tuple[int, int]) -> None:
    result = doctor(project, ports)
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert result.output.count("✓") == 12


def test_json_is_all_that_json_prints(project: Path, ports: tuple[int, int]) -> None:
    content = json.loads(doctor(project, ports, "--json").output)
    assert content["ok"] is True
    assert {check["name"] for check in content["checks"]} >= {"Python", "embedding model", "knowledge index"}


@pytest.mark.parametrize(
    ("file", "text", "name", "remedy"),
    [
        (
            "data/knowledge/example.yml",
            "entries:\n- {id: a, zh: {question: 问, answer: 答}}\n",
            "knowledge index",
            "index",
        ),
        ("data/nlu/orders.yml", "nlu: []\n", "Rasa model", "train"),
        ("endpoints.yml", "embeding: {}\n", "project", "Correct"),
        ("endpoints.yml", "embedding:\n  model: fake\n  dimension: 8\n", "embedding model", "Correct"),
        ("endpoints.yml", "embedding:\n  model: fake\n  dimension: 32\n", "knowledge index", "index"),
        (
            "endpoints.yml",
            "embedding: {model: fake}\norders:\n  url: postgresql://nobody:secret@127.0.0.1:1/x\n",
            "database: orders",
            "start",
        ),
    ],
)
def test_a_fault_is_found(project: Path, ports: tuple[int, int], file: str, text: str, name: str, remedy: str) -> None:
    (project / file).write_text(text, encoding="utf-8")
    result = doctor(project, ports, "--json")
    assert result.exit_code == 1
    assert remedy in wrong(result)[name]
    assert "secret" not in result.output


def test_a_port_in_other_hands_is_found(project: Path, ports: tuple[int, int]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", ports[0]))
        holder.listen()
        assert list(wrong(doctor(project, ports, "--json"))) == [f"port {ports[0]}"]


def test_a_folder_without_a_project_is_said(tmp_path: Path, ports: tuple[int, int], project: Path) -> None:
    result = doctor(tmp_path, ports)
    assert result.exit_code == 1
    assert "kefu init" in result.output


def test_a_broken_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_MODULES", ("json", "no_such_module"))
    finding = checks._imports()
    assert not finding.ok
    assert "no_such_module: ModuleNotFoundError" in finding.detail
    monkeypatch.setattr(checks, "_MODULES", ("json",))
    assert checks._imports().ok


def test_a_package_of_another_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.importlib.metadata, "version", lambda name: "2.0.0" if name == "numpy" else "1.0")
    finding = checks._versions()
    assert not finding.ok
    assert "numpy is 2.0.0, not" in finding.detail
