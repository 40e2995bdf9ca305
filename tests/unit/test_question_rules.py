"""Rules that name a fixed process: what is read, and that the shop's own are sound."""

from pathlib import Path

import pytest

from kefu.errors import DataError
from kefu.knowledge.evaluation.questions import read_questions
from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.recall.question_rules import load_question_rules
from kefu.ops.project import open_project

ROOT = Path(__file__).parents[2]
OURS = ROOT / "data" / "shop" / "question_rules.yml"


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "rules.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_capitals_and_width_do_not_matter_and_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    rules = load_question_rules(
        write(tmp_path, "question_rules:\n- {entry: b, patterns: [cod]}\n- {entry: a, patterns: ['货到付款', cash]}\n")
    )
    assert rules.match("ＣＯＤ? 货到付款") == ["b", "a"]
    assert rules.match("CASH please") == ["a"]
    assert rules.match("x" * 400 + "cod") == []
    assert rules.unknown({"a"}) == ["b"]


def test_patterns_of_one_entry_may_stand_in_several_rules(tmp_path: Path) -> None:
    rules = load_question_rules(
        write(tmp_path, "question_rules: [{entry: a, patterns: [x]}, {entry: a, patterns: [y]}]")
    )
    assert rules.match("x") == rules.match("y") == ["a"]


def test_no_file_is_no_rule(tmp_path: Path) -> None:
    assert load_question_rules(tmp_path / "nothing.yml").match("cod") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("question_rules: {}", "`question_rules` must be a list"),
        ("question_rule: []", r"question_rule.*Did you mean `question_rules`"),
        ("question_rules: [{entry: a}]", "rule 1: `patterns`"),
        ("question_rules: [{patterns: [a]}]", "rule 1: `entry`"),
        ("question_rules: [{entry: a, patterns: ['(']}]", "rule 1: '\\(' is no regular expression"),
        ("question_rules: [{entry: a, patterns: [1]}]", "rule 1: 1 is no regular expression"),
        ("question_rules: [{entry: a, pattern: [a]}]", "Did you mean `patterns`"),
        ("question_rules: [", "cannot be read"),
    ],
)
def test_a_fault_is_named_by_rule_and_field(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(DataError, match=named):
        load_question_rules(write(tmp_path, text))


def test_rasa_does_not_take_our_rules_for_its_own() -> None:
    folders = {file.parent.name for file in open_project(ROOT / "endpoints.yml").training_files()}
    assert folders <= {"nlu", "rules", "stories"}


def test_our_rules_name_entries_that_there_are_and_are_right_where_they_speak() -> None:
    entries = load_knowledge(ROOT / "data" / "knowledge", ROOT / "data" / "shop" / "policy.yml").entries
    rules = load_question_rules(OURS)
    assert rules.unknown(entries) == []
    dev = read_questions(ROOT / "data" / "eval" / "dev.tsv", entries)
    matched = [(question, rules.match(question.text)) for question in dev]
    named = [(question, names) for question, names in matched if names]
    right = [question for question, names in named if not question.ids.isdisjoint(names)]
    assert len(named) >= 15 and len(right) >= 0.8 * len(named)
