"""Danger and fraud are heard in the words; what only sounds like them is not: a table of what customers type."""

from pathlib import Path

import pytest

from kefu.dialogue.alarms.alarm import ENTRIES, alarm, is_swallowed
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


@pytest.mark.parametrize(
    "text", ["孩子吞了个纽扣电池", "误食了干燥剂", "my baby swallowed the ear tip", "he is choking on it"]
)
def test_who_swallowed_a_thing(text: str) -> None:
    assert is_swallowed(text)


@pytest.mark.parametrize("text", ["充电宝冒烟了", "孩子被烫到手了", "宝宝会不会误吞零件", "the battery is swollen"])
def test_who_did_not(text: str) -> None:
    assert not is_swallowed(text)
