"""Danger and fraud are heard in the words; what only sounds like them is not: a table of what customers type."""

from pathlib import Path

import pytest

from kefu.dialogue.alarms.alarm import ENTRIES, alarm
from kefu.knowledge.files.project import load_knowledge
from kefu.settings import load_settings

HEADINGS = {"[danger]": "danger", "[fraud]": "fraud", "[neither]": None}


def rows() -> list[tuple[str, str | None]]:
    found = []
    heading = ""
    for line in (Path(__file__).parent / "alarms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line
        elif line and not line.startswith("#"):
            found.append((line, HEADINGS[heading]))
    return found


@pytest.mark.parametrize(("text", "expected"), rows())
def test_what_is_warned_of(text: str, expected: str | None) -> None:
    assert alarm(text) == expected


def test_the_pages_are_there() -> None:
    settings = load_settings()
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    assert set(ENTRIES.values()) <= set(knowledge.entries)
