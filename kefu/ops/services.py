"""Servers as child processes: each in a group of its own, with a log file, and never left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kefu.errors import KefuError
from kefu.ops.ports import answers
from kefu.ops.progress import Show, child_progress

_GRACE_SECONDS = 10.0  # between SIGTERM and SIGKILL
_POLL_SECONDS = 0.2
_TAIL_LINES = 15
_PR_SET_PDEATHSIG = 1


class ServiceError(KefuError):
    """A server ended, or did not become healthy in time."""


@dataclass
class Service:
    """One server: its command, its log, the address that answers 200 once it is ready, and the folder it runs in."""

    name: str
    command: Sequence[str]
    log: Path
    health: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        """Start the server in a process group of its own, so that Ctrl-C reaches it only through :meth:`stop`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = _spawn(self.command, log, self.folder, self.environment)

    def is_running(self) -> bool:
        """Say whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def wait_until_ready(self, patience: float) -> None:
        """Wait until the server answers its health check.

        :param patience: seconds.
        :raises ServiceError: if it ends before, or takes longer; the message holds the last lines of its log.
        """
        deadline = time.monotonic() + patience
        while not answers(self.health):
            self.require_running()
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} is not ready after {patience:.0f} s.{end_of(self.log)}")
            time.sleep(_POLL_SECONDS)
        # Whoever answered might be another program: ours would have ended, since the port was taken.
        self.require_running()

    def require_running(self) -> None:
        """Refuse to go on without this server.

        :raises ServiceError: if it has ended, with its exit status and the last lines of its log.
        """
        if not self.is_running():
            status = self._process.returncode if self._process else "never started"
            raise ServiceError(f"{self.name} has ended (status {status}).{end_of(self.log)}")

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the whole group."""
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the whole group: SIGTERM, and SIGKILL for whatever is left."""
        if self._process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            # The leader may be gone while a child of its own lives: the group is asked, not the process.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def run_logged(
    command: Sequence[str], log: Path, *, folder: Path, environment: Mapping[str, str], show: Show | None = None
) -> int:
    """Run a command to its end with its output in a file, and give its exit status; it never outlives this process.

    :param show: is told how far the command says it is.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with child_progress(show) as said, log.open("wb") as output:
        own = said.environment if said else {}
        with _spawn(command, output, folder, {**environment, **own}) as process:
            try:
                while said and process.poll() is None:
                    said.pass_on()
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(_POLL_SECONDS)
                return process.wait()
            except BaseException:
                process.kill()
                raise


def end_of(log: Path) -> str:
    """Word the last lines of a log, to follow a sentence that says what went wrong."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    shown = "\n".join(f"  | {line}" for line in lines[-_TAIL_LINES:])
    return f" The end of {log}:\n{shown}" if shown else f" {log} is empty."


@contextlib.contextmanager
def ended_together(services: Sequence[Service]) -> Iterator[None]:
    """End all services when the block is left, however it is left; SIGTERM and SIGHUP leave it too."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        # A second Ctrl-C must not leave half of them behind.
        before[signal.SIGINT] = signal.getsignal(signal.SIGINT)
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        for service in services:
            service.ask_to_stop()
        for service in services:
            service.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _spawn(
    command: Sequence[str], output: IO[bytes], folder: Path, environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )


def _die_with_parent() -> None:
    """Runs in the child before its program: if the parent is killed outright, the kernel ends the child."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
