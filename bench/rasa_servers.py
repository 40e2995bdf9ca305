"""This project's servers with each engine, and stock Rasa's beside them: start, memory, parse latency.

Stock Rasa is `rasa run` with the pipeline that `rasa init` writes, trained on this project's domain and rules, and on
some of its utterances: with all of them it trains for more than a quarter of an hour.
"""

import csv
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nlu
import numpy as np
import psutil
import requests
import yaml
from rich.table import Table

from kefu.ops.action_endpoint import endpoints_copy
from kefu.ops.ports import local
from kefu.ops.project import Project, open_project
from kefu.ops.services import Service, ended_together
from kefu.ops.warm_up import ask_once

ROOT = Path(__file__).resolve().parents[1]
STOCK = "stock `rasa run`"
PATIENCE = 300.0  # seconds until a server answers
WARM_UP = 5  # messages
MESSAGES = 200
FIRST = "几天可以退货？"


@dataclass(frozen=True)
class Served:
    """A server: seconds from its start to its first answer, what it occupies then; the time that a message takes.

    For the action server the first answer is that to a question, for a Rasa server a parsed message (over HTTP), and
    only the latter parses.
    """

    server: str
    start_s: float
    memory_mb: float
    parse_ms_p50: float | None = None
    parse_ms_p95: float | None = None


def measure_servers(engines: Sequence[str], per_intent: int) -> list[Served]:
    """Start stock Rasa's server, then both servers of this project with each engine.

    :param per_intent: utterances of each intent that stock Rasa learns from.
    """
    project = open_project(ROOT / "endpoints.yml")
    with tempfile.TemporaryDirectory() as scratch:
        found = [_stock(project, _train_stock(project, per_intent, Path(scratch)))]
    for engine in engines:
        found += _kefu(project, engine)
    return found


def stock_config(project: Project) -> dict[str, Any]:
    """Give stock Rasa's pipeline with the project's policies."""
    stock, own = (
        yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in (ROOT / "bench" / "pipelines" / "stock.yml", project.config)
    )
    return {**stock, "policies": own["policies"]}


def servers_table(servers: Sequence[Served]) -> Table:
    """Lay the servers out, one a line."""
    table = Table(title="Servers, each in a process of its own", title_justify="left")
    for heading in ("", "start to first answer, s", "memory, MB", "parse p50 / p95, ms"):
        table.add_column(heading, justify="right" if heading else "left")
    for one in servers:
        parse = "" if one.parse_ms_p50 is None else f"{one.parse_ms_p50:.1f} / {one.parse_ms_p95:.1f}"
        table.add_row(one.server, f"{one.start_s:.1f}", f"{one.memory_mb:.0f}", parse)
    return table


def _train_stock(project: Project, per_intent: int, folder: Path) -> Path:
    config = folder / "config.yml"
    config.write_text(yaml.safe_dump(stock_config(project)), encoding="utf-8")
    utterances, _ = nlu.own(per_intent, folder)
    command = [sys.executable, "-m", "rasa", "train", "--config", str(config), "--domain", str(project.domain)]
    command += ["--data", str(utterances), str(ROOT / "data" / "rules")]
    command += ["--out", str(folder), "--fixed-model-name", "stock"]
    done = subprocess.run(command, cwd=ROOT, env=project.environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"stock Rasa was not trained:\n{done.stderr[-3000:]}")
    return folder / "stock.tar.gz"


def _stock(project: Project, model: Path) -> Served:
    credentials = model.parent / "credentials.yml"
    credentials.write_text("rest:\n", encoding="utf-8")
    port, action_port = _free_ports()
    with endpoints_copy(project.endpoints, action_port) as endpoints:
        command = [sys.executable, "-m", "rasa", "run", "--model", str(model), "--credentials", str(credentials)]
        service = _rasa_service(project, STOCK, command, port, endpoints)
        with ended_together([service]):
            return _rasa_server(service, port)


def _kefu(project: Project, engine: str) -> list[Served]:
    port, action_port = _free_ports()
    with endpoints_copy(project.endpoints, action_port, embedding={"engine": engine}) as endpoints:
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(action_port)]
        actions = _service(project, f"action server, {engine}", command, local(action_port, "/health"), endpoints)
        command = [sys.executable, "-m", "kefu.cli", "run", "--model", str(project.models)]
        command += ["--credentials", str(project.root / "credentials.yml")]
        rasa = _rasa_service(project, f"`kefu run`, {engine}", command, port, endpoints)
        with ended_together([actions, rasa]):
            start, memory = _started(actions, lambda: ask_once(local(action_port, "/webhook"), PATIENCE))
            return [Served(actions.name, start, memory), _rasa_server(rasa, port)]


def _rasa_service(project: Project, name: str, command: list[str], port: int, endpoints: Path) -> Service:
    command = [
        *command,
        "--enable-api",
        "--port",
        str(port),
        "--interface",
        "127.0.0.1",
        "--endpoints",
        str(endpoints),
    ]
    return _service(project, name, command, local(port, "/webhooks/rest/"), endpoints)


def _service(project: Project, name: str, command: list[str], health: str, endpoints: Path) -> Service:
    environment = {**project.environment(), "KEFU_ENDPOINTS": str(endpoints), "SANIC_HOST": "127.0.0.1"}
    log = project.logs / f"bench-{''.join(letter for letter in name if letter.isalnum())}.log"
    return Service(name, command, log, health, project.root, environment)


def _rasa_server(service: Service, port: int) -> Served:
    with requests.Session() as session:

        def parsed(text: str) -> Any:
            answer = session.post(local(port, "/model/parse"), json={"text": text}, timeout=PATIENCE)
            return answer.json().get("intent")

        start, memory = _started(service, lambda: parsed(FIRST))
        times = []
        for text in _messages():
            began = time.perf_counter()
            parsed(text)
            times.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(times[WARM_UP:], [50, 95])
    return Served(service.name, start, memory, float(p50), float(p95))


def _started(service: Service, ask: Callable[[], object]) -> tuple[float, float]:
    """Start a server; give the seconds until its first answer, and the megabytes of its processes then."""
    before, began = _processes(), time.perf_counter()
    service.start()
    service.wait_until_ready(PATIENCE)
    assert ask(), f"{service.name} gave no answer; see {service.log}"
    seconds = time.perf_counter() - began
    return seconds, sum(process.memory_info().rss for process in _processes() - before) / 2**20


def _messages() -> list[str]:
    with (ROOT / "data" / "eval" / "dev_intents.tsv").open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][:MESSAGES]


def _processes() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]
