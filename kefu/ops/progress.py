"""How far a long step is, shown where somebody looks on.

That is a terminal of this process, or that of the process which started it and keeps its output in a log: then the
child notes its progress in a file that its parent names, and looks into, for as long as the child runs.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Report = Callable[[int, int], None]
"""Called with (done, in all)."""
Show = Callable[[str], None]
"""Called with words for the line of a step."""

_VARIABLE = "KEFU_PROGRESS"
_SECONDS_BETWEEN_NOTES = 0.1


@contextmanager
def progress_bar(description: str) -> Iterator[Report | None]:
    """Give a function that moves the bar, or None where nobody looks on."""
    if file := os.environ.get(_VARIABLE):
        yield _notes(description, Path(file))
    elif sys.stderr.isatty():
        with _bar(description) as report:
            yield report
    else:
        yield None


@contextmanager
def _bar(description: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def _notes(description: str, file: Path) -> Report:
    """Give a function that writes how far the work is, whole or not at all, and not too often."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    latest = float("-inf")

    def note(done: int, total: int) -> None:
        nonlocal latest
        if done < total and time.monotonic() - latest < _SECONDS_BETWEEN_NOTES:
            return
        latest = time.monotonic()
        with contextlib.suppress(OSError):  # the work is worth more than word of it
            draft.write_text(json.dumps([description, done, total]), encoding="utf-8")
            draft.replace(file)

    return note


class ChildProgress:
    """What a child says of its progress: ``environment`` tells it where, :meth:`pass_on` shows it here."""

    def __init__(self, folder: str, show: Show) -> None:
        self._file = Path(folder) / "progress.json"
        self._show = show
        self.environment: Mapping[str, str] = {_VARIABLE: str(self._file)}

    def pass_on(self) -> None:
        """Show the latest that the child has said; what is done is not shown beside what comes after it."""
        with contextlib.suppress(OSError, ValueError):
            description, done, total = json.loads(self._file.read_text(encoding="utf-8"))
            self._show(f"{description} {done:,}/{total:,}" if done < total else "")


@contextmanager
def child_progress(show: Show | None) -> Iterator[ChildProgress | None]:
    """Listen to a child for as long as the block lasts; without ``show`` nobody looks on, and nothing is noted."""
    if show is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kefu-") as folder:
        yield ChildProgress(folder, show)
