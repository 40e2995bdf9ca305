"""What an answer puts together that its evidence keeps apart, and what it may put together."""

import pytest

from kefu.knowledge.grounding import Evidence
from kefu.knowledge.grounding.check import check
from kefu.knowledge.grounding.crossing import crossed, joined, lifted, other_case, turned
from kefu.knowledge.grounding.quoting import laid_beside

ZH = (
    "雨伞可以免费借用，雨衣和雨靴每件收 5 元。皮包清洁每次 80 元，补色费另计。",
    "预约后到店的，可以当天取走；没有预约的，三天后再来取。",
    "行李寄存不收押金。",
)
EN = (
    "Tents are lent free of charge; stoves and lamps cost 9 euros a night.",
    "Please keep the receipt and hand it over at the desk.",
    "If the pump was dropped or got wet, repairs are charged.",
    "If the pump leaks, we repair it free of charge.",
    "Gas bottles are not lent.",
)


@pytest.mark.parametrize(
    ("clause", "sentences", "words"),
    [
        ("皮包清洁可以当天取走", ZH, "皮 包"),
        ("the gas bottles cost 9 euros", EN, "gas bottles"),
    ],
)
def test_words_of_two_sentences_are_not_one_clause(clause: str, sentences: tuple[str, ...], words: str) -> None:
    assert joined(laid_beside(clause, sentences), "") == words
    assert joined(laid_beside(clause, sentences), f"{clause}?") is None, "the question's may be said again"


@pytest.mark.parametrize(
    ("clause", "sentences", "head"),
    [
        ("雨衣和雨靴可以免费借用", ZH, "雨 衣 雨 靴"),
        ("stoves are lent free of charge", EN, "stov"),
        ("雨伞可以免费借用", ZH, None),
        ("皮包清洁补色费另计", ZH, None),
        ("keep the receipt over at the desk", EN, None),
        ("", EN, None),
    ],
)
def test_what_is_said_of_one_thing_is_not_said_of_another(
    clause: str, sentences: tuple[str, ...], head: str | None
) -> None:
    assert crossed(clause, sentences) == head


@pytest.mark.parametrize(
    ("sentence", "sentences", "thing"),
    [
        ("Tents are lent free of charge, and so are gas bottles", EN, "gas bottles"),
        ("皮包清洁和补色费每次 80 元", ZH, None),
        ("每次 80 元包括皮包清洁和补色费", ZH, "补 色 费"),
        ("Tents are lent free of charge, and gas bottles are not lent", EN, None),
        ("stoves and lamps cost 9 euros", EN, None),
        ("雨衣和雨靴每件收 5 元", ZH, None),
    ],
)
def test_a_thing_of_which_something_else_is_said_stands_in_no_row(
    sentence: str, sentences: tuple[str, ...], thing: str | None
) -> None:
    assert lifted(sentence, sentences) == thing


@pytest.mark.parametrize(
    ("sentence", "sentences", "case"),
    [
        ("If the pump was dropped, we repair it free of charge.", EN, "If the pump was dropped"),
        ("If the pump was dropped, repairs are charged.", EN, None),
        ("If the pump leaks, we repair it free of charge.", EN, None),
    ],
)
def test_a_case_is_followed_by_what_follows_from_it(
    sentence: str, sentences: tuple[str, ...], case: str | None
) -> None:
    assert other_case(sentence, sentences) == case


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("预约后未到店的，可以当天取走", "预约后未到店的"),
        ("预约后到店的，可以当天取走", None),
        ("没有预约的，三天后再来取", None),
    ],
)
def test_a_not_alone_makes_it_another_clause(sentence: str, clause: str | None) -> None:
    assert turned(sentence, ZH) == clause


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("雨衣和雨靴可以免费借用。", "unsupported"),
        ("预约后未到店的，可以当天取走。", "condition"),
        ("雨伞可以免费借用，雨衣和雨靴每件收 5 元。", None),
        ("皮包清洁每次 80 元，补色费另计。", None),
    ],
)
def test_the_check_tells(answer: str, fault: str | None) -> None:
    faults = check(f"{answer} [1]", [Evidence("help", "", "".join(ZH), "zh")], "zh").faults
    assert fault in faults if fault else faults == ()
