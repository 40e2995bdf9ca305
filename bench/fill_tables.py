"""Put what the benchmarks measured into the model card and the README.

    python bench/fill_tables.py

`bench/measured/understanding.json` is the last whole run of `bench/understanding --json`, `routes.json` that of
`bench/routes.py`, `retrieval.json` and `hnsw.json` those of `bench/retrieval --json` without and with `--sweep`; `make
measure` runs them and then this. A table stands between `<!-- measured: NAME -->` and `<!-- end -->`, and is replaced
as a whole; one whose figures no run has (a public set that was not there) is left as it is.
tests/unit/test_fill_tables.py compares.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "bench") not in sys.path:
    sys.path.append(str(ROOT / "bench"))

import search_tables  # noqa: E402

MEASURED = ROOT / "bench" / "measured" / "understanding.json"
CARD, README = ROOT / "kefu" / "checkpoints" / "README.md", ROOT / "README.md"
WHERE: Mapping[str, Path] = {
    "understanding": CARD,
    "pipeline: Kefu's utterances": README,
    "pipeline: banking77": README,
    "retrieval": README,
}
# The tables of the search: which file of bench/measured each is made of, and how.
OF_SEARCH: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "routes": ("routes.json", search_tables.routes),
    "routes: answers": ("routes.json", search_tables.answers),
    "retrieval": ("retrieval.json", search_tables.indexes),
    "retrieval: HNSW": ("hnsw.json", search_tables.sweep),
}
_NAMES = {
    "stock Rasa": "stock Rasa (WhitespaceTokenizer, two CountVectors, DIET 100 epochs)",
}
_COSTS = {
    "query_p50": "query p50 ms",
    "query_p95": "query p95 ms",
    "query_cpu_p50": "query p50 ms of CPU",
    "batch": "batch of 64 ms",
    "megabytes": "checkpoint MB",
}


def rendered(found: Mapping[str, Any]) -> dict[str, str]:
    """Give the tables that a run has figures for, by name."""
    tables = {"understanding": "\n\n".join(_understanding(found))}
    for title, sides in found["pipeline"].items():
        tables[f"pipeline: {title.split(',')[0]}"] = _pipeline(sides)
    return tables


def of_search(folder: Path = MEASURED.parent) -> dict[str, str]:
    """Give the tables of the search whose runs are there."""
    tables = {}
    for name, (file, render) in OF_SEARCH.items():
        if (folder / file).is_file():
            tables[name] = render(json.loads((folder / file).read_text(encoding="utf-8")))
    return tables


def filled(text: str, tables: Mapping[str, str]) -> str:
    """Replace the tables of a text."""

    def replace(match: "re.Match[str]") -> str:
        name = match["name"]
        body = f"\n{tables[name]}\n" if name in tables else match["body"]
        return f"<!-- measured: {name} -->\n{body.strip()}\n<!-- end -->"

    return re.sub(r"<!-- measured: (?P<name>.+?) -->(?P<body>.*?)<!-- end -->", replace, text, flags=re.DOTALL)


def _understanding(found: Mapping[str, Any]) -> Iterator[str]:
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    yield (
        f"`bench/understanding` on {found['machine']}, Python {found['python']}, {packages}; measured on the "
        f"`{found['on']}` rows, ± half of the 95 % interval."
    )
    yield from found["left_out"]
    for tables in found["parts"].values():
        for table in tables:
            yield f"**{table['title']}** ({table['note']})"
            yield _slices(table["rows"])
    yield "**One thread, tokenising included**"
    rows = ([name, *(f"{cost[key]:.2f}" for key in _COSTS)] for name, cost in found["cost"].items())
    yield _markdown(["", *_COSTS.values()], rows)
    yield "**Aims**"
    yield _markdown(["aim", "", "figures"], ([aim["aim"], aim["state"], aim["figures"]] for aim in found["aims"]))


def _slices(rows: list[dict[str, Any]]) -> str:
    """Lay out the lines of one kind or one language; those of both stand in the JSON."""
    sides = list(rows[0]["figures"])
    kept = [row for row in rows if ", " not in row["slice"]]
    lines = (
        [
            row["measure"],
            f"{row['slice']}{' (under 20 rows)' if row['few'] else ''}",
            str(row["n"]),
            *(_figure(row["figures"][side]) for side in sides),
        ]
        for row in kept
    )
    return _markdown(["measure", "rows", "n", *sides], lines)


def _pipeline(sides: Mapping[str, Mapping[str, Any]]) -> str:
    stock = next(iter(sides.values()))
    return _markdown(
        ["pipeline", "accuracy", "zh", "en", "macro recall", "training", "start", "parse p50 / p95", "peak memory"],
        (
            [
                _NAMES.get(name, name),
                f"{one['accuracy']:.3f}",
                *(f"{one['by_lang'][lang]:.3f}" if lang in one["by_lang"] else "–" for lang in ("zh", "en")),
                f"{one['macro_recall']:.3f}",
                f"{one['training_s']:.1f} s ({one['training_s'] / stock['training_s']:.2f}×)",
                f"{one['start_s']:.1f} s",
                f"{one['parse_ms_median']:.1f} / {one['parse_ms_p95']:.1f} ms",
                f"{one['peak_mb']:.0f} MB",
            ]
            for name, one in sides.items()
        ),
    )


def _figure(figure: Mapping[str, float | None]) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    if low is None or high is None:
        return f"{value:.3f}"
    return f"{value:.3f} ±{(high - low) / 2:.3f}"


def _markdown(headings: list[str], rows: Iterator[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main() -> None:
    """Fill the tables."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    if found["quick"]:
        sys.exit(f"{MEASURED.relative_to(ROOT)} is of a quick run, whose figures stand on few rows: make measure")
    tables = rendered(found) | of_search()
    for file in dict.fromkeys(WHERE.values()):
        file.write_text(filled(file.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
