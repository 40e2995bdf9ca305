"""The figures of the benchmarks as tables of Markdown, each run's by the names that they are filled in under."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]
"""What the ``--json`` of a benchmark wrote."""
SIZES = {
    "size": ("width × layers", ""),
    "parameters": ("million parameters", ".1f"),
    "megabytes": ("MB", ".1f"),
    "steps": ("steps", ",d"),
    "query_ms": ("ms a query", ".2f"),
    "to_english": ("Chinese → English", ".3f"),
    "to_chinese": ("English → Chinese", ".3f"),
    "knowledge": ("knowledge", ".3f"),
    "intents": ("intents", ".3f"),
    "intents_with_ngrams": ("intents with n-grams", ".3f"),
}
"""What `bench/sizes.py` says of a size: its heading and format. Translations and knowledge are recall@1."""
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


def understanding(found: Found) -> dict[str, str]:
    """Lay out the run of `bench/understanding`, and of the pipelines that it measured.

    :raises ValueError: if it is a quick one, whose figures stand on few rows.
    """
    if found["quick"]:
        raise ValueError("understanding.json is of a quick run, whose figures stand on few rows: make measure")
    tables = {"understanding": "\n\n".join(_understanding(found))}
    for title, sides in found["pipeline"].items():
        tables[f"pipeline: {title.split(',')[0]}"] = _pipeline(sides)
    return tables


def sizes(found: Found) -> dict[str, str]:
    """Lay out the run of `bench/sizes.py`."""
    rows = ([format(row[name], digits) for name, (_, digits) in SIZES.items()] for row in found["rows"])
    table = _markdown([heading for heading, _ in SIZES.values()], rows)
    return {"sizes": f"{found['minutes']:g} minutes each, on the `{found['on']}` rows. {_machine(found)}\n\n{table}"}


def true_size(found: Found) -> dict[str, str]:
    """Lay out the run of `bench/true_size.py`."""
    rows = (
        [
            row["side"],
            str(row["dimension"]),
            f"{row['load_s']:.1f}",
            f"{row['query_ms_p50']:.1f}",
            f"{row['batch16_ms']:.0f}",
            f"{row['memory_mb']:.0f}",
        ]
        for row in found["rows"]
    )
    headings = ["", "dimensions", "load s", "query ms (p50)", "batch of 16 ms", "memory MB"]
    return {"true size": f"{_machine(found)}\n\n{_markdown(headings, rows)}"}


def servers(found: Found) -> dict[str, str]:
    """Lay out the servers of a run of `bench/engines.py --servers`."""
    rows = (
        [
            one["server"],
            f"{one['start_s']:.1f}",
            f"{one['memory_mb']:.0f}",
            "" if one["parse_ms_p50"] is None else f"{one['parse_ms_p50']:.1f} / {one['parse_ms_p95']:.1f}",
        ]
        for one in found["servers"]
    )
    headings = ["server", "seconds to the first answer", "memory MB", "parse ms (p50 / p95)"]
    return {"servers": f"{_machine(found)}\n\n{_markdown(headings, rows)}"}


def _machine(found: Found) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    return f"On {found['machine']}, Python {found['python']}, {packages}:"


def _understanding(found: Found) -> Iterator[str]:
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


def _pipeline(sides: Mapping[str, Found]) -> str:
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


def _markdown(headings: list[str], rows: Iterable[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
