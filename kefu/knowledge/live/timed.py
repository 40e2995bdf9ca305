"""A fact that is looked up within a deadline, kept for a short while, and never said when it is older than that."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from kefu.errors import KefuError, LiveFactError
from kefu.protocols import Clock

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
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and self._is_young(kept):
                return kept
            running = self._running.get(key) or self._start(key)
        try:
            reading = running.result(timeout=self._deadline)
        except LateError as error:
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
