"""The scripts: what they name exists, and what they call a success is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [file for file in sorted((ROOT / "scripts").iterdir()) if file.is_file()]
_PATH = re.compile(r"(?<![\w./$-])(?:data|tests|scripts|kefu|training|bench)/[\w./-]+")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_path_in_a_script_leads_somewhere(script: Path) -> None:
    named = set(_PATH.findall(script.read_text(encoding="utf-8")))
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A project with scripts/test-stories and a `rasa` that exits 0 whatever it is asked; gives its folder."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "test-stories", tmp_path / "scripts")
    rasa = tmp_path / ".venv" / "bin" / "rasa"
    rasa.parent.mkdir(parents=True)
    rasa.write_text(
        '#!/bin/sh\n[ -f plays ] && [ "$1" = test ] && mkdir -p results/stories && cat plays >"$RESULT"\n:\n'
    )
    rasa.chmod(0o755)
    return tmp_path


def played(project: Path) -> "subprocess.CompletedProcess[str]":
    result = project / "results" / "stories" / "failed_test_stories.yml"
    return subprocess.run(
        [str(project / "scripts" / "test-stories")],
        env={"PATH": "/usr/bin:/bin", "RESULT": str(result)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_stories_that_were_not_played_are_no_success(stories: Path) -> None:
    """Without a model `rasa test` says so, and exits as if all were well."""
    done = played(stories)
    assert done.returncode == 1
    assert "no story was played" in done.stderr and "kefu train" in done.stderr


def test_a_result_of_an_earlier_run_does_not_count(stories: Path) -> None:
    (stories / "results" / "stories").mkdir(parents=True)
    (stories / "results" / "stories" / "failed_test_stories.yml").write_text("# None of the test stories failed\n")
    assert played(stories).returncode == 1


def test_stories_that_all_went_as_written_are_a_success(stories: Path) -> None:
    (stories / "plays").write_text("# None of the test stories failed - all good!\n")
    done = played(stories)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ stories" in done.stdout
