"""A server that is away is not asked by each customer in turn: who comes next is told at once (a circuit breaker)."""

import threading
import time
from collections.abc import Callable

_SECONDS = 15.0  # that a server is taken to be away after a failure; one caller then finds out whether it still is


class Outage:
    """Remembers for a while that a server failed. Safe between threads.

    :param clock: seconds that only grow; a test brings its own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: float | None = None
        self._lock = threading.Lock()

    @property
    def is_suspected(self) -> bool:
        """Whether the latest that is known of the server is a failure."""
        return self._until is not None

    def may_ask(self) -> bool:
        """Say whether to ask the server now; after an outage one caller may, and the others wait for what he finds."""
        with self._lock:
            if self._until is None:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + _SECONDS
            return True

    def failed(self) -> None:
        """Note that the server did not answer, or only that it cannot."""
        with self._lock:
            self._until = self._clock() + _SECONDS

    def answered(self) -> None:
        """Note that the server answered."""
        with self._lock:
            self._until = None
