"""How far a step is: a bar on a terminal, a line in the parent's terminal, and nothing where nobody looks on."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kefu.cli.steps import step
from kefu.ops import progress
from kefu.ops.progress import progress_bar
from kefu.ops.services import run_logged

# A child that is through with 3 of 10 until somebody has seen it, and then done.
CHILD = """
import sys, time
from pathlib import Path
from kefu.ops.progress import progress_bar
with progress_bar("Embedding the training data") as report:
    if report is None:
        sys.exit("nobody looks on")
    report(1_003, 1_010)
    until = time.monotonic() + 60
    while not Path(sys.argv[1]).exists() and time.monotonic() < until:
        time.sleep(0.05)
    report(1_010, 1_010)
print("through")
"""
# A command of ours with that child in it, as `kefu train` has `rasa train`.
COMMAND = f"""
import sys
from pathlib import Path
from kefu.cli.steps import step
from kefu.ops.services import run_logged
folder = Path(sys.argv[1])
seen = folder / "seen"
with step("Rasa model", "trains the Rasa model") as running:
    def show(words):
        running.show(words)
        if "/" in words:
            seen.touch()
    log, command = folder / "log", [sys.executable, "-c", {CHILD!r}, str(seen)]
    status = run_logged(command, log, folder=folder, environment={{}}, show=show if running.show else None)
    running.done(status == 0)
"""


def on_a_terminal(*command: str) -> str:
    """Run a command with a terminal of 100 columns as its standard error and output; give what it wrote there."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b""
        with io.FileIO(ours) as terminal:
            while chunk := _read(terminal):
                written += chunk
        assert process.wait(60) == 0, written.decode()
    return written.decode()


def _read(terminal: io.FileIO) -> bytes:
    try:
        return terminal.read(4096) or b""
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_the_line_of_a_step_shows_how_far_its_child_is(tmp_path: Path) -> None:
    shown = on_a_terminal(sys.executable, "-c", COMMAND, str(tmp_path))
    assert "Rasa model: trains the Rasa model … Embedding the training data 1,003/1,010" in shown
    assert "1,010/1,010" not in shown, "what is done is not shown beside what comes after it"
    assert re.search(r"✓ Rasa model +\d+\.\d s\r\n", shown)
    assert (tmp_path / "log").read_text() == "through\n"


def test_through_a_pipe_there_is_the_result_only(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert re.fullmatch(r"✓ Rasa model +unchanged +\d+\.\d s\n", done.stdout), "the child had nobody to tell"
    assert done.stderr == ""
    assert (tmp_path / "log").read_text() == "nobody looks on\n"


def test_a_bar_is_drawn_on_a_terminal() -> None:
    code = """
from kefu.ops.progress import progress_bar
with progress_bar("Embedding questions") as report:
    report(30, 120)
"""
    shown = on_a_terminal(sys.executable, "-c", code)
    assert "Embedding questions" in shown and "30/120" in shown


def test_nothing_is_drawn_where_nobody_looks_on(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Embedding questions") as report:
        assert report is None
    assert capfd.readouterr() == ("", "")


def test_notes_are_whole_few_and_end_with_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    file = progress.ChildProgress(str(tmp_path), shown.append)
    for name, value in file.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_NOTES", 3600.0)
    file.pass_on()
    assert shown == [], "nothing was said yet"
    with progress_bar("Embedding") as report:
        assert report is not None
        for done in range(1, 4):
            report(done, 4)
            file.pass_on()
        report(4, 4)
        file.pass_on()
    assert shown == ["Embedding 1/4"] * 3 + [""]
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]


def test_a_note_that_cannot_be_written_stops_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = progress.ChildProgress(str(tmp_path / "gone"), pytest.fail)
    for name, value in file.environment.items():
        monkeypatch.setenv(name, value)
    with progress_bar("Embedding") as report:
        assert report is not None
        report(1, 4)
    file.pass_on()


@pytest.mark.parametrize("looks_on", [True, False])
def test_a_command_ends_with_its_own_status(tmp_path: Path, looks_on: bool) -> None:
    command = [sys.executable, "-c", "raise SystemExit(4)"]
    show = (lambda words: None) if looks_on else None
    assert run_logged(command, tmp_path / "log", folder=tmp_path, environment={}, show=show) == 4


def test_a_step_says_what_was_done() -> None:
    import click

    @click.command()
    def command() -> None:
        with step("index", "builds it") as running:
            assert running.show is None
            running.done(changed=False)
        with step("model", "trains it") as running:
            running.done(changed=True)

    lines = CliRunner().invoke(command).output.splitlines()
    assert re.fullmatch(r"✓ index +unchanged +\d+\.\d s", lines[0])
    assert re.fullmatch(r"✓ model +\d+\.\d s", lines[1])
