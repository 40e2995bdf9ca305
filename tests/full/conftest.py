"""A clean clone, set up once for all tests of this folder."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_PATIENCE_SECONDS = 1800  # a set-up with an empty download cache, and a training, on two cores
# What the customer types into the first conversation.
CHINESE = ["你好", "付款后还没发货怎么办？", "查一下订单 SO20260001", "算了", "转人工"]
# Variables of the environment that these tests run in, which a newcomer's shell does not have.
_FOREIGN = ("VIRTUAL_ENV", "KEFU_ENDPOINTS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH")


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
    for program in ("git", "make"):
        assert shutil.which(program), f"`make test-full` needs {program}"
    folder = tmp_path_factory.mktemp("clone") / "kefu"
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
