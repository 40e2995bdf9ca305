"""How long a turn may still take: no turn outlives its lock, or the next message would run beside it."""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_ends_at: ContextVar[float | None] = ContextVar("kefu_turn_ends_at", default=None)


@contextmanager
def turn_deadline(seconds: float) -> Iterator[None]:
    """Bound what is done inside to so many seconds from now."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left() -> float:
    """Give the seconds left to this turn; infinite outside of one."""
    ends_at = _ends_at.get()
    return float("inf") if ends_at is None else max(0.0, ends_at - time.monotonic())


async def within_turn(work: Awaitable[T]) -> T:
    """Wait for ``work`` as long as the turn may take; what has not begun by then never does.

    :raises asyncio.TimeoutError: if it is not done by then.
    """
    seconds = seconds_left()
    return await asyncio.wait_for(work, None if seconds == float("inf") else seconds)
