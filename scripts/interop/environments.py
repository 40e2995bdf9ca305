"""Virtual environments of the third-party tools, under `.kefu/interop`: pinned, apart from the product's own.

Their torch is the one of requirements.lock, which uv's cache has since `make setup`: it is not downloaded again, and
on most file systems takes no further space.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".kefu" / "interop"
PINS = Path(__file__).resolve().parent / "pins"
TOOLS = ("sentence-transformers", "infinity", "transformers-serve", "four-bit")
_UV = ROOT / ".venv" / "bin" / "uv"
_LOCK = ROOT / "requirements.lock"
_INDEX_VARIABLE = "KEFU_INDEX_URL"


class EnvironmentMissing(Exception):
    """A tool's environment cannot be made; the message says why."""


def python_of(tool: str) -> Path:
    """Give the Python of a tool's environment, which is made where it is missing, unfinished or of other versions.

    :raises EnvironmentMissing: if uv cannot install everything.
    """
    pins = PINS / f"{tool}.txt"
    folder = WORK / tool
    stamp = folder / ".ready"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making the environment of {tool} ({pins.relative_to(ROOT)}) …", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _uv("venv", "--quiet", "--python", str(ROOT / ".venv" / "bin" / "python"), str(folder))
    _uv("pip", "install", "--quiet", "--python", str(python), "--requirement", str(pins))
    stamp.write_text(wanted, encoding="utf-8")
    return python


def quiet_environment() -> dict[str, str]:
    """Give this process's variables for a tool: offline, no telemetry, one thread, nothing of ours on its path."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return {
        **kept,
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": kept.get("OMP_NUM_THREADS", "1"),  # a small model's threads only wait for each other
    }


def renew_pins(tool: str) -> None:
    """Resolve `pins/TOOL.in` into `pins/TOOL.txt` anew, for this project's Python and its torch.

    :raises EnvironmentMissing: if uv finds no set of versions.
    """
    torch = re.search(r"^torch==\S+", _LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert torch is not None, f"{_LOCK.name} does not pin torch"
    WORK.mkdir(parents=True, exist_ok=True)
    constraint = WORK / "torch.txt"
    constraint.write_text(torch.group() + "\n", encoding="utf-8")
    target = PINS / f"{tool}.txt"
    # The project's own configuration would put its two systems behind every line.
    options = ["--no-config", "--universal", "--python-version", "3.10", "--quiet", "--upgrade"]
    options += ["--no-header", "--no-annotate", "--no-emit-index-url", "--constraint", str(constraint)]
    _uv("pip", "compile", str(PINS / f"{tool}.in"), *options, "--output-file", str(target))
    lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
    newer = re.compile(r"python_full_version (>=|==) '3\.1[1-9]")
    kept = [line.replace(" ; python_full_version < '3.11'\n", "\n") for line in lines if not newer.search(line)]
    target.write_text("".join(kept), encoding="utf-8")


def _uv(*arguments: str) -> None:
    environment = dict(os.environ)
    mirror = environment.get(_INDEX_VARIABLE)
    if mirror:
        environment["UV_DEFAULT_INDEX"] = mirror
    done = subprocess.run([str(_UV), *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentMissing(
            f"`uv {' '.join(arguments[:2])}` failed (behind a mirror set {_INDEX_VARIABLE}): {done.stderr.strip()}"
        )
