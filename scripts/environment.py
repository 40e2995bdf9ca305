"""Builds `.venv`: the versions and hashes of requirements.lock, and Kefu itself in editable form.

Run by `scripts/setup` with a bare Python 3.10; uses the standard library only. Interrupting it is harmless, by Ctrl-C
or worse: what was downloaded stays in uv's cache, and a .venv that was not finished is made anew from there.

KEFU_INDEX_URL names a mirror of the Python package index (PEP 503, such as `https://HOST/simple`) for pip and uv.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".kefu-ready"
WORK = ROOT / ".kefu"
# There while .venv is worked on. A package of which half the files were copied counts as installed for uv and for pip,
# so that after a run that was cut off nothing in .venv can be trusted.
UNFINISHED = WORK / "setup-unfinished"
INDEX_VARIABLE = "KEFU_INDEX_URL"
# Bytes received by the network interface during a set-up with an empty uv cache (Linux, x86-64). Three quarters are
# torch and the CUDA libraries that the index's torch depends on there; other systems need less.
DOWNLOAD_GB = 4.1
DISK_GB = 7.8  # du -sh .venv
FEW_PACKAGES = 50


class SetupError(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def main() -> int:
    """Build what is missing; with --is-ready only say (by the exit status) whether anything is."""
    if "--is-ready" in sys.argv:
        return 0 if is_ready() else 1
    try:
        with _only_one():
            if not is_ready():
                build()
    except KeyboardInterrupt:
        print("\nSet-up was interrupted; `make setup` goes on where it stopped.", file=sys.stderr)
        return 130
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def is_ready() -> bool:
    """Say whether .venv runs Python 3.10 and holds what lock and pyproject now ask for."""
    is_whole = STAMP.is_file() and not UNFINISHED.exists()
    return is_whole and STAMP.read_text(encoding="utf-8") == _wanted() and _venv_works()


def _size(missing: int) -> str:
    """Say how large a whole set-up is; of a few packages that were added since, nobody has weighed each."""
    if missing < FEW_PACKAGES:
        return ""
    return f": a download of up to {DOWNLOAD_GB:g} GB, {DISK_GB:g} GB on disk"


def build() -> None:
    """Go through the steps; each says how long it took."""
    if UNFINISHED.exists() or not _venv_works():
        with _step("virtual environment"):
            _make_venv()
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    if not _has_pinned_uv():
        with _step("uv"):
            _install_uv()
    missing = _missing_packages()
    if missing:
        print(f"  {missing} packages to install{_size(missing)}.")
        print("  Ctrl-C is safe: the next run goes on from uv's cache.", flush=True)
    with _step("pinned packages" if missing else "pinned packages (unchanged)"):
        _uv("pip", "install", "--require-hashes", "-r", str(LOCK))
    _remove_demo_stories()
    with _step("kefu (editable)"):
        _uv("pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(_wanted(), encoding="utf-8")
    UNFINISHED.unlink()


def _remove_demo_stories() -> None:
    """Take Rasa's own demo's test stories out of .venv: `rasa test` plays whatever lies below the project's folder."""
    for file in VENV.glob("lib/python*/site-packages/rasa/cli/initial_project/tests/test_*.yml"):
        file.unlink()


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Let two `make`s that start together set up one after the other."""
    WORK.mkdir(exist_ok=True)
    with (WORK / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"✓ {name:<30} {time.monotonic() - started:6.1f} s", flush=True)


def _wanted() -> str:
    """Hash whatever the environment is made from."""
    digest = hashlib.sha256()
    for file in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update(str(ROOT).encode())  # an editable install points here: a moved checkout installs itself anew
    return digest.hexdigest()


def _venv_works() -> bool:
    code = "import sys; raise SystemExit(sys.version_info[:2] != (3, 10) or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([_python(), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    if VENV.exists():
        why = "was not finished" if UNFINISHED.exists() else "is broken or of another Python"
        print(f"  .venv {why}: it is made anew.", flush=True)
    UNFINISHED.touch()
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            f"`{sys.executable} -m venv` failed; on Debian and Ubuntu `apt install python3.10-venv` mends that.\n"
            + (made.stdout + made.stderr).strip()
        )


def _has_pinned_uv() -> bool:
    try:
        answer = subprocess.run([_python("uv"), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.split()[1:2] == [_pinned("uv")[0]]


def _install_uv() -> None:
    version, hashes = _pinned("uv")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "uv.txt"
        file.write_text(f"uv=={version} " + " ".join(f"--hash={item}" for item in hashes), encoding="utf-8")
        _run(
            [
                _python(),
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                str(file),
            ]
        )


def _pinned(name: str) -> tuple[str, list[str]]:
    """Read one package's version and hashes from the lock."""
    entry = re.search(rf"^{name}==(\S+).*?(?=^\S|\Z)", LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if entry is None:
        raise SetupError(f"{LOCK.name} does not pin {name}; `make lock` writes it anew.")
    return entry.group(1), re.findall(r"--hash=(\S+)", entry.group())


def _missing_packages() -> int:
    """Ask uv how many packages it would install."""
    command = [_python("uv"), "pip", "install", "--dry-run", "--require-hashes", "-r", str(LOCK)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    found = re.search(r"Would install (\d+) package", answer.stderr + answer.stdout)
    return int(found.group(1)) if found else 0


def _uv(*arguments: str) -> None:
    # On a terminal uv draws its progress; elsewhere it would print two hundred lines.
    quiet = [] if sys.stderr.isatty() or "-q" in arguments else ["-q"]
    _run([_python("uv"), *arguments, *quiet])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, env=_environment(), cwd=ROOT)
    if done.returncode:
        raise SetupError(
            f"`{Path(command[0]).name}` could not install everything (see above). Is the package index reachable? "
            f"Behind a mirror set {INDEX_VARIABLE}; then run `make setup` again: what was downloaded is kept."
        )


def _environment() -> dict[str, str]:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    environment.setdefault("UV_HTTP_TIMEOUT", "300")  # seconds without a byte; torch alone is half a gigabyte
    mirror = os.environ.get(INDEX_VARIABLE)
    if mirror:
        environment.update(PIP_INDEX_URL=mirror, UV_DEFAULT_INDEX=mirror)
    return environment


def _python(program: str = "python") -> str:
    return str(VENV / "bin" / program)


if __name__ == "__main__":
    sys.exit(main())
