"""What the conversations about orders reach: every rule of the policy engine, every kind of case, in both languages.

`pytest tests/unit/test_conversation_coverage.py -s` prints the list.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from kefu.shop.after_sales import RULES
from kefu.shop.cases import CASE_KINDS
from kefu.text import detect_language

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


def test_there_are_forty_of_them_half_in_chinese():
    chinese = sum(language(case) == "zh" for case in CASES)
    assert len(CASES) >= 40
    assert chinese >= 20 and len(CASES) - chinese >= 20


def test_every_rule_is_reached():
    by_rule = defaultdict(list)
    for case in CASES:
        for rule in reached(case):
            by_rule[rule].append(case["test_case"])
    for rule in RULES:
        print(f"{rule:<24} {len(by_rule[rule])}  {'; '.join(by_rule[rule][:3])}")
    assert set(RULES) - set(by_rule) == set()


def test_every_kind_of_case_is_filed():
    filed = {
        str(step["utter"]).removeprefix("utter_filed_") for case in CASES for step in case["steps"] if "utter" in step
    }
    assert set(CASE_KINDS) <= filed
