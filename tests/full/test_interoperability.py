"""Tools of other projects, each in an environment of its own, get Kefu's vectors (docs/interoperability.md)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kefu.models.checkpoint import CHECKPOINTS

pytestmark = pytest.mark.full

ROOT = Path(__file__).parent.parent.parent
PROGRAM = ROOT / "scripts" / "interop"
CANNOT_INSTALL = 3
_PATIENCE_SECONDS = 1800


def run(*arguments: str) -> tuple[int, str, str]:
    """Run the program, and end it by SIGTERM where it takes too long: then it ends its server."""
    command = [sys.executable, str(PROGRAM), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            output, errors = process.communicate(timeout=_PATIENCE_SECONDS)
        except BaseException:
            process.terminate()
            raise
        return process.returncode, output, errors


def findings(*arguments: str) -> list[dict[str, Any]]:
    """Run a check, which must end well, and give what it found."""
    status, output, errors = run(*arguments, "--json")
    if status == CANNOT_INSTALL:
        pytest.skip(f"its environment cannot be made: {errors.strip()[-500:]}")
    assert status == 0, output[-3000:] + errors[-3000:]
    found: list[dict[str, Any]] = json.loads(output)["findings"]
    return found


@pytest.mark.parametrize("command", ["sentence-transformers", "infinity"])
def test_another_projects_tool_gets_the_same_vectors(command: str) -> None:
    found = findings(command)
    assert {one["check"].split(",")[0] for one in found} & {"document", "RemoteEmbedder"}
    assert all(one["good"] and one["figure"] >= 0.9999 for one in found)
    assert sum(one["texts"] for one in found) > 500


def test_another_projects_server_answers_the_generators_client() -> None:
    found = {one["check"]: one for one in findings("generator")}
    assert all(one["good"] for one in found.values())
    assert found["RemoteGenerator, the same text"]["figure"] == 1.0
    assert found["RemoteGenerator, the same text"]["against"] == "the model in process"
    # Both ends of an answer occur, and what the template is told arrives: the agreement above is not for want of them.
    assert 0 < found["answers that ended by themselves"]["figure"] < 1
    assert found["the same text, thinking left on"]["figure"] <= 0.5


def test_the_generators_weights_are_kept_in_four_bits() -> None:
    assert all(one["good"] for one in findings("four-bit"))


# One with random weights, and the embedded one where the package has one.
RERANKERS = [[], *(["--model", str(folder)] for folder in CHECKPOINTS.glob("reranker"))]


@pytest.mark.parametrize("model", RERANKERS, ids=lambda model: "embedded" if model else "random")
def test_another_projects_server_gives_the_same_scores(model: list[str]) -> None:
    found = {one["check"]: one for one in findings("rerank", *model)}
    for check in (
        "converted, the whole prompt",
        "RemoteReranker, template: client, ends put back",
        "RemoteReranker, template: server",
    ):
        assert found[check]["bound"] and found[check]["good"] and found[check]["figure"] <= 1e-4
        assert found[check]["against"] == "the reranker in process"
    # Without the prompt the scores are others: what agrees above does not agree for want of a difference.
    assert found["a pair, without a prompt"]["figure"] > 0.01
