"""Servers of other projects, each a process on loopback for as long as a check takes."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import requests
from environments import WORK, python_of, quiet_environment

_PATIENCE_SECONDS = 600  # a tool's imports alone take minutes on a busy machine
_GRACE_SECONDS = 30


class ServerFailed(Exception):
    """The server has not come up; the message ends with what it said last."""


@contextlib.contextmanager
def running(name: str, command: Sequence[str], port: int) -> Iterator[str]:
    """Run a server that answers ``/health`` once it is up, and give its URL; ``name`` is that of its log.

    The server is ended in every case, by its process id.

    :raises ServerFailed: if it does not come up.
    """
    log = WORK / f"{name}.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=quiet_environment(), stdout=output, stderr=subprocess.STDOUT) as server,
    ):
        try:
            _wait(name, f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(server)


def versions_of(tool: str, packages: Sequence[str]) -> dict[str, str]:
    """Give the versions of packages in a tool's environment."""
    code = (
        "import importlib.metadata as m, json\n"
        f"print(json.dumps({{name: m.version(name) for name in {list(packages)!r}}}))"
    )
    done = subprocess.run([str(python_of(tool)), "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def free_port() -> int:
    """Give a port of the loopback interface that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(name: str, url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerFailed(f"{name} ended with status {server.returncode}: {_last(log)}")
        with contextlib.suppress(requests.RequestException):
            if requests.get(url, timeout=5).ok:
                return
        time.sleep(0.5)
    raise ServerFailed(f"{name} is not up after {_PATIENCE_SECONDS} s: {_last(log)}")


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _last(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:]
