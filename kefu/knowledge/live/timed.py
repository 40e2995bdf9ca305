"""A fact that is looked up within a deadline, kept for a short while, and never said when it is older than that."""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from kefu.errors import KefuError, LiveFactError
from kefu.protocols import Clock

logger = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MOST_KEPT = 1000


@dataclass(frozen=True)
class Reading(Generic[Value]):
    """A fact as it was at a moment: that at which it was asked for."""

    value: Value
    as_of: datetime


class TimedLookup(Generic[Key, Value]):
    """Looks facts up by key; safe between threads. Who asks for what is being looked up waits for the same answer.

    :param kept_seconds: how long a reading may be said again.
    :param deadline: seconds that a customer waits for one.
    """

    def __init__(
        self,
        look_up: Callable[[Key], Value],
        pool: Executor,
        clock: Clock,
        *,
        kept_seconds: float,
        deadline: float,
    ) -> None:
        self._look_up = look_up
        self._pool = pool
        self._clock = clock
        self._kept_for = timedelta(seconds=kept_seconds)
        self._deadline = deadline
        self._lock = threading.RLock()  # a lookup may be done before its callback is set, in the same thread
        self._kept: dict[Key, Reading[Value]] = {}
        self._running: dict[Key, Future[Reading[Value]]] = {}

    def __call__(self, key: Key) -> Reading[Value]:
        """Give a reading that is young enough.

        :raises LiveFactError: if the fact cannot be looked up, or not in time.
        """
        return self._wait(self._begin(key), self._deadline)

    def start(self, keys: Iterable[Key]) -> dict[Key, Future[Reading[Value]]]:
        """Begin to look facts up, and wait for none."""
        return {key: self._begin(key) for key in keys}

    def collect(self, started: Mapping[Key, Future[Reading[Value]]], until: float) -> dict[Key, Reading[Value]]:
        """Give the readings there are by a moment of ``time.monotonic``; what has not begun by then never does."""
        found = {}
        for key, running in started.items():
            try:
                found[key] = self._wait(running, max(0.0, until - time.monotonic()))
            except LiveFactError as error:
                running.cancel()
                logger.info("%s is left out: %s", key, error)
        return found

    def _begin(self, key: Key) -> Future[Reading[Value]]:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and self._is_young(kept):
                there: Future[Reading[Value]] = Future()
                there.set_result(kept)
                return there
            return self._running.get(key) or self._start(key)

    def _wait(self, running: Future[Reading[Value]], seconds: float) -> Reading[Value]:
        try:
            reading = running.result(timeout=seconds)
        except (LateError, CancelledError) as error:
            raise LiveFactError(f"A live fact was not there within {self._deadline:g} s.") from error
        except KefuError as error:
            raise LiveFactError(f"A live fact cannot be looked up: {error}") from error
        if not self._is_young(reading):
            raise LiveFactError("A live fact came so late that it may no longer hold.")
        return reading

    def _is_young(self, reading: Reading[Value]) -> bool:
        # A clock that was set back makes no old reading young.
        return timedelta(0) <= self._clock() - reading.as_of <= self._kept_for

    def _start(self, key: Key) -> Future[Reading[Value]]:
        running = self._running[key] = self._pool.submit(self._read, key, self._clock())
        running.add_done_callback(lambda _: self._finished(key))
        return running

    def _read(self, key: Key, asked_at: datetime) -> Reading[Value]:
        reading = Reading(self._look_up(key), asked_at)
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = reading
            while len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return reading

    def _finished(self, key: Key) -> None:
        with self._lock:
            self._running.pop(key, None)
