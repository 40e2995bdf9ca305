"""Likeness by letters."""

import numpy as np
import pytest

from kefu.knowledge.recall.letters import Letters, pieces


def letters_of(*texts: str) -> Letters:
    letters = Letters()
    letters.put([(number, text, "en" if text.isascii() else "zh") for number, text in enumerate(texts)])
    return letters


def test_the_pieces_of_chinese_are_characters_and_those_of_english_are_words() -> None:
    assert pieces("退货 OK!") == ["ok", "<ok", "ok>", "<ok>", "退", "货", "退货"]
    assert "货o" not in pieces("退货ok")
    assert pieces("？！ 😀") == []


def test_a_typo_costs_an_english_word_only_some_of_its_pieces() -> None:
    letters = letters_of("how do I get an invoice", "how do I use a coupon")
    right, wrong = letters.read("invioce").likeness([0, 1])
    assert right > wrong == 0


def test_the_same_text_is_alike_to_one_and_another_one_is_not() -> None:
    likeness = letters_of("怎么开发票", "优惠券怎么用", "！？").read("怎么开发票").likeness([0, 1, 2])
    assert likeness[0] == pytest.approx(1, abs=1e-6) and 0 < likeness[1] < 1 and likeness[2] == 0


def test_rare_pieces_count_more() -> None:
    letters = letters_of("red fan", "red kettle", "red kite")
    of_fan, of_kettle = letters.read("red fan").likeness([0, 1])
    assert of_fan > 0.9 and of_kettle < 0.5


def test_coverage_counts_what_the_rows_of_a_group_have() -> None:
    letters = letters_of("红茶", "绿茶")
    groups = np.array([0, 1])
    of_red, of_green = letters.read("红茶").coverage([0, 1], groups, 2)
    assert of_red == pytest.approx(1) and 0 < of_green < 1
    assert 0 < letters.read("绿茶").coverage([0], groups[:1], 1)[0] < 1
    assert letters.read("咖啡").coverage([0, 1], groups, 2).tolist() == [0, 0]
    assert letters.read("!").coverage([0, 1], groups, 2).tolist() == [0, 0]


def test_known_is_what_any_row_of_a_language_has() -> None:
    letters = letters_of("红茶", "green tea")
    asked = letters.read("红茶 tea")
    assert asked.known(None) == pytest.approx(1)
    assert 0 < asked.known("zh") < 1 and 0 < asked.known("en") < 1
    assert letters.read("咖啡").known(None) == 0


def test_a_row_that_goes_takes_its_pieces_along() -> None:
    letters, never_there = letters_of("红茶", "绿茶"), letters_of("红茶")
    letters.drop([1, 7])
    for text in ("红茶", "绿茶"):
        assert letters.read(text).known(None) == never_there.read(text).known(None)
        assert letters.read(text).likeness([0]) == pytest.approx(never_there.read(text).likeness([0]))


def test_a_row_that_is_put_again_counts_once() -> None:
    letters, once = letters_of("红茶", "绿茶"), letters_of("红茶", "绿茶")
    letters.put([(0, "红茶", "zh")])
    assert letters.read("红茶").likeness([0, 1]).tolist() == once.read("红茶").likeness([0, 1]).tolist()
