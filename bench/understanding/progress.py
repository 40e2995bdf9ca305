"""Progress bars on standard error, so that the tables can be piped."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")
_CONSOLE = Console(stderr=True)


def watched(steps: Sequence[T], what: str) -> Iterator[T]:
    """Yield the steps under a bar that goes away with the last one."""
    yield from track(steps, what, console=_CONSOLE, transient=True)
