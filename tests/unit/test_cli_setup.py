"""Set-up: which Python is taken, what the lock says, and when nothing is to do."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def environment(
    load_script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    module = load_script("scripts/environment.py")
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / ".kefu-ready")
    monkeypatch.setattr(module, "UNFINISHED", tmp_path / "setup-unfinished")
    return module


def find_python(
    folder: Path, script: Path = ROOT / "scripts" / "find-python", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the script with nothing but ``folder`` to find programs in."""
    # `sh` itself is named by its path; nothing else of the system can be found.
    return subprocess.run(
        ["/bin/sh", str(script)],
        env={"PATH": str(folder), "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def test_a_shim_that_fails_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    program(tmp_path, "python3", f'exec {sys.executable} "$@"')
    found = find_python(tmp_path)
    assert found.returncode == 0, found.stderr
    version = subprocess.run([found.stdout.strip(), "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("Python 3.10")


def test_a_python_that_was_named_but_is_another_is_refused(tmp_path: Path) -> None:
    other = program(tmp_path, "python3.12", "exit 1")
    found = find_python(tmp_path, PYTHON=str(other))
    assert found.returncode == 1
    assert str(other) in found.stderr and len(found.stderr.splitlines()) == 1


# Where scripts/find-python looks whatever the PATH says.
FIXED = ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """scripts/find-python with its fixed places below an empty folder: this machine may well have a Python in one."""
    script = (ROOT / "scripts" / "find-python").read_text()
    for folder in FIXED:
        assert f" {folder}/python3.10" in script
        script = script.replace(f" {folder}/python3.10", f" {tmp_path}/root{folder}/python3.10")
    file = tmp_path / "find-python"
    file.write_text(script)
    return file


def test_without_python_one_line_says_how_to_get_it(tmp_path: Path, elsewhere: Path) -> None:
    found = find_python(tmp_path, elsewhere)
    assert (found.returncode, found.stdout) == (1, "")
    assert len(found.stderr.splitlines()) == 1
    assert all(way in found.stderr for way in ("apt install", "brew install", "uv python install", "pyenv install"))


@pytest.mark.parametrize("folder", [*FIXED, "/.pyenv/versions/3.10.14/bin"])
def test_a_python_in_a_usual_place_is_found_without_the_path(tmp_path: Path, elsewhere: Path, folder: str) -> None:
    place = tmp_path / ("root" if folder in FIXED else ".") / folder.lstrip("/")
    place.mkdir(parents=True)
    program(place, "python3.10" if folder in FIXED else "python", f'exec {sys.executable} "$@"')
    found = find_python(tmp_path, elsewhere)
    assert (found.returncode, found.stderr) == (0, "")
    assert Path(found.stdout.strip()).is_file()


# The lock of which somebody has measured what it downloads and takes up.
WEIGHED = "8b6ecb9880a90752efee8f22490ef2c408263586e43be8c25e26e224962c2ff8"


def test_the_sizes_that_are_announced_are_those_of_this_lock(environment: ModuleType) -> None:
    """A set-up announces them before it downloads gigabytes, so that a new lock has to be weighed."""
    found = hashlib.sha256(LOCK.encode("utf-8")).hexdigest()
    assert found == WEIGHED, (
        "requirements.lock has changed: set up once with an empty uv cache, measure what comes over the network and "
        "`du -sh .venv`, write both into scripts/environment.py, and this lock's hash into this test"
    )
    assert environment._size(environment.FEW_PACKAGES) == (
        f": a download of up to {environment.DOWNLOAD_GB:g} GB, {environment.DISK_GB:g} GB on disk"
    )
    assert environment._size(environment.FEW_PACKAGES - 1) == ""


def test_every_pin_has_a_version_and_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 150
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ .*\\\n", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
    assert not re.search(r"https?://|file:|--(extra-)?index-|--find-|/(home|root|tmp)/", LOCK)


PINS = "rasa==3.6.21 numpy==1.23.5 transformers==4.57. torch==2. faiss-cpu==1.8. sqlalchemy==1.4. setuptools==70."


@pytest.mark.parametrize("pin", [*PINS.split(), "pip==", "uv==", "wheel=="])
def test_the_lock_holds_the_set_that_works_together(pin: str) -> None:
    assert re.search(rf"^{re.escape(pin)}", LOCK, re.MULTILINE)


def test_the_lock_has_every_dependency_of_pyproject() -> None:
    import tomli
    from packaging.requirements import Requirement

    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(re.findall(r"^([a-z0-9._-]+)==([^ ]+)", LOCK, re.MULTILINE))
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(line)
        if requirement.name == project["name"]:  # an extra of its own
            assert requirement.extras <= project["optional-dependencies"].keys()
            continue
        version = pins[re.sub(r"[-_.]+", "-", requirement.name).lower()]
        assert requirement.specifier.contains(version), f"{line} is pinned to {version}: run `make lock`"


def test_uv_is_installed_as_the_lock_pins_it(environment: ModuleType) -> None:
    version, hashes = environment._pinned("uv")
    assert f"uv=={version} " in LOCK
    assert hashes and all(item.startswith("sha256:") for item in hashes)
    with pytest.raises(environment.SetupError, match="make lock"):
        environment._pinned("no-such-package")


def test_ready_means_stamp_and_python(environment: ModuleType) -> None:
    assert not environment.is_ready()
    bin_folder = environment.VENV / "bin"
    bin_folder.mkdir(parents=True)
    environment.STAMP.write_text(environment._wanted())
    assert not environment.is_ready(), "a stamp without a Python proves nothing"
    program(bin_folder, "python", f'exec {sys.executable} "$@"')
    assert environment.is_ready()
    environment.STAMP.write_text("another lock")
    assert not environment.is_ready()
    environment.STAMP.write_text(environment._wanted())
    program(bin_folder, "python", "exit 1")
    assert not environment.is_ready(), "a Python of another version, or a broken one"


@pytest.fixture
def installing(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A set-up whose programs are stood in for; gives what was done, in order."""
    done: list[str] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        if "venv" in command:
            done.append("venv")
            (environment.VENV / "bin").mkdir(parents=True)
            program(environment.VENV / "bin", "python", f'exec {sys.executable} "$@"')
        else:
            done.append("pip" if "-m" in command else "uv")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(environment, "_run", run)
    monkeypatch.setattr(environment.subprocess, "run", run)
    monkeypatch.setattr(environment, "_venv_works", lambda: (environment.VENV / "bin" / "python").exists())
    monkeypatch.setattr(environment, "_missing_packages", lambda: 7)
    monkeypatch.setattr(environment, "_has_pinned_uv", lambda: "pip" in done)
    return done


@pytest.mark.parametrize("cut_off", ["_make_venv", "_install_uv", "_missing_packages", "_uv"])
def test_a_set_up_that_was_cut_off_begins_anew(
    environment: ModuleType, installing: list[str], cut_off: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of a .venv that was cut off is trusted: a package may be there with half its files."""
    real = getattr(environment, cut_off)

    def killed(*arguments: object) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, cut_off, killed)
        with pytest.raises(KeyboardInterrupt):
            environment.build()
    assert not environment.is_ready()
    installing.clear()
    environment.build()
    assert installing == ["venv", "pip", "uv", "uv"]
    assert ".venv was not finished: it is made anew." in capsys.readouterr().out
    assert environment.is_ready()


def test_a_set_up_after_a_change_keeps_what_was_finished(environment: ModuleType, installing: list[str]) -> None:
    environment.build()
    environment.STAMP.write_text("another lock")
    installing[:] = ["pip"]
    environment.build()
    assert installing == ["pip", "uv", "uv"]
    assert environment.is_ready()


def test_a_mirror_counts_for_pip_and_uv(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEFU_INDEX_URL", raising=False)
    assert "UV_DEFAULT_INDEX" not in environment._environment().keys() - os.environ.keys()
    monkeypatch.setenv("KEFU_INDEX_URL", "https://mirror.example/simple")
    given = environment._environment()
    assert given["PIP_INDEX_URL"] == given["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_a_failed_step_says_what_to_do(environment: ModuleType) -> None:
    with pytest.raises(environment.SetupError, match="KEFU_INDEX_URL"):
        environment._run([sys.executable, "-c", "raise SystemExit(2)"])


def test_rasa_test_finds_no_stories_of_others_in_the_environment(environment: ModuleType) -> None:
    demo = environment.VENV / "lib" / "python3.10" / "site-packages" / "rasa" / "cli" / "initial_project"
    (demo / "tests").mkdir(parents=True)
    for name in ("tests/test_stories.yml", "domain.yml"):
        (demo / name).write_text("version: '3.1'\n")
    environment._remove_demo_stories()
    environment._remove_demo_stories()
    assert not list(environment.VENV.rglob("test_*.yml"))
    assert (demo / "domain.yml").is_file(), "`rasa init` still makes its project"
