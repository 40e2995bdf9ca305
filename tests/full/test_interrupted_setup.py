"""A set-up that is ended in the middle, by Ctrl-C and by a kill, goes on at the next `make setup` and ends well."""

import csv
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full

_ENOUGH = 20  # packages that are there when the kill comes: it hits uv while it copies


def installed(clone: Any) -> list[Path]:
    """The packages in .venv, by their metadata."""
    return list((clone.folder / ".venv").glob("lib/python3.10/site-packages/*.dist-info"))


def missing_files(clone: Any) -> list[str]:
    """Files that a package says it has, and has not."""
    return [
        row[0]
        for package in installed(clone)
        for row in csv.reader((package / "RECORD").read_text(encoding="utf-8").splitlines())
        if not (package.parent / row[0]).exists() and "rasa/cli/initial_project/tests/" not in row[0]
    ]


def test_a_set_up_that_was_ended_in_the_middle_goes_on(another_clone: Any) -> None:
    clone = another_clone
    with clone.terminal("make", "setup") as screen:
        assert "Ctrl-C is safe" in screen.wait_for(r"packages to install[^✓]*cache\.")
        screen.type(screen.CTRL_C)
        assert screen.wait_for_end() != 0
    assert re.search(r"\d+ packages to install: a download of up to [\d.]+ GB, [\d.]+ GB on disk", screen.text)
    assert "`make setup` goes on where it stopped" in screen.text
    assert "Traceback" not in screen.text and "✓ pinned packages" not in screen.text

    with clone.terminal("make", "setup") as screen:
        screen.wait_for(r"packages to install")
        screen.wait_until(lambda: len(installed(clone)) >= _ENOUGH, f"{_ENOUGH} packages")
        os.killpg(screen.process.pid, signal.SIGKILL)
        screen.wait_for_end()
    at_the_kill = len(installed(clone))

    last = clone.make("setup")
    assert last.returncode == 0, last.stdout + last.stderr
    assert re.search(r"✓ pinned packages +\d", last.stdout) and "✓ kefu (editable)" in last.stdout
    assert len(installed(clone)) > at_the_kill, "the kill came too late to prove anything"
    assert missing_files(clone) == []
    assert clone.run(".venv/bin/kefu", "--version").returncode == 0
    again = clone.make("setup")
    assert (again.returncode, again.stdout) == (0, "")
