"""The tables of `kefu eval` in the README say what `kefu eval` prints; a figure that went stale is named."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMAND = ("eval", "data/eval/test.tsv")
# How the README calls what the JSON has, and where its tables stand.
COLUMNS = {
    "recall@1": "recall@1",
    "recall@5": "recall@5",
    "MRR": "mrr",
    "answered rightly": "answered_right",
    "right one offered": "offered_right",
    "refused rightly": "refusal",
    "opens a form": "starts_form",
}
FLIPPED = 2
KINDS = {"mixed languages": "mixed"}
TABLES = {
    (): r"`kefu eval data/eval/test\.tsv` \((\d+) questions over (\d+) topics",
    ("--end-to-end",): r"The same with `--end-to-end`",
}


def table_behind(pattern: str) -> dict[tuple[str, str], str]:
    """Give the cells of the README's first table behind a phrase, by kind and column."""
    found = re.search(pattern, README)
    assert found, f"the README lacks {pattern}"
    lines = re.search(r"(?:^\|.*\n)+", README[found.end() :], re.MULTILINE)
    assert lines is not None
    heading, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.group().splitlines()]
    return {(row[0], column): cell for row in rows for column, cell in zip(heading[1:], [*row[1:], ""], strict=False)}


def stale(cells: dict[tuple[str, str], str], measured: dict[str, Any]) -> list[str]:
    """Name the cells that differ from what was measured, with both; and kinds that the table lacks."""
    kinds = {**measured["kinds"], "all": measured["total"]}
    said = {(KINDS.get(kind, kind), COLUMNS[column]): cell for (kind, column), cell in cells.items()}
    names = {name: shown for shown, name in COLUMNS.items()}
    found = {
        (kind, name): "" if value is None else f"{value:.3f}"
        for kind, shares in kinds.items()
        for name, value in shares.items()
        if name in names
    }
    return [
        f"{kind} · {names[name]}: the README says {said.get((kind, name), '') or 'nothing'}, "
        f"measured {found.get((kind, name), '') or 'nothing'}"
        for kind, name in sorted({*said, *found})
        if not _same(said.get((kind, name), ""), found.get((kind, name), ""), _asked(name, kind, kinds))
    ]


def _asked(name: str, kind: str, kinds: dict[str, Any]) -> int:
    """Give over how many questions of a row a share is taken: refusals are over those that nothing answers."""
    if kind == "all" and name != "starts_form":
        refusals = name == "refusal"
        return sum(shares["n"] for shares in kinds.values() if (shares.get("refusal") is not None) == refusals)
    return int(kinds.get(kind, {}).get("n", 0))


def _same(said: str, measured: str, questions: int) -> bool:
    """Compare two cells; a machine that rounds otherwise may put up to two questions of a row on the other side."""
    if not said or not measured or not questions:
        return said == measured
    return abs(float(said) - float(measured)) <= FLIPPED / questions + 0.0005


@pytest.mark.parametrize("options", TABLES)
def test_the_readme_says_what_is_measured(
    clone: Any, first: "subprocess.CompletedProcess[str]", options: tuple[str, ...]
) -> None:
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    done = clone.run(".venv/bin/kefu", *COMMAND, *options, "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    differing = stale(table_behind(TABLES[options]), json.loads(done.stdout))
    assert not differing, "`kefu eval` prints other figures; put them into the README:\n" + "\n".join(differing)


def test_the_readme_says_how_many_questions_and_topics_there_are(
    clone: Any, first: "subprocess.CompletedProcess[str]"
) -> None:
    found = re.search(TABLES[()], README)
    assert found is not None
    rows = (clone.folder / "data" / "eval" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ids = sum(file.read_text(encoding="utf-8").count("- id: ") for file in clone.folder.glob("data/knowledge/*.yml"))
    assert found.groups() == (str(len(rows)), str(ids))


def test_a_stale_cell_is_named_with_both_figures() -> None:
    measured = {
        "kinds": {"standard": {"n": 98, "recall@1": 0.5, "refusal": None}},
        "total": {"n": 2, "recall@1": 0.25, "refusal": 1.0},
    }
    right = {
        ("standard", "recall@1"): "0.490",
        ("standard", "refused rightly"): "",
        ("all", "recall@1"): "0.250",
        ("all", "refused rightly"): "1.000",
    }
    assert stale(right, measured) == []
    assert stale({**right, ("standard", "recall@1"): "0.479"}, measured) == [
        "standard · recall@1: the README says 0.479, measured 0.500"
    ]
    del right[("all", "refused rightly")]
    assert stale(right, measured) == ["all · refused rightly: the README says nothing, measured 1.000"]
