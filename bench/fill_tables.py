"""Put what the benchmarks measured into the model card and the README.

    python bench/fill_tables.py

`bench/measured` keeps the last run of each benchmark, as its `--json` writes it: `understanding`, `routes` and
`retrieval` (`make measure` runs them and then this), `hnsw` of `bench/retrieval --sweep`, `sizes`, `true_size`, and
`engines` with its servers. A table stands between `<!-- measured: NAME -->` and `<!-- end -->`, and is replaced as a
whole; one that no run has figures for is left as it is. tests/unit/test_fill_tables.py compares.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "bench") not in sys.path:
    sys.path.append(str(ROOT / "bench"))

import markdown_tables  # noqa: E402
import search_tables  # noqa: E402

MEASURED = ROOT / "bench" / "measured"
CARD, README = ROOT / "kefu" / "checkpoints" / "README.md", ROOT / "README.md"
SEARCH = ROOT / "docs" / "search_speed.md"
WHERE: Mapping[str, Path] = {
    "understanding": CARD,
    "sizes": CARD,
    "pipeline: Kefu's utterances": README,
    "true size": README,
    "servers": README,
    "retrieval": README,
    "retrieval: all sizes": SEARCH,
    "retrieval: HNSW": SEARCH,
    "routes": README,
}
RUNS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "understanding": markdown_tables.understanding,
    "sizes": markdown_tables.sizes,
    "true_size": markdown_tables.true_size,
    "engines": markdown_tables.servers,
    "routes": lambda found: {"routes": search_tables.routes(found), "routes: answers": search_tables.answers(found)},
    "retrieval": lambda found: {
        "retrieval": search_tables.indexes(found, search_tables.AIMED_AT),
        "retrieval: all sizes": search_tables.indexes(found),
    },
    "hnsw": lambda found: {"retrieval: HNSW": search_tables.sweep(found)},
}
"""How the file of a benchmark's figures, by its name, becomes tables."""


def rendered(folder: Path = MEASURED) -> dict[str, str]:
    """Give the tables that the runs kept in a folder have figures for, by name.

    :raises ValueError: if one is of a quick run.
    """
    tables: dict[str, str] = {}
    for name, render in RUNS.items():
        if (file := folder / f"{name}.json").exists():
            tables |= render(json.loads(file.read_text(encoding="utf-8")))
    return tables


def filled(text: str, tables: Mapping[str, str]) -> str:
    """Replace the tables of a text."""

    def replace(match: "re.Match[str]") -> str:
        name = match["name"]
        body = f"\n{tables[name]}\n" if name in tables else match["body"]
        return f"<!-- measured: {name} -->\n{body.strip()}\n<!-- end -->"

    return re.sub(r"<!-- measured: (?P<name>.+?) -->(?P<body>.*?)<!-- end -->", replace, text, flags=re.DOTALL)


def main() -> None:
    """Fill the tables."""
    try:
        tables = rendered()
    except ValueError as error:
        sys.exit(str(error))
    for file in dict.fromkeys(WHERE.values()):
        file.write_text(filled(file.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
