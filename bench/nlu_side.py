"""One side of the comparison, in a process of its own: train a pipeline, parse the test sentences, print JSON.

How long a start takes is measured in one more process, which loads what was trained and parses one message.

python bench/nlu_side.py --config bench/pipelines/kefu.yml --nlu data/nlu --test data/eval/test_intents.tsv
"""

import argparse
import csv
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from pathlib import Path

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1")
os.environ.setdefault("USE_TF", "0")
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)


FIRST_MESSAGE = "我要退货"


def main() -> None:
    """Train, parse, report; or start only."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    parser.add_argument("--nlu")
    parser.add_argument("--test", type=Path)
    parser.add_argument("--start", help="a trained model, to be loaded until it has parsed a message")
    options = parser.parse_args()
    if options.start:
        _start(options.start)
    else:
        _measure(options)


def _start(model: str) -> None:
    """Print when the first message was parsed, in seconds since the epoch."""
    import asyncio

    from rasa.core.agent import Agent

    asyncio.run(Agent.load(model).parse_message(FIRST_MESSAGE))
    print(time.time())


def _seconds_to_start(model: str) -> float:
    """Start a process and wait for its first parsed message; the interpreter and all imports count."""
    began = time.time()
    command = [sys.executable, __file__, "--start", model]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]) - began


def _measure(options: argparse.Namespace) -> None:

    import asyncio

    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    memory_before = _peak_megabytes()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        model = train_nlu(options.config, options.nlu, output=folder)
        training = time.perf_counter() - started
        start = _seconds_to_start(model)
        agent = Agent.load(model)
        rows = _rows(options.test)
        asyncio.run(_parse_all(agent, rows[:5]))
        found, seconds = asyncio.run(_parse_all(agent, rows))
    seconds.sort()
    print(
        json.dumps(
            {
                "training_s": training,
                "start_s": start,
                "accuracy": _share(rows, found),
                "by_lang": {lang: _share(*_only(rows, found, lang)) for lang in sorted({row["lang"] for row in rows})},
                "macro_recall": _macro_recall(rows, found),
                "parse_ms_median": seconds[len(seconds) // 2] * 1000,
                "parse_ms_p95": seconds[int(len(seconds) * 0.95)] * 1000,
                "peak_mb": _peak_megabytes(),
                "import_mb": memory_before,
                "n": len(rows),
            }
        )
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


async def _parse_all(agent: object, rows: list[dict[str, str]]) -> tuple[list[str | None], list[float]]:
    found, seconds = [], []
    for row in rows:
        started = time.perf_counter()
        parsed = await agent.parse_message(row["text"])  # type: ignore[attr-defined]
        seconds.append(time.perf_counter() - started)
        found.append(parsed["intent"]["name"])
    return found, seconds


def _only(rows: list[dict[str, str]], found: list[str | None], lang: str) -> tuple[list, list]:
    kept = [at for at, row in enumerate(rows) if row["lang"] == lang]
    return [rows[at] for at in kept], [found[at] for at in kept]


def _share(rows: list[dict[str, str]], found: list[str | None]) -> float:
    return sum(row["intent"] == name for row, name in zip(rows, found, strict=True)) / len(rows)


def _macro_recall(rows: list[dict[str, str]], found: list[str | None]) -> float:
    hits: dict[str, list[bool]] = defaultdict(list)
    for row, name in zip(rows, found, strict=True):
        hits[row["intent"]].append(row["intent"] == name)
    return sum(sum(each) / len(each) for each in hits.values()) / len(hits)


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
