"""A server of another project, infinity, for as long as a check takes."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from environments import WORK, python_of, quiet_environment

_PATIENCE_SECONDS = 600  # its imports alone take minutes on a busy machine
_GRACE_SECONDS = 30


class ServerFailed(Exception):
    """The server has not come up; the message ends with what it said last."""


@contextlib.contextmanager
def serving(**folders: Path) -> Iterator[str]:
    """Serve models' folders, each under its name, on a loopback port of its own; gives the URL that ends in ``/v1``.

    The server is ended in every case, by its process id.

    :raises EnvironmentMissing: if infinity cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    program = python_of("infinity").parent / "infinity_emb"
    port = _free_port()
    command = [str(program), "v2"]
    for name, folder in folders.items():
        command += ["--model-id", str(folder), "--served-model-name", name]
    command += ["--engine", "torch", "--device", "cpu", "--dtype", "float32", "--no-bettertransformer"]
    # Its paths are /embeddings and /rerank by themselves; OpenAI's and Cohere's begin with /v1.
    command += ["--host", "127.0.0.1", "--port", str(port), "--url-prefix", "/v1", "--no-model-warmup"]
    log = WORK / f"{'-'.join(folders)}.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=quiet_environment(), stdout=output, stderr=subprocess.STDOUT) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            _end(server)


def versions() -> dict[str, str]:
    """Give the versions that matter in the server's environment."""
    code = (
        "import importlib.metadata as m, json\n"
        "names = ['infinity-emb', 'sentence-transformers', 'transformers', 'torch']\n"
        "print(json.dumps({name: m.version(name) for name in names}))"
    )
    done = subprocess.run([str(python_of("infinity")), "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerFailed(f"infinity ended with status {server.returncode}: {_last(log)}")
        with contextlib.suppress(requests.RequestException):
            if requests.get(url, timeout=5).ok:
                return
        time.sleep(0.5)
    raise ServerFailed(f"infinity is not up after {_PATIENCE_SECONDS} s: {_last(log)}")


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _last(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:]
