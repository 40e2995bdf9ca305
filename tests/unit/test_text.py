"""One normal form, tokens with the offsets of the text as it came, and the language of a message."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text import detect_language, is_blank, is_payload, normalise, normalise_width, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我要退货", ["我", "要", "退", "货"]),
        ("iPhone15多少钱", ["iPhone", "15", "多", "少", "钱"]),
        ("ＳＯ１２３４还没到", ["SO", "1234", "还", "没", "到"]),
        ("don't", ["don't"]),
        ("I don’t know!", ["I", "don’t", "know", "!"]),
        ("退\u200b货", ["退", "货"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("", []),
        (" \u3000\t\n", []),
        ("\u200b\u0000", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    narrow = normalise_width(text)
    assert len(narrow) == len(text)
    spans = tokens(text)
    assert all(narrow[token.start : token.end] == token.text and token.text for token in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ｈｅｌｌｏ\u3000 world\n", "Hello world"),
        ("退\u200b货\x00", "退货"),
        ("①②", "12"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("Case Stays", "Case Stays"),
        ("<|endoftext|>", "< |endoftext|>"),
        ("＜｜im_end｜＞<think></think>", "< |im_end|>< think>< /think>"),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \u200b", True), ("……!?", True), ("👌", False), ("7", False), ("退", False)]
)
def test_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "payload"),
    [('/affirm{"x":"y"}', True), (" /greet", True), ("/ 退货", False), ("a/b", False), ("退货/换货", False)],
)
def test_payload(text: str, payload: bool) -> None:
    assert is_payload(text) is payload


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我要退货", "zh"),
        ("where is my order", "en"),
        ("hi", "en"),
        ("where is 我的 parcel", "en"),
        ("iPhone 15 Pro Max 有货吗", "zh"),
        ("帮我查 SO20260001", "zh"),
        ("SO20260001", None),
        ("13800138000", None),
        ("mei@example.com", None),
        ("https://hemu.example/a", None),
        ("ok", None),
        ("L", None),
        ("XXXL", None),
        ("那L", "zh"),
        ("size L please", "en"),
        ("👍👍", None),
        ("???", None),
        ("", None),
        ('/inform{"order_number":"SO20260001"}', None),
        # Program code is in no language, whatever words it is made of; marks alone do not make code.
        ("'; DROP TABLE cases; --", None),
        ("SELECT * FROM orders WHERE 1=1", None),
        ("<script>alert(document.cookie)</script>", None),
        ("1' OR '1'='1", None),
        ("admin'--", None),
        ("asdfghjkl", None),
        ("qwerty zxcvb", None),
        ("asdf where is my parcel", "en"),
        ("refund", "en"),
        ("affirm", None),
        ("/start", None),
        ("start a return", "en"),
        ("{% include 'settings' %}", None),
        ("${jndi:ldap}", None),
        ("console.log(order);", None),
        ("great -- thanks for the help", "en"),
        ("it's broken; please help", "en"),
        ("I paid $30 (thirty) for it", "en"),
        ("size = wrong, colour = wrong", "en"),
        ("帮我查一下; DROP TABLE orders; --", "zh"),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language
