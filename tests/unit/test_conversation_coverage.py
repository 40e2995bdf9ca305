"""What the conversations about orders reach: every rule of the policy engine, every kind of case, in both languages.

`pytest tests/unit/test_conversation_coverage.py -s` prints the list.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kefu.shop.after_sales import RULES
from kefu.shop.cases import CASE_KINDS
from kefu.text import LANGUAGES, detect_language

FOLDER = Path(__file__).parents[1] / "conversation"
CASES = [
    case
    for file in sorted(FOLDER.glob("after_sales*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))["test_cases"]
]


def language(case: dict[str, Any]) -> str:
    """The language that most of a conversation's messages are in."""
    spoken = [detect_language(str(step["user"])) for step in case["steps"] if "user" in step]
    return "zh" if spoken.count("zh") >= spoken.count("en") else "en"


def in_language(spoken: str) -> list[dict[str, Any]]:
    """The conversations in one language."""
    return [case for case in CASES if language(case) == spoken]


def reached(case: dict[str, Any]) -> set[str]:
    """The rules that a conversation names: those refused by what is uttered, those allowed by what was written."""
    found = set()
    for step in case["steps"]:
        uttered = str(step.get("utter", ""))
        if uttered.startswith("utter_refused_"):
            found.add(uttered.removeprefix("utter_refused_"))
        if isinstance(step.get("database"), dict):
            written = step["database"].get("cases")
            found |= {case["rule"] for case in written if "rule" in case} if isinstance(written, list) else set()
    return found


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_there_are_twenty_of_them_in_each_language(spoken):
    assert len(in_language(spoken)) >= 20


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_rule_is_reached_in_each_language(spoken):
    by_rule = {rule: [case["test_case"] for case in in_language(spoken) if rule in reached(case)] for rule in RULES}
    for rule in RULES:
        print(f"{spoken} {rule:<24} {len(by_rule[rule])}  {'; '.join(by_rule[rule][:3])}")
    assert [rule for rule in RULES if not by_rule[rule]] == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_kind_of_case_is_filed_in_each_language(spoken):
    uttered = [str(step["utter"]) for case in in_language(spoken) for step in case["steps"] if "utter" in step]
    assert set(CASE_KINDS) <= {name.removeprefix("utter_filed_") for name in uttered}
