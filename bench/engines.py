"""The embedded embedder in transformers and in ONNX Runtime: latency, and what that does to both servers.

    python bench/engines.py [--rounds N] [--servers [--per-intent N]] [--json FILE]

Latencies are of ``embed`` as a whole, tokenising included, on one thread and without the cache of vectors. The two
engines take turns in one process, so that a busy machine hits both, and the CPU's time stands beside the clock's.
Start-up and memory are those of a process of its own. With ``--servers`` both servers of this project are started with
each engine (``make train`` comes first), and beside them stock Rasa's, which is trained for it: see rasa_servers.py.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median

os.environ.setdefault("USE_TF", "0")

from machine import machine
from rasa_servers import measure_servers, servers_table
from rich.console import Console
from rich.table import Table

from kefu.models import build_embedder
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer
from kefu.settings import EmbeddingSettings

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("transformers", "onnx")
PACKAGES = ("torch", "transformers", "onnxruntime", "tokenizers", "rasa")
QUERY = "我上周买的耳机左边没声音了，可以退货吗？运费谁出？谢谢"
BATCH = 64
WARM_UP = 3  # rounds
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300, help="of the single query; batches get a tenth")
    parser.add_argument("--servers", action="store_true", help="start servers too; stock Rasa trains for minutes")
    parser.add_argument("--per-intent", type=int, default=40, help="utterances that stock Rasa learns from; 0: all")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    figures = {**latencies(options.rounds), **alone()}
    found = machine(PACKAGES)
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    table = Table(title=f"{found['machine']}, {found['cores']} cores, Python {found['python']}; {packages}")
    for heading in ("", *ENGINES, "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, by_engine in figures.items():
        before, after = (by_engine[engine] for engine in ENGINES)
        table.add_row(name, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}×")
    console = Console(width=120)
    console.print(table)
    servers = measure_servers(ENGINES, options.per_intent) if options.servers else []
    if servers:
        console.print(servers_table(servers))
    if options.json:
        content = found | {"engines": figures, "servers": [asdict(one) for one in servers]}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
