"""The scripts name only files and folders of the project that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [file for file in sorted((ROOT / "scripts").iterdir()) if file.is_file()]
_PATH = re.compile(r"(?<![\w./$-])(?:data|tests|scripts|kefu|training|bench)/[\w./-]+")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_every_path_in_a_script_leads_somewhere(script: Path) -> None:
    named = set(_PATH.findall(script.read_text(encoding="utf-8")))
    assert {path for path in named if not (ROOT / path).exists()} == set()
