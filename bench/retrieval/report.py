"""The table as text and as JSON."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from machine import machine
from rich.console import Console
from rich.table import Table

from retrieval.measure import LIVE, Measurement
from retrieval.sweep import Trial

_PACKAGES = ("faiss-cpu", "numpy", "pymilvus", "milvus-lite", "tantivy")


def measured_on() -> dict[str, Any]:
    """Say on what the figures were measured, and how busy it was."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return {**machine(_PACKAGES), "used": cores, "load": os.getloadavg()[0]}


def show_machine(console: Console, found: dict[str, Any]) -> None:
    """Print it in one line."""
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    console.print(
        f"{found['machine']}, {found['cores']} cores (used: {found['used']}; load before: {found['load']:.1f}), "
        f"Python {found['python']}; {packages}",
        highlight=False,
    )


def one_line(line: Measurement) -> str:
    """Say what is known already, while the rest is measured."""
    return (
        f"{line.side}, {line.vectors:,} vectors: recall@10 {_number(line.recall, 4) or '-'}, p50 {line.p50:.3f} ms, "
        f"p99 {line.p99:.3f} ms, CPU {_number(line.cpu_p50) or '-'} / {_number(line.cpu_p99) or '-'} ms, "
        f"{line.megabytes:,.0f} MB, built in {line.build_seconds:,.1f} s"
    )


def table(title: str, lines: Sequence[Measurement]) -> Table:
    """Make the table of one size."""
    made = Table(title=title, title_justify="left")
    made.add_column("index")
    for heading in (
        "recall@10",
        "p50 ms",
        "p99 ms",
        "CPU p50",
        "CPU p99",
        "queries/s",
        "memory MB",
        "build s",
        "queries",
    ):
        made.add_column(heading, justify="right")
    made.add_column("")
    for line in lines:
        made.add_row(
            line.side,
            _number(line.recall, 4),
            _number(line.p50),
            _number(line.p99),
            _number(line.cpu_p50),
            _number(line.cpu_p99),
            f"{line.per_second:,.0f}",
            f"{line.megabytes:,.0f}",
            f"{line.build_seconds:,.1f}",
            f"{line.queries:,}",
            line.note,
        )
    return made


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def sweep_table(trials: Sequence[Trial]) -> Table:
    """Make the table of a sweep."""
    headings = ("vectors", "M", "efConstruction", "efSearch", "recall@10", "CPU p50", "CPU p99", "links MB", "build s")
    made = Table(*headings, title="HNSW", title_justify="left")
    for one in trials:
        counts = (f"{one.vectors:,}", str(one.neighbours), str(one.build_effort), str(one.effort))
        shares = (_number(one.recall, 4), _number(one.cpu_p50), _number(one.cpu_p99))
        made.add_row(*counts, *shares, f"{one.megabytes:,.1f}", f"{one.build_seconds:,.1f}")
    return made


def aims(lines: Sequence[Measurement], at: int, side: str) -> list[tuple[str, bool]]:
    """Hold the side that the settings take at a size, and the time until an upsert is live there, against the aims;
    empty if neither was measured."""
    here = [line for line in lines if line.vectors == at]
    found = [line for line in here if line.side == side]
    upserts = [line.p99 for line in here if line.side == LIVE]
    live = [(f"{LIVE} at {at:,}: p99 {p99:.0f} ms < 1,000 ms", p99 < 1000) for p99 in upserts]
    return live + [
        result
        for line in found
        for result in (
            (
                f"{side} at {at:,}: recall@10 {_number(line.recall, 4) or '-'} ≥ 0.99",
                line.recall is not None and line.recall >= 0.99,
            ),
            (f"{side} at {at:,}: p99 {line.p99:.2f} ms ≤ 5 ms", line.p99 <= 5),
            (f"{side} at {at:,}: {line.per_second:,.0f} queries/s ≥ 2,000", line.per_second >= 2000),
        )
    ]


def as_json(lines: Sequence[Measurement]) -> list[dict[str, Any]]:
    """Give the figures as they are."""
    return [asdict(line) for line in lines]
