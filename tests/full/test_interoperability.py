"""Tools of other projects, each in an environment of its own, get Kefu's vectors (docs/interoperability.md)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("command", ["sentence-transformers", "infinity"])
def test_another_projects_tool_gets_the_same_vectors(command: str) -> None:
    status, output, errors = run(command, "--json")
    if status == CANNOT_INSTALL:
        pytest.skip(f"its environment cannot be made: {errors.strip()[-500:]}")
    assert status == 0, output[-3000:] + errors[-3000:]
    found = json.loads(output)["findings"]
    assert {one["check"].split(",")[0] for one in found} & {"document", "RemoteEmbedder"}
    assert all(one["good"] and one["figure"] >= 0.9999 for one in found)
    assert sum(one["texts"] for one in found) > 500
