"""The table as text and as JSON."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from rich.console import Console
from rich.table import Table

from retrieval.measure import Measurement

_PACKAGES = ("faiss-cpu", "numpy", "pymilvus", "milvus-lite", "tantivy")


def machine() -> dict[str, Any]:
    """Say on what the figures were measured, and how busy it was."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "used": sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "packages": versions,
    }


def show_machine(console: Console, found: dict[str, Any]) -> None:
    """Print it in one line."""
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    console.print(
        f"{found['machine']}, {found['cores']} cores (used: {found['used']}; load before: {found['load']:.1f}), "
        f"Python {found['python']}; {packages}",
        highlight=False,
    )


def table(title: str, lines: Sequence[Measurement]) -> Table:
    """Make the table of one size."""
    made = Table(title=title, title_justify="left")
    made.add_column("index")
    for heading in ("recall@10", "p50 ms", "p99 ms", "queries/s", "memory MB", "build s", "queries"):
        made.add_column(heading, justify="right")
    made.add_column("")
    for line in lines:
        made.add_row(
            line.side,
            "" if line.recall is None else f"{line.recall:.4f}",
            f"{line.p50:.3f}",
            f"{line.p99:.3f}",
            f"{line.per_second:,.0f}",
            f"{line.megabytes:,.0f}",
            f"{line.build_seconds:,.1f}",
            f"{line.queries:,}",
            line.note,
        )
    return made


def aims(lines: Sequence[Measurement], at: int, side: str) -> list[tuple[str, bool]]:
    """Hold the side that the settings take at a size against what is aimed at; empty if it was not measured."""
    found = [line for line in lines if line.vectors == at and line.side == side]
    return [
        result
        for line in found
        for result in (
            (f"{side} at {at:,}: recall@10 {line.recall:.4f} ≥ 0.99", line.recall is not None and line.recall >= 0.99),
            (f"{side} at {at:,}: p99 {line.p99:.2f} ms ≤ 5 ms", line.p99 <= 5),
            (f"{side} at {at:,}: {line.per_second:,.0f} queries/s ≥ 2,000", line.per_second >= 2000),
        )
    ]


def as_json(lines: Sequence[Measurement]) -> list[dict[str, Any]]:
    """Give the figures as they are."""
    return [asdict(line) for line in lines]
