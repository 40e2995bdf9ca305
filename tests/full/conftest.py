"""A clean clone, set up once for all tests of this folder; its servers, and a terminal to type into."""

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

ROOT = Path(__file__).parent.parent.parent
_PATIENCE_SECONDS = 1800  # a set-up with an empty download cache, and a training, on two cores
# What the customer types into the first conversation.
CHINESE = ["你好", "付款后还没发货怎么办？", "查一下订单 SO20260001", "算了", "转人工"]
# Variables of the environment that these tests run in, which a newcomer's shell does not have.
_FOREIGN = ("VIRTUAL_ENV", "KEFU_ENDPOINTS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Give Ctrl-C its meaning in all that is started here: a shell takes it from what it runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Clone:
    """A checkout of its own, with ports of its own."""

    folder: Path
    port: int
    action_port: int

    def run(self, *command: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command in the clone, as from a newcomer's shell."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=newcomers_environment(),
            input=typed,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )

    def make(self, target: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run `make` with the clone's ports."""
        return self.run("make", target, f"PORT={self.port}", f"ACTION_PORT={self.action_port}", typed=typed)

    @contextlib.contextmanager
    def serving(self) -> Iterator["subprocess.Popen[str]"]:
        """Serve without a conversation; gives `kefu up` once it is ready, and ends it by SIGTERM if it still runs."""
        command = [".venv/bin/kefu", "up", "--serve-only"]
        command += ["--port", str(self.port), "--action-port", str(self.action_port)]
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                seen = []
                while not seen or not seen[-1].startswith("Ctrl-C"):
                    seen.append(process.stdout.readline())
                    assert seen[-1], f"the servers have not started: {''.join(seen)}"
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.wait(60)

    def say(self, text: str, sender: str) -> str:
        """Say something over REST, and give the whole reply."""
        address = f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"
        answer = requests.post(address, json={"sender": sender, "message": text}, timeout=60)
        assert answer.status_code == 200, answer.text
        return "\n".join(part.get("text", "") for part in answer.json())

    def left_behind(self) -> list[str]:
        """Find processes that run from the clone."""
        found = []
        for process in psutil.process_iter(["cmdline", "status"]):
            line = " ".join(process.info["cmdline"] or [])
            if str(self.folder) in line and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(line)
        return found

    @contextlib.contextmanager
    def terminal(self, *command: str) -> Iterator["Terminal"]:
        """Run a command at a terminal of its own, as a shell does; what still runs at the end is killed."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={**newcomers_environment(), "TERM": "xterm", "COLUMNS": "160"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            os.close(ours)


# What moves the cursor or colours the text.
_CONTROL = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>]|\][^\x07]*\x07)|\r")


class Terminal:
    """What stands on a terminal, and its keyboard."""

    CTRL_C = "\x03"

    def __init__(self, process: "subprocess.Popen[bytes]", device: int) -> None:
        self.process = process
        self._device = device
        self._raw = b""
        self._read = 0

    @property
    def text(self) -> str:
        """All that was shown so far, without colours."""
        return _CONTROL.sub("", self._raw.decode(errors="replace"))

    def type(self, keys: str) -> None:
        """Press keys; a line ends with ``\\r``, as Enter does."""
        self._read = len(self.text)
        os.write(self._device, keys.encode())

    def wait_for(self, pattern: str, patience: float = _PATIENCE_SECONDS) -> str:
        """Wait until something is shown after what was last typed, and give what stands there by then."""
        self.wait_until(lambda: re.search(pattern, self.text[self._read :]) is not None, pattern, patience)
        return self.text[self._read :]

    def wait_until(self, is_so: Callable[[], bool], what: str, patience: float = _PATIENCE_SECONDS) -> None:
        """Wait for anything else, and go on reading: a program that cannot write stands still."""
        deadline = time.monotonic() + patience
        while not is_so():
            assert time.monotonic() < deadline, f"not after {patience} s: {what}; {self.text[-3000:]}"
            assert self._more(0.2), f"ended (status {self.process.wait()}) before: {what}; {self.text[-3000:]}"

    def wait_for_end(self, patience: float = 60) -> int:
        """Wait until the command ends, and give its exit status; below zero it is the signal that ended it."""
        deadline = time.monotonic() + patience
        while self._more(0.2):
            assert time.monotonic() < deadline, f"still running after {patience} s: {self.text[-3000:]}"
        return self.process.wait(patience)

    def _more(self, seconds: float) -> bool:
        """Read what comes, or wait so long; False at the end."""
        if not select.select([self._device], [], [], seconds)[0]:
            return True
        try:
            more = os.read(self._device, 65536)
        except OSError:  # Linux says so when nobody holds the other side any more
            return False
        self._raw += more
        return bool(more)


def newcomers_environment() -> dict[str, str]:
    """Give this environment without what a running test adds to it, .venv on the PATH included."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    kept["PATH"] = os.pathsep.join(
        folder for folder in kept["PATH"].split(os.pathsep) if Path(folder) != ROOT / ".venv" / "bin"
    )
    return kept


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Clone the repository, with what is not yet committed, into a folder of its own; nothing is set up there."""
    return cloned(tmp_path_factory.mktemp("clone") / "kefu")


@pytest.fixture
def another_clone(tmp_path: Path) -> Iterator[Clone]:
    """One more, for one test only."""
    made = cloned(tmp_path / "kefu")
    yield made
    shutil.rmtree(made.folder)  # several gigabytes


def cloned(folder: Path) -> Clone:
    """Clone what lies in the working tree, and find two ports for it."""
    for program in ("git", "make"):
        assert shutil.which(program), f"`make test-full` needs {program}"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    _bring_uncommitted_changes(folder)
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return Clone(folder, one.getsockname()[1], two.getsockname()[1])


@pytest.fixture(scope="session")
def first(clone: Clone) -> "subprocess.CompletedProcess[str]":
    """The first `make chat`, in Chinese: it sets up, builds and trains. It comes before every other test's start."""
    return clone.make("chat", typed="\n".join(CHINESE) + "\n")


def _bring_uncommitted_changes(folder: Path) -> None:
    """Make the clone equal to the working tree, so that the test judges what lies there (in CI it is the same)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in listed.decode().split("\0"):
        source, target = ROOT / name, folder / name
        if name and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        elif name:
            target.unlink(missing_ok=True)
