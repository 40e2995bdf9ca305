"""The measured tables of model card, README and docs are those of the last run, whose JSON is committed."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from understanding.retrieval import TRANSLATIONS, translations_note  # noqa: E402
from understanding.utterances import IN_DOMAIN  # noqa: E402

from kefu.models.checkpoint import CHECKPOINTS, fingerprint  # noqa: E402

FIGURE = {"value": 0.8234, "low": 0.8, "high": 0.84}
RUN: dict[str, Any] = {
    "machine": "x86_64",
    "python": "3.10.13",
    "packages": {"numpy": "1.23.5"},
    "on": "test",
    "quick": False,
    "left_out": ["clinc150 is left out: it is not in here."],
    "parts": {
        "A intents": [
            {
                "title": "toy",
                "note": "fitted on toys",
                "rows": [
                    {"measure": "accuracy", "slice": name, "n": n, "few": n < 20, "figures": figures}
                    for name, n, figures in (
                        ("all", 40, {"Kefu": FIGURE}),
                        ("mixed", 7, {"Kefu": {"value": 1.0, "low": None, "high": None}}),
                        ("mixed, zh", 3, {"Kefu": FIGURE}),
                    )
                ],
            }
        ]
    },
    "cost": {"Kefu": {"query_p50": 1, "query_p95": 2, "query_cpu_p50": 1, "batch": 40, "megabytes": 15}},
    "pipeline": {},
    "aims": [{"aim": "one query in ≤ 2 ms", "state": "missed", "figures": "p50 2.10 ms"}],
}


@pytest.fixture(scope="module")
def script(load_script: Callable[[str], ModuleType]) -> ModuleType:
    return load_script("bench/fill_tables.py")


def _rendered(script: ModuleType, folder: Path, **runs: dict[str, Any]) -> dict[str, str]:
    for name, run in runs.items():
        (folder / f"{name}.json").write_text(json.dumps(run), encoding="utf-8")
    return script.rendered(folder)


def test_a_run_becomes_tables_with_its_notes_and_its_missed_aims(script: ModuleType, tmp_path: Path) -> None:
    text = _rendered(script, tmp_path, understanding=RUN)["understanding"]
    assert "**toy** (fitted on toys)" in text and "clinc150 is left out" in text
    assert "| accuracy | all | 40 | 0.823 ±0.020 |" in text
    assert "| accuracy | mixed (under 20 rows) | 7 | 1.000 |" in text and "mixed, zh" not in text
    assert "| one query in ≤ 2 ms | missed | p50 2.10 ms |" in text


def test_what_was_measured_replaces_a_table_and_nothing_else(script: ModuleType) -> None:
    before = "a\n<!-- measured: one -->\nold\n\nold\n<!-- end -->\nb\n<!-- measured: two -->\nkept\n<!-- end -->\n"
    after = script.filled(before, {"one": "new"})
    assert after == "a\n<!-- measured: one -->\nnew\n<!-- end -->\nb\n<!-- measured: two -->\nkept\n<!-- end -->\n"
    assert script.filled(after, {"one": "new"}) == after


def test_each_table_has_its_place(script: ModuleType) -> None:
    places = {
        name: file
        for file in (script.CARD, script.README, script.SEARCH)
        for name in re.findall(r"<!-- measured: (.+?) -->", file.read_text(encoding="utf-8"))
    }
    assert places == dict(script.WHERE)


def test_a_quick_run_is_no_figure_to_publish(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="quick run"):
        _rendered(script, tmp_path, understanding={**RUN, "quick": True})


def test_sizes_become_a_table_with_how_long_they_were_trained(script: ModuleType, tmp_path: Path) -> None:
    shares = {"to_english": 0.5, "to_chinese": 0.51, "knowledge": 0.9, "intents": 0.8, "intents_with_ngrams": 0.91}
    row = {"size": "128 × 2", "parameters": 2.31, "megabytes": 5.04, "steps": 1234, "query_ms": 0.312, **shares}
    run = {"machine": "x86_64", "python": "3.10.13", "packages": {}, "minutes": 8.0, "on": "dev", "rows": [row]}
    text = _rendered(script, tmp_path, sizes=run)["sizes"]
    assert "8 minutes each" in text and "`dev`" in text
    assert "| 128 × 2 | 2.3 | 5.0 | 1,234 | 0.31 | 0.500 | 0.510 | 0.900 | 0.800 | 0.910 |" in text


def test_a_server_that_parses_nothing_has_no_figure_for_it(script: ModuleType, tmp_path: Path) -> None:
    told = {"server": "stock `rasa run`", "start_s": 21.04, "memory_mb": 1300.4}
    other = {"server": "action server, onnx", "start_s": 3.0, "memory_mb": 300.0}
    served = [
        {**told, "parse_ms_p50": 5.55, "parse_ms_p95": 7.5},
        {**other, "parse_ms_p50": None, "parse_ms_p95": None},
    ]
    run = {"machine": "x86_64", "python": "3.10.13", "packages": {"rasa": "3.6"}, "engines": {}, "servers": served}
    text = _rendered(script, tmp_path, engines=run)["servers"]
    assert "| stock `rasa run` | 21.0 | 1300 | 5.5 / 7.5 |\n| action server, onnx | 3.0 | 300 |  |" in text


def test_the_tables_are_those_of_the_last_runs(script: ModuleType) -> None:
    for place in (script.CARD, script.README, script.SEARCH):
        text = place.read_text(encoding="utf-8")
        assert script.filled(text, script.rendered()) == text, "python bench/fill_tables.py"


def test_every_table_of_models_has_a_run(script: ModuleType) -> None:
    assert script.rendered().keys() >= script.WHERE.keys()


def test_the_last_run_is_of_the_models_that_ship(script: ModuleType) -> None:
    found = json.loads((script.MEASURED / "understanding.json").read_text(encoding="utf-8"))
    shipped = {
        role: fingerprint(CHECKPOINTS / role) for role in ("embedder", "reranker") if (CHECKPOINTS / role).is_dir()
    }
    assert found["fingerprints"] == shipped, "other models ship than those measured: make measure"


def test_the_last_run_says_of_each_set_what_training_saw_of_it() -> None:
    """Its labels are those that a run would give now; the translations are of the kind that was trained on, too."""
    text = (ROOT / "bench" / "measured" / "understanding.json").read_text(encoding="utf-8")
    tables = [table for part in json.loads(text)["parts"].values() for table in part]
    said = {table["title"]: table["note"] for table in tables}
    (count,) = {row["n"] for table in tables if table["title"] == TRANSLATIONS for row in table["rows"]}
    assert "in-domain" in TRANSLATIONS and said[TRANSLATIONS] == translations_note(count)
    assert {title for title, note in said.items() if IN_DOMAIN in note} == {
        title for title in said if "in-domain" in title and title != TRANSLATIONS
    }
    assert "translations, " not in text, "the aims and the dimensions name the table, too"


def test_the_sizes_were_trained_for_the_same_minutes_and_one_is_what_ships(script: ModuleType) -> None:
    found = json.loads((script.MEASURED / "sizes.json").read_text(encoding="utf-8"))
    config = json.loads((CHECKPOINTS / "embedder" / "config.json").read_text(encoding="utf-8"))
    names = [row["size"] for row in found["rows"]]
    assert len(names) >= 3
    assert f"{config['hidden_size']} × {config['num_hidden_layers']}" in names


@pytest.mark.parametrize("file", sorted((ROOT / "bench").glob("measured/r[eo]*.json")))
def test_no_quick_run_of_the_search_is_kept(file: Path) -> None:
    assert not json.loads(file.read_text(encoding="utf-8")).get("quick")


SHARE = {"value": 0.9, "low": 0.8, "high": 0.96}
LEAD = {"value": 0.01, "low": -0.02, "high": 0.03}


def row(route: str) -> dict[str, Any]:
    return {
        "slice": "mixed",
        "route": route,
        "n": 98,
        "recall_1": SHARE,
        "recall_5": SHARE,
        "mrr": SHARE,
        "lead": LEAD,
    }


def test_routes_stand_beside_their_fusion_with_intervals(script: ModuleType) -> None:
    answers = {"recall@1": 0.9, "mrr": 0.92, "answered_right": 0.91, "refusal": 0.93}
    found = {
        "rerankers": {
            "off": {"routes": [row("dense"), row("keyword"), row("fused")], "answers": answers},
            "embedded": {"routes": [row("dense"), row("fused"), row("reranker"), row("reranked")], "answers": answers},
        }
    }
    table = script.search_tables.routes(found).splitlines()
    assert table[0].startswith("| questions | n | meaning alone | words alone | fused | reranker alone |")
    assert table[2].endswith("| mixed languages | 98 | " + "0.900 ±0.080 | " * 5 + "+0.010 (-0.020 to +0.030) |")
    assert "| off | 0.900 | 0.920 | 0.910 | 0.930 |" in script.search_tables.answers(found)


def test_indexes_of_every_size_stand_in_one_table(script: ModuleType) -> None:
    line = {"side": "HNSW", "note": "", "vectors": 50_000, "queries": 9, "recall": 0.9988, "p50": 0.12, "p99": 0.19}
    line |= {"cpu_p50": 0.1, "cpu_p99": 0.15, "per_second": 8179.0, "megabytes": 84.2, "build_seconds": 4.4}
    search = {**line, "side": "search", "recall": None}
    machine = {"machine": "x86_64", "cores": 2, "used": [1], "load": 0.4, "python": "3.10.13"}
    text = script.search_tables.indexes({**machine, "measurements": [line, search]})
    assert "2 cores of which 1 used, load before 0.4" in text
    assert "| 50,000 | HNSW | 0.9988 | 0.12 / 0.19 | 0.10 / 0.15 | 8,179 | 84 MB | 4.4 s |" in text
    assert "| 50,000 | the whole search: four routes, fused |  |" in text


def test_one_size_may_stand_alone(script: ModuleType) -> None:
    line = {"side": "HNSW", "note": "", "queries": 9, "recall": 0.9988, "p50": 0.12, "p99": 0.19}
    line |= {"cpu_p50": 0.1, "cpu_p99": 0.15, "per_second": 8179.0, "megabytes": 84.2, "build_seconds": 4.4}
    machine = {"machine": "x86_64", "cores": 2, "used": [1], "load": 0.4, "python": "3.10.13"}
    found = {**machine, "measurements": [{**line, "vectors": size} for size in (1_000, 50_000)]}
    text = script.search_tables.indexes(found, 50_000)
    assert "| 50,000 | HNSW |" in text and "| 1,000 |" not in text


def test_a_sweep_shows_what_each_parameter_gives_at_each_size(script: ModuleType) -> None:
    trial = {"neighbours": 32, "build_effort": 100, "recall": 0.9988, "cpu_p99": 0.2, "build_seconds": 4.4}
    trials = [{**trial, "effort": 96, "vectors": 50_000}, {**trial, "effort": 96, "vectors": 200_000, "recall": 0.99}]
    text = script.search_tables.sweep({"sweep": [*trials, {**trial, "effort": 32, "vectors": 50_000, "recall": 0.5}]})
    assert "recall@10 at 50,000 | p99 ms of CPU at 50,000 | built in at 50,000 | recall@10 at 200,000" in text
    assert "| 32 | 100 | 0.9988 | 0.20 | 4 s | 0.9900 | 0.20 | 4 s |" in text


def test_the_sweep_is_shown_with_the_effort_that_the_index_looks_with(script: ModuleType) -> None:
    from kefu.knowledge.vectors import hnsw

    assert script.search_tables.EFFORT == hnsw._EFFORT
