"""What an answer puts in the place of a word of its evidence: another person, figure or word."""

import pytest

from kefu.knowledge.grounding import Evidence
from kefu.knowledge.grounding.check import check
from kefu.knowledge.grounding.replaced import nearest, new_words, other_figure, other_person, other_word, unsaid_not

EN = (
    "We collect the piano at our expense within 4 weeks of the call.",
    "Don't move the piano yourself.",
    "Choose the heavier stool if you sit for long.",
)
ZH = ("取琴的费用由我们承担，不足的部分由顾客补足。", "琴凳可以先试坐再决定。")


@pytest.mark.parametrize(
    ("clause", "evidence", "person"),
    [
        ("the piano is collected at your expense", EN, "customer"),
        ("不足的部分由我们补足", ZH, "shop"),
        ("不足的部分由您补足", ZH, None),
        ("We collect the piano at our expense", EN, None),
        ("You sit for long", EN, None),
    ],
)
def test_who_does_it_is_who_the_evidence_says(clause: str, evidence: tuple[str, ...], person: str | None) -> None:
    assert other_person(clause, nearest(clause, evidence)) == person


def test_a_figure_of_the_question_does_not_take_the_place_of_one_of_the_evidence() -> None:
    near = nearest("We collect the piano within 2 weeks of the call", EN)
    assert other_figure(near, " ".join(EN)) == "2"
    assert other_figure(near, " ".join([*EN, "within 2 weeks in town"])) is None
    source = Evidence("help", "", " ".join(EN), "en")
    answer = "We don't collect the piano at our expense within 2 weeks of the call [1]."
    assert "figure" in check(answer, [source], "en", "Do you collect it in 2 weeks?").faults


@pytest.mark.parametrize(
    ("clause", "word"),
    [
        ("Choose the lighter stool if you sit for long", "lighter"),
        ("Choosing the heavier stool if you sit for long", None),
        ("Choose the heavier stool", None),
    ],
)
def test_another_word_in_its_place_is_found(clause: str, word: str | None) -> None:
    assert other_word(nearest(clause, EN), " ".join(EN).lower()) == word


@pytest.mark.parametrize(
    ("clause", "known", "new"),
    [
        ("we also tune violins", " ".join(EN), "tun violin"),
        ("we collect the pianos within the weeks of the call", " ".join(EN), None),
        ("thank you", " ".join(EN), None),
        ("琴凳可以刷漆", "".join(ZH), "刷漆"),
        ("琴凳可以两三百次", "".join(ZH), None),
        ("琴凳包邮", "琴凳免运费", None),
    ],
)
def test_words_that_stand_nowhere_are_found(clause: str, known: str, new: str | None) -> None:
    assert new_words(clause, known.lower()) == new


@pytest.mark.parametrize(
    ("clause", "is_so"),
    [("move the piano yourself", True), ("don't move the piano yourself", False), ("hello", False)],
)
def test_a_not_left_out_before_a_clause_is_found(clause: str, is_so: bool) -> None:
    assert unsaid_not(nearest(clause, EN)) == is_so
