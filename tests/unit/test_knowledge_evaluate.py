"""Files of questions, and measures over a toy that was calculated by hand."""

from pathlib import Path

import pytest

from kefu.errors import DataError
from kefu.knowledge.evaluation.evaluate import Outcome, evaluate
from kefu.knowledge.evaluation.questions import Question, read_questions

HEADER = "kind\tlang\tquery\tid\n"


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "q.tsv"
    file.write_text(text, encoding="utf-8")
    return file


def test_rows_are_read_with_several_ids_quotation_marks_and_the_mark_for_nothing(tmp_path: Path) -> None:
    rows = 'standard\tzh\t"退货" 怎么办\ta|b\n\nunanswerable\ten\tweather?\t-\n'
    assert read_questions(write(tmp_path, HEADER + rows), {"a", "b"}) == [
        Question("standard", "zh", '"退货" 怎么办', frozenset({"a", "b"})),
        Question("unanswerable", "en", "weather?", frozenset()),
    ]


def test_columns_may_stand_in_any_order_and_be_more(tmp_path: Path) -> None:
    file = write(tmp_path, "id\tnote\tquery\tlang\tkind\r\na\tx\tq\ten\tk\r\n")
    assert read_questions(file, {"a"}) == [Question("k", "en", "q", frozenset({"a"}))]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "kind, lang, query, id"),
        ("kind\tlang\tquery\n", "lacks id"),
        (HEADER, "no question"),
        (HEADER + "k\ten\tq\n", "row 2 has 3 fields"),
        (HEADER + "k\ten\tq\ta\nk\tfr\tq\ta\n", "row 3: `lang`.*'fr'"),
        (HEADER + "k\ten\t \ta\n", "row 2: `query` is empty"),
        (HEADER + "\ten\tq\ta\n", "row 2: `kind` is empty"),
        (HEADER + "k\ten\tq\t\n", "row 2: `id` is empty"),
        (HEADER + "k\ten\tq\ta|nix\n", "row 2: `id`.*'nix'"),
    ],
)
def test_a_fault_is_named_by_row_and_field(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(DataError, match=named):
        read_questions(write(tmp_path, text), {"a"})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nix\.tsv"):
        read_questions(tmp_path / "nix.tsv", set())


def test_measures_are_those_calculated_by_hand() -> None:
    def question(kind: str, language: str, *ids: str) -> Question:
        return Question(kind, language, "q", frozenset(ids))  # type: ignore[arg-type]

    table = [
        # first place, answered
        (question("standard", "zh", "a"), Outcome(("a", "b"), "a")),
        # second place; answered with the wrong one
        (question("standard", "en", "a"), Outcome(("b", "a"), "b")),
        # sixth place by the better of two ids; not answered
        (question("standard", "en", "a", "f"), Outcome(("1", "2", "3", "4", "5", "f", "a"), None)),
        # second place; asked which of the two is meant
        (question("mixed", "zh", "a"), Outcome(("b", "a"), None, ("b", "a"))),
        # not found; a form starts
        (question("typo", "zh", "a"), Outcome((), None, starts_form=True)),
        (question("unanswerable", "zh"), Outcome(("a",), None)),
        (question("unanswerable", "zh"), Outcome(("a",), "a")),
        (question("unanswerable", "en"), Outcome((), None, starts_form=True)),
        # asking back is no refusal
        (question("unanswerable", "en"), Outcome(("a", "b"), None, ("a", "b"))),
    ]
    result = evaluate([row[0] for row in table], [row[1] for row in table])
    assert result.kinds["standard"].to_json() == {
        "n": 3,
        "recall@1": pytest.approx(1 / 3),
        "recall@5": pytest.approx(2 / 3),
        "mrr": pytest.approx((1 + 1 / 2 + 1 / 6) / 3),
        "answered_right": pytest.approx(1 / 3),
        "offered_right": 0,
        "refusal": None,
        "starts_form": 0,
    }
    refused = result.kinds["unanswerable"]
    assert (refused.n, refused.recall_1, refused.answered_right) == (4, None, None)
    assert refused.refusal == pytest.approx(1 / 4)
    assert result.languages["zh"].refusal == pytest.approx(1 / 2)
    assert result.both["standard", "en"].mrr == pytest.approx((1 / 2 + 1 / 6) / 2)
    assert result.kinds["mixed"].offered_right == 1
    assert (result.total.n, result.total.recall_1) == (9, pytest.approx(1 / 5))
    assert result.total.starts_form == pytest.approx(2 / 9)
