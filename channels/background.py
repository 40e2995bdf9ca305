"""Work that goes on after a webhook has been answered."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Background:
    """Tasks of one channel, in the order in which they were given; what fails is logged by its class only.

    They live in this process: what is under way when it is killed is lost, and its event is not taken a second time.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Count what is under way."""
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin some work and return at once."""
        task = asyncio.get_running_loop().create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, for so many seconds at most; the rest is cancelled."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()

    async def _watched(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 – nobody waits for this task; its words may be a customer's
            logger.error("a message over %s failed with %s", self._channel, type(error).__name__)
