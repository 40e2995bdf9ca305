"""The steps of a command: on a terminal a line that says what goes on, and everywhere one that says what was done."""

import contextlib
import time
from collections.abc import Iterator

import click
from rich.console import Console
from rich.status import Status

from kefu.ops.progress import Show


@contextlib.contextmanager
def live_line(text: str) -> Iterator[Show | None]:
    """Show a line with a spinner, and give a function that adds how far it is; through a pipe there is neither."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with console.status(f"{text} …") as status:
        yield lambda words: _add(status, text, words)


def _add(status: Status, text: str, words: str) -> None:
    status.update(f"{text} … {words}")


class Step:
    """What a step may say of itself while it lasts."""

    def __init__(self, show: Show | None) -> None:
        self.show = show
        self.note = ""

    def done(self, changed: bool) -> None:
        """Say whether there was anything to do."""
        self.note = "" if changed else "unchanged"


@contextlib.contextmanager
def step(name: str, doing: str) -> Iterator[Step]:
    """Show a step, how far it is, how long it took, and, where the caller says so, that nothing was to do."""
    started = time.monotonic()
    with live_line(f"{name}: {doing}") as show:
        running = Step(show)
        yield running
    click.echo(f"✓ {name:<24} {running.note:<10} {time.monotonic() - started:6.1f} s")
