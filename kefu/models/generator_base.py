"""What all generators share: turns in a bounded queue, a deadline that holds, caps, thinking left out."""

import logging
import threading
import time
from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass, replace

from kefu.errors import GenerationStopped, ModelBusy, ModelError
from kefu.models.load_once import LoadedOnce
from kefu.models.thinking import without_thinking
from kefu.protocols import Completion, GeneratorIdentity, Message
from kefu.settings import GeneratorSettings

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05  # between two looks at whether the caller still waits
_NOBODY_WAITS = "The answer is not waited for any more."
_QUANTISATIONS = ("none", "4bit")


@dataclass(frozen=True)
class Task:
    """One answer to write, and until when (on the clock of ``time.monotonic``)."""

    messages: Sequence[Message]
    max_tokens: int
    temperature: float
    deadline: float
    stop: threading.Event

    @property
    def seconds_left(self) -> float:
        """Time until the deadline; none if nobody waits any more."""
        return 0.0 if self.stop.is_set() else max(0.0, self.deadline - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether to write no further."""
        return self.seconds_left <= 0.0


class BoundedGenerator(LoadedOnce[GeneratorIdentity]):
    """A :class:`~kefu.protocols.Generator` that writes ``workers`` answers at once, and lets ``queue`` callers wait.

    Loading and writing happen on threads of its own, so that a caller leaves at the deadline whatever a server or a
    disk does; what has begun to load goes on loading for the next one. A subclass writes one answer, and looks at the
    task between its steps.
    """

    def __init__(self, settings: GeneratorSettings, workers: int) -> None:
        super().__init__()
        if settings.max_tokens < 1 or workers < 1:
            raise ModelError("`max_tokens` and `concurrency` must be 1 or more.")
        if settings.quantisation not in _QUANTISATIONS:
            known = ", ".join(_QUANTISATIONS)
            raise ModelError(f"`quantisation` must be one of {known}; it is {settings.quantisation!r}.")
        self.settings = settings
        self._room = threading.BoundedSemaphore(workers + settings.queue)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="generate")

    @abstractmethod
    def _write(self, task: Task) -> Completion:
        """Write one answer, thinking and all.

        :raises GenerationStopped: as soon as the task is over.
        """

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int | None = None,
        temperature: float | None = None,
        timeout: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Write the answer to a chat; see :meth:`kefu.protocols.Generator.complete`."""
        settings = self.settings
        started = time.monotonic()
        task = Task(
            tuple(messages),
            min(max_tokens or settings.max_tokens, settings.max_tokens),
            settings.temperature if temperature is None else temperature,
            started + (settings.timeout if timeout is None else timeout),
            threading.Event(),
        )
        if cancel is not None and cancel.is_set():
            raise GenerationStopped(_NOBODY_WAITS)
        written = self._wait(self._submit(task), task, cancel)
        text = without_thinking(written.text)
        if not text:
            raise ModelError(f"{written.model} wrote no answer, or only its thinking.")
        return replace(written, text=text)

    def _submit(self, task: Task) -> "Future[Completion]":
        if not self._room.acquire(blocking=False):
            raise ModelBusy(f"{self.settings.queue} already wait for the generator; `queue` allows no more.")
        try:
            future = self._pool.submit(self._load_and_write, task)
        except RuntimeError:
            self._room.release()
            raise
        future.add_done_callback(lambda _: self._room.release())
        return future

    def _load_and_write(self, task: Task) -> Completion:
        try:
            self.warm_up()
        except ModelError as error:
            if task.is_over:
                logger.warning("The generator could not be loaded: %s", error)
            raise
        if task.is_over:
            raise GenerationStopped("The generator did not come to this answer in time.")
        return self._write(task)

    def _wait(self, future: "Future[Completion]", task: Task, cancel: threading.Event | None) -> Completion:
        try:
            while True:
                left = task.deadline - time.monotonic()
                try:
                    return future.result(max(0.0, min(left, _LOOK_SECONDS) if cancel else left))
                except LateError:
                    if cancel is not None and cancel.is_set():
                        raise GenerationStopped(_NOBODY_WAITS) from None
                    if time.monotonic() >= task.deadline:
                        raise GenerationStopped("The generator did not finish its answer in time.") from None
        finally:
            task.stop.set()
            future.cancel()
