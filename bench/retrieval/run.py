"""How fast and how exactly the nearest of many vectors are found: every index, in one run.

    python bench/retrieval [--quick] [--sizes 1000,50000,200000] [--only flat,HNSW] [--json FILE] [--sweep]

Texts are different ones as customers write them (training/grammar), embedded by the shipped model and kept under
.kefu/bench; queries are texts of the same kind that are none of them. One query at a time on one thread, without its
embedding; memory is what the process, and those it starts, grow by. Then the whole search with all its routes, with
and without embedding the query and a reranker, and how soon an entry that another process puts in is answered with.
Pin it (`taskset -c 1`) to a quiet core. 20,000 is where `vectors: auto` hands over from the funnel to HNSW. `--sweep`
tries the parameters of the graph at 50,000 instead, or at the sizes given. Ends with 1 where an aim is missed, except
with `--quick`.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from retrieval import ROOT, report
from retrieval.embedded import Collection, collections
from retrieval.measure import Measurement, measure_indexes
from retrieval.sweep import Trial, sweep
from retrieval.whole import measure_search

SIZES = (1_000, 20_000, 50_000, 200_000)
QUERIES = 2_000
QUICK_SIZES, QUICK_QUERIES = (300, 2_500), 50
AIMED_AT, AIMED_SIDE = 50_000, "HNSW"  # what `vectors: auto` takes there
# Each gives its lines for one size, one by one; what else is to be measured joins them here.
MEASUREMENTS: list[Callable[[Collection, Sequence[str]], Iterator[Measurement]]] = [measure_indexes, measure_search]


def main() -> None:
    """Measure, print, and write JSON."""
    options = _options()
    console = Console(width=options.width)
    found = report.measured_on()
    report.show_machine(console, found)
    if options.sweep:
        _sweep(options, console, found)
        return
    lines: list[Measurement] = []
    for collection in collections(options.sizes, options.queries, options.cache):
        size = len(collection.vectors)
        here: list[Measurement] = []
        for measure in MEASUREMENTS:
            for line in measure(collection, options.only):
                here.append(line)
                console.print(report.one_line(line), style="dim", highlight=False)
        lines += here
        console.print(report.table(f"{size:,} vectors", here))
        _write(options, {**found, "quick": options.quick, "measurements": report.as_json(lines)})
    if not _reached(console, lines) and not options.quick:
        sys.exit(1)


def _reached(console: Console, lines: Sequence[Measurement]) -> bool:
    """Print the aims that were measured, and say whether all are met."""
    aimed = report.aims(lines, AIMED_AT, AIMED_SIDE)
    for text, reached in aimed:
        console.print(f"{'✓' if reached else '✗'} {text}", style="green" if reached else "red", highlight=False)
    return all(reached for _, reached in aimed)


def _sweep(options: argparse.Namespace, console: Console, found: dict[str, Any]) -> None:
    trials: list[Trial] = []
    for collection in collections(options.sizes, options.queries, options.cache):
        trials += sweep(collection)
        console.print(report.sweep_table(trials))
        _write(options, {**found, "quick": options.quick, "sweep": [asdict(trial) for trial in trials]})


def _write(options: argparse.Namespace, content: dict[str, Any]) -> None:
    if options.json:
        options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python bench/retrieval", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=lambda text: [int(size) for size in text.split(",")], help="vectors, by commas"
    )
    parser.add_argument("--queries", type=int)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="beginnings of sides' names")
    parser.add_argument("--sweep", action="store_true", help="try the graph's parameters")
    parser.add_argument("--quick", action="store_true", help="few vectors: to see that everything works")
    parser.add_argument("--cache", type=Path, default=ROOT / ".kefu" / "bench", help="where embedded texts are kept")
    parser.add_argument("--width", type=int, default=140, help="of the tables, in characters")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    usual = (AIMED_AT,) if options.sweep else SIZES
    options.sizes = options.sizes or list(QUICK_SIZES if options.quick else usual)
    options.queries = options.queries or (QUICK_QUERIES if options.quick else QUERIES)
    return options
