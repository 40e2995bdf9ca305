"""bench/sizes.py: every size is trained alike, and a row has what the table shows."""

import argparse
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "training")]

import sizes  # noqa: E402
import train_embedder  # noqa: E402
from sentences import SETS  # noqa: E402
from understanding.intents import ACCURACY  # noqa: E402
from understanding.intervals import Figure  # noqa: E402
from understanding.retrieval import RECALL_1  # noqa: E402
from understanding.slices import ALL  # noqa: E402
from understanding.tables import Row, Table  # noqa: E402

from kefu.models.checkpoint import EMBEDDED_EMBEDDER  # noqa: E402


def _table(measure: str, *values: float, side: str = "Kefu") -> Table:
    rows = [
        Row(measure, f"all {number}", 40, {side: Figure(value, value, value)}, tags=frozenset({ALL}))
        for number, value in enumerate(values)
    ]
    part = Row(measure, "typo", 20, {side: Figure(0.1, 0, 0.2)}, tags=frozenset({"typo"}))
    other = Row("MRR", "all", 40, {side: Figure(0.2, 0, 0.3)}, tags=frozenset({ALL}))
    return Table("table", "note", [part, other, *rows])


def test_a_size_is_width_and_layers() -> None:
    assert sizes.Shape.of("384x6") == sizes.Shape(384, 6)
    assert str(sizes.Shape(384, 6)) == "384x6"
    for wrong in ("384", "x6", "384x", "384×6", "-3x2"):
        with pytest.raises(argparse.ArgumentTypeError, match="must be like 256x4"):
            sizes.Shape.of(wrong)


def test_all_sizes_are_trained_by_the_recipe_for_the_same_minutes(tmp_path: Path) -> None:
    for name in SETS:
        (tmp_path / name).mkdir()
    options = sizes.parser().parse_args(["--datasets", str(tmp_path), "--work", "w", "--minutes", "7"])
    recipes = []
    for shape in options.sizes:
        taken = train_embedder.parser().parse_args(sizes.training_options(shape, options))
        assert (taken.datasets, taken.cache, taken.start) == (tmp_path, Path("w"), None)
        recipes.append(train_embedder.recipe_of(taken))
    assert [(one.width, one.layers) for one in recipes] == [(128, 2), (256, 4), (384, 6)]
    assert {(one.minutes, one.rate, one.batch, one.seed) for one in recipes} == {(7.0, 1.2e-3, 128, recipes[0].seed)}


def test_a_row_has_every_figure_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    both = _table(ACCURACY, 0.8)
    for row in both.rows:
        row.figures["Kefu + n-grams"] = Figure(0.9, 0.9, 0.9)  # type: ignore[index]
    monkeypatch.setattr(sizes, "measure_intents", lambda *_: both)
    monkeypatch.setattr(sizes, "measure_knowledge", lambda *_: _table(RECALL_1, 0.95))
    monkeypatch.setattr(sizes, "measure_translations", lambda *_: _table(RECALL_1, 0.6, 0.7))
    found = sizes.measure(sizes.Shape(256, 4), EMBEDDED_EMBEDDER, Path("nowhere"), 1500)
    assert list(found) == list(sizes.HEADINGS)
    assert (found["to_english"], found["to_chinese"], found["knowledge"]) == (0.6, 0.7, 0.95)
    assert (found["intents"], found["intents_with_ngrams"]) == (0.8, 0.9)
    assert found["parameters"] == pytest.approx(7.2, abs=0.1)
    assert found["query_ms"] > 0 and 14 < found["megabytes"] < 17
    assert all(format(found[name], digits) for name, (_, digits) in sizes.HEADINGS.items())
