"""The steps of the conversations under tests/conversation: how they are written."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[1] / "conversation"


@pytest.fixture(scope="module")
def kit(load_script: Callable[[str], ModuleType]) -> ModuleType:
    return load_script("tests/conversation/conftest.py")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{offer: handover}", {"offer": "handover"}),
        ("[{offer: handover}]", {"offer": "handover"}),
        ("- offer: handover\n- order_number: null", {"offer": "handover", "order_number": None}),
    ],
)
def test_slots_may_be_written_as_rasa_writes_them(kit: ModuleType, written: str, expected: dict[str, Any]) -> None:
    assert kit.expected_slots(yaml.safe_load(written)) == expected


@pytest.mark.parametrize("written", ["offer", "[offer]", "[]", "{}", "[{offer: a}, {offer: b}]"])
def test_slots_without_a_value_or_with_two_are_refused(kit: ModuleType, written: str) -> None:
    with pytest.raises(AssertionError, match=r"say what|twice"):
        kit.expected_slots(yaml.safe_load(written))


def test_every_step_is_one_that_the_kit_takes_and_the_docstring_names(kit: ModuleType) -> None:
    taken = {name.removeprefix("_") for name in vars(kit.Play) if name.startswith("_")}
    files = sorted(FOLDER.glob("*.yml"))
    cases = [case for file in files for case in yaml.safe_load(file.read_text(encoding="utf-8"))["test_cases"]]
    used = {kind for case in cases for step in case["steps"] for kind in step}
    assert used <= taken
    assert {kind for kind in used if f"- {kind}:" not in kit.__doc__} == set()
