"""What is said of the state of the goods: a table of what customers type."""

from pathlib import Path

import pytest

from kefu.dialogue.reasons.conditions import read_conditions
from kefu.dialogue.words.wording import folded


def rows() -> list[tuple[str, frozenset[str]]]:
    found = []
    present: frozenset[str] = frozenset()
    for line in (Path(__file__).parent / "conditions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            present = frozenset() if line == "[nothing]" else frozenset({line.strip("[]")})
        elif line and not line.startswith("#"):
            found.append((line, present))
    return found


@pytest.mark.parametrize(("text", "present"), rows())
def test_what_is_heard_of_the_state_of_the_goods(text: str, present: frozenset[str]) -> None:
    assert read_conditions(folded(text)).present == present
