"""The page's logic without a browser: webchat/test, by node's own test runner."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

SOURCES = Path(__file__).parents[3] / "webchat"


def test_session_links_and_words(axe: str) -> None:
    ran = subprocess.run(["npm", "test"], cwd=SOURCES, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-2000:]
