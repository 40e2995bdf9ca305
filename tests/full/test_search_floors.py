"""What the search must reach on questions that nothing was fitted on: nine in ten answered rightly, nine in ten of the
others refused, and the fusion of the routes not behind the best of them."""

import json
import subprocess
from typing import Any

import pytest

pytestmark = pytest.mark.full

_FLOOR = 0.9
_POINT = 0.01


@pytest.fixture(scope="module")
def measured(clone: Any, first: "subprocess.CompletedProcess[str]") -> Any:
    """Give what `kefu eval` prints of the test questions with some options."""
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]

    def ask(*options: str) -> Any:
        done = clone.run(".venv/bin/kefu", "eval", "data/eval/test.tsv", *options, "--json")
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return ask


def test_nine_in_ten_are_answered_rightly_and_nine_in_ten_of_the_others_refused(measured: Any) -> None:
    total = measured()["total"]
    assert total["answered_right"] >= _FLOOR and total["refusal"] >= _FLOOR, total


def test_fused_routes_are_ahead_of_each_alone(measured: Any) -> None:
    rows = [row for row in measured("--routes") if row["slice"] == "all"]
    fused = next(row["recall_1"]["value"] for row in rows if row["route"] == "fused")
    assert {row["route"] for row in rows} >= {"dense", "keyword", "rules", "fused"}
    assert all(fused >= row["recall_1"]["value"] for row in rows if row["route"] != "fused"), rows


def test_fused_routes_are_at_most_a_point_behind_meaning_alone_in_any_slice(measured: Any) -> None:
    found: dict[str, dict[str, float]] = {}
    for row in measured("--routes"):
        found.setdefault(row["slice"], {})[row["route"]] = row["recall_1"]["value"]
    assert len(found) > 1
    behind = {name: routes["dense"] - routes["fused"] for name, routes in found.items()}
    assert {name: by for name, by in behind.items() if by > _POINT} == {}, behind
