"""The tables as text and as JSON."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from machine import machine
from rich.console import Console, Group
from rich.table import Table as RichTable
from rich.text import Text

from understanding.aims import Aim, Pipeline
from understanding.cost import BATCH, Cost
from understanding.intervals import Figure
from understanding.tables import FEWEST, Comparison, Row, Table

_PACKAGES = ("numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers", "torch", "transformers")
_COLOURS = {"ahead": "green", "behind": "red", "level": ""}


def measured_on() -> dict[str, Any]:
    """Say on what the figures were measured."""
    return machine(_PACKAGES)


def show_machine(console: Console, found: Mapping[str, Any]) -> None:
    """Print it in one line."""
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    console.print(f"{found['machine']}, {found['cores']} cores, Python {found['python']}; {packages}", highlight=False)


def show_table(console: Console, part: str, table: Table) -> None:
    """Print the lines of a set, a block for each measure, and what was chosen."""
    sides = list(table.rows[0].figures)
    comparisons = list(table.rows[0].ahead)
    lines = RichTable(title=f"{part}: {table.title}", caption=table.note, title_justify="left", caption_justify="left")
    lines.add_column("")
    for heading in ("n", *sides, *(_heading(one) for one in comparisons)):
        lines.add_column(heading, justify="right")
    measure = ""
    for row in table.rows:
        if row.measure != measure:
            measure = row.measure
            lines.add_section()
            lines.add_row(Text(measure, style="bold"))
        few = f" (under {FEWEST} rows)" if row.is_few else ""
        lines.add_row(f"  {row.name}{few}", str(row.n), *_cells(row, sides, comparisons))
    if any(0 < share < 1 for share in table.chosen.values()):
        lines.add_section()
        lines.add_row("share of vectors", "", *(f"{table.chosen[side]:.2f}" for side in sides))
    console.print(lines)
    console.print()


def show_costs(console: Console, costs: Mapping[str, Cost]) -> None:
    """Print what each embedder takes."""
    lines = RichTable(title="C: one thread, tokenising included", title_justify="left")
    headings = ("", "query p50 ms", "query p95 ms", "query p50 ms of CPU", f"batch of {BATCH} ms", "checkpoint MB")
    for heading in headings:
        lines.add_column(heading, justify="right" if heading else "left")
    for name, cost in costs.items():
        lines.add_row(name, *(f"{value:.2f}" for value in asdict(cost).values()))
    console.print(lines)
    console.print()


def show_aims(console: Console, aims: Sequence[Aim]) -> None:
    """Print every aim with its state and figures."""
    colours = {"reached": "green", "partly": "yellow", "missed": "red"}
    lines = RichTable(title="Aims", title_justify="left", show_lines=True)
    for heading in ("aim", "", "figures"):
        lines.add_column(heading)
    for aim in aims:
        lines.add_row(aim.aim, Text(aim.state, style=colours.get(aim.state, "")), aim.figures)
    console.print(Group(lines))


def as_json(
    tables: Mapping[str, Sequence[Table]], costs: Mapping[str, Cost], pipeline: Pipeline, aims: Sequence[Aim]
) -> dict[str, Any]:
    """Give all figures as JSON has them; an interval that there is none of is null."""
    return {
        "parts": {part: [_table_json(table) for table in found] for part, found in tables.items()},
        "cost": {name: asdict(cost) for name, cost in costs.items()},
        "pipeline": {title: dict(sides) for title, sides in pipeline.items()},
        "aims": [asdict(aim) for aim in aims],
    }


def _heading(comparison: Comparison) -> str:
    return f"{comparison[0]} − {comparison[1]}"


def _cells(row: Row, sides: Sequence[str], comparisons: Sequence[Comparison]) -> list[Text]:
    cells = [Text(_shown(row.figures[side], "")) for side in sides]
    for comparison in comparisons:
        figure = row.ahead[comparison]
        cells.append(Text(_shown(figure, "+"), style=_COLOURS[figure.verdict]))
    return cells


def _shown(figure: Figure, sign: str) -> str:
    value = f"{figure.value:{sign}.3f}"
    return value if math.isnan(figure.half_width) else f"{value} ±{figure.half_width:.3f}"


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "note": table.note,
        "chosen": dict(table.chosen),
        "rows": [_row_json(row) for row in table.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "measure": row.measure,
        "slice": row.name,
        "n": row.n,
        "few": row.is_few,
        "figures": {side: _figure_json(figure) for side, figure in row.figures.items()},
        "ahead": {
            _heading(one): _figure_json(figure) | {"verdict": figure.verdict} for one, figure in row.ahead.items()
        },
        "tags": sorted(row.tags),
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {name: None if math.isnan(value) else value for name, value in asdict(figure).items()}
