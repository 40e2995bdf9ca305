"""What bench/engines.py puts beside Kefu's servers: stock Rasa's pipeline under this project's policies."""

import importlib
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from kefu.ops.project import open_project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    return importlib.import_module("rasa_servers")


def test_stock_rasa_has_its_own_pipeline_and_the_projects_policies(bench: Any) -> None:
    project = open_project(ROOT / "endpoints.yml")
    found = bench.stock_config(project)
    names = [component["name"] for component in found["pipeline"]]
    assert "DIETClassifier" in names and not any(name.startswith("kefu.") for name in names)
    assert found["policies"] == yaml.safe_load(project.config.read_text(encoding="utf-8"))["policies"]
    assert "importers" not in found


def test_stock_rasa_has_a_row_beside_kefus(bench: Any) -> None:
    served = [
        bench.Served(bench.STOCK, 21.04, 1300.4, 5.55, 7.5),
        bench.Served("action server, onnx", 3.0, 300.0),
        bench.Served("`kefu run`, onnx", 15.0, 900.0, 3.4, 4.1),
    ]
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(bench.servers_table(served))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in console.export_text().splitlines()]
    assert [row for row in rows if row and row[0]][-3:] == [
        ["stock `rasa run`", "21.0", "1300", "5.5 / 7.5"],
        ["action server, onnx", "3.0", "300", ""],
        ["`kefu run`, onnx", "15.0", "900", "3.4 / 4.1"],
    ]
