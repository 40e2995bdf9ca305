"""The embedded embedder in transformers and in ONNX Runtime: latency, and what that does to both servers.

    python bench/engines.py [--rounds N] [--servers] [--json FILE]

Latencies are of ``embed`` as a whole, tokenising included, on one thread and without the cache of vectors. The two
engines take turns in one process, so that a busy machine hits both, and the CPU's time stands beside the clock's.
Start-up and memory are those of a process of its own. With ``--servers`` both servers of this project are started with
each engine (``make train`` comes first): the time until the action server has answered a question, and the Rasa server
a message, and what they occupy then.
"""

import argparse
import csv
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("USE_TF", "0")

import psutil
import requests
import yaml
from rich.console import Console
from rich.table import Table

from kefu.models import build_embedder
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer
from kefu.ops.ports import local
from kefu.ops.project import Project, open_project
from kefu.ops.services import Service, ended_together
from kefu.ops.warm_up import ask_once
from kefu.settings import EmbeddingSettings

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("transformers", "onnx")
QUERY = "我上周买的耳机左边没声音了，可以退货吗？运费谁出？谢谢"
BATCH = 64
WARM_UP = 3  # rounds
PATIENCE = 300.0  # seconds until a server answers
ALONE = """
import json, sys, time
began = time.perf_counter()
from kefu.models import build_embedder
from kefu.settings import EmbeddingSettings
build_embedder(EmbeddingSettings(engine=sys.argv[1])).embed(["hello"])
seconds = time.perf_counter() - began
import psutil
print(json.dumps({"start s": seconds, "memory MB": psutil.Process().memory_info().rss / 2**20}))
"""
Figures = dict[str, dict[str, float]]
"""What was measured → engine → its figure."""


def latencies(rounds: int) -> Figures:
    """Time each work by both engines in turn: medians in milliseconds, of the clock and of this thread's CPU."""
    embedders = {
        engine: build_embedder(EmbeddingSettings(engine=engine, threads=1, cache_size=0, batch_size=BATCH))
        for engine in ENGINES
    }
    tokens = len(TextTokenizer(EMBEDDED_EMBEDDER, 512).encode([QUERY])[0].ids)
    works: dict[str, list[str]] = {
        f"one query of {tokens} tokens": [QUERY],
        f"{BATCH} queries of about {tokens} tokens": [f"{QUERY}{number:02}" for number in range(BATCH)],
        f"{BATCH} questions of data/eval/dev.tsv": _dev_questions(),
    }
    found: Figures = {}
    for name, texts in works.items():
        clock, cpu = _in_turn(embedders, texts, rounds if len(texts) == 1 else rounds // 10)
        found |= {f"{name}, ms": clock, f"{name}, ms of CPU": cpu}
    return found


def _dev_questions() -> list[str]:
    with (ROOT / "data/eval/dev.tsv").open(encoding="utf-8", newline="") as lines:
        return [row["query"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][:BATCH]


def _in_turn(
    embedders: dict[str, BatchedEmbedder], texts: list[str], rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    clock: dict[str, list[float]] = {engine: [] for engine in embedders}
    cpu: dict[str, list[float]] = {engine: [] for engine in embedders}
    for number in range(rounds + WARM_UP):
        for engine, embedder in embedders.items():
            began, began_cpu = time.perf_counter(), time.thread_time()
            embedder.embed(texts, task="intent")
            if number >= WARM_UP:
                clock[engine].append((time.perf_counter() - began) * 1000)
                cpu[engine].append((time.thread_time() - began_cpu) * 1000)
    return tuple({engine: median(times) for engine, times in kind.items()} for kind in (clock, cpu))  # type: ignore[return-value]


def alone() -> Figures:
    """Start each engine in a process of its own, up to its first vector."""
    found: Figures = {}
    for engine in ENGINES:
        done = subprocess.run([sys.executable, "-c", ALONE, engine], capture_output=True, text=True, check=True)
        for name, value in json.loads(done.stdout.splitlines()[-1]).items():
            found.setdefault(f"engine alone: {name}", {})[engine] = value
    return found


def servers() -> Figures:
    """Start both servers with each engine."""
    project = open_project(ROOT / "endpoints.yml")
    found: Figures = {}
    for engine in ENGINES:
        for name, value in _servers_with(project, engine).items():
            found.setdefault(name, {})[engine] = value
    return found


def _servers_with(project: Project, engine: str) -> dict[str, float]:
    port, action_port = _free_ports()
    found: dict[str, float] = {}
    with _endpoints(project, engine, action_port) as endpoints:
        environment = {**project.environment(), "KEFU_ENDPOINTS": str(endpoints), "SANIC_HOST": "127.0.0.1"}
        action_server = [sys.executable, "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(action_port)]
        rasa_server = [sys.executable, "-m", "kefu.cli", "run", "--port", str(port), "--interface", "127.0.0.1"]
        rasa_server += ["--model", str(project.models), "--endpoints", str(endpoints)]
        rasa_server += ["--credentials", str(project.root / "credentials.yml")]
        first: list[tuple[str, list[str], str, Callable[[], object]]] = [
            (
                "action server",
                action_server,
                local(action_port, "/health"),
                lambda: ask_once(local(action_port, "/webhook"), PATIENCE),
            ),
            ("Rasa server", rasa_server, local(port, "/webhooks/rest/"), lambda: _say(local(port))),
        ]
        services: list[Service] = []
        with ended_together(services):
            for name, command, health, ask in first:
                log = project.logs / f"bench-{name.split()[0]}.log"
                services.append(Service(name, command, log, health, project.root, environment))
                before, began = _processes(), time.perf_counter()
                services[-1].start()
                services[-1].wait_until_ready(PATIENCE)
                assert ask(), f"the {name} gave no answer; see {log}"
                found[f"{name}: start to first answer, s"] = time.perf_counter() - began
                found[f"{name}: memory, MB"] = (
                    sum(process.memory_info().rss for process in _processes() - before) / 2**20
                )
    return found


def _say(url: str) -> Any:
    body = {"sender": "bench", "message": "几天可以退货？"}
    return requests.post(f"{url}/webhooks/rest/webhook", json=body, timeout=PATIENCE).json()


def _processes() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@contextmanager
def _endpoints(project: Project, engine: str, action_port: int) -> Iterator[Path]:
    """Give the project's endpoints.yml with this engine and action server, beside it for its relative paths."""
    content = yaml.safe_load(project.endpoints.read_text(encoding="utf-8"))
    content["embedding"] = {**content["embedding"], "engine": engine}
    content["action_endpoint"] = {"url": local(action_port, "/webhook")}
    copy = project.root / f".endpoints-{action_port}.yml"
    copy.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300, help="of the single query; batches get a tenth")
    parser.add_argument("--servers", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    figures = {**latencies(options.rounds), **alone(), **(servers() if options.servers else {})}
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "onnxruntime", "tokenizers"))
    table = Table(
        title=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {packages}",
    )
    for heading in ("", *ENGINES, "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, by_engine in figures.items():
        before, after = (by_engine[engine] for engine in ENGINES)
        table.add_row(name, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}×")
    Console(width=120).print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
