"""The folded form of a message, and the customer's words behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.dialogue.words.phrases import Hit, Phrases, widest
from kefu.dialogue.words.spellings import ENGLISH, MISTYPED_ZH, TRADITIONAL
from kefu.dialogue.words.wording import GAP, NAMED, folded, only, without, wording


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("我要退貨，壞了", "我要退货,坏了"),
        ("DON'T", "do not"),
        ("don’t", "do not"),
        ("It wont charge", "it will not charge"),
        ("I can't, isn't", "i can not, is not"),
        ("yesss", "yes"),
        ("推货", "退货"),
        ("retrun it pls", "return it please"),
        ("ＯＫ！", "ok!"),
        ("运\u200b费", "运费"),
    ],
)
def test_folding(text: str, read: str) -> None:
    assert folded(text) == read


def test_numbers_and_addresses_become_marks() -> None:
    words = wording("退 SO20260001，邮箱 a@b.cn")
    assert words.text == f"退 {NAMED * 10},邮箱 {NAMED * 6}"


def test_quoting_gives_the_words_as_they_were_typed() -> None:
    words = wording("Hi, I DON'T know 運費誰出?")
    at = words.text.index("运费谁出")
    assert words.quote(at, at + 4) == "運費誰出"
    start = words.text.index("do not")
    assert words.quote(start, start + 6) == "DON'T"
    assert words.quote(3, 3) == ""


@given(st.text(max_size=80))
def test_every_character_knows_where_it_came_from(text: str) -> None:
    words = wording(text)
    assert len(words.origins) == len(words.text)
    assert all(0 <= start < end <= len(words.source) for start, end in words.origins)
    assert list(words.origins) == sorted(words.origins)


def test_long_messages_say_that_they_were_cut() -> None:
    assert wording("好" * 100).is_whole
    assert not wording("好" * 5000).is_whole


def test_taking_out_and_keeping_leave_offsets_alone() -> None:
    assert without("abcdef", [(1, 3)]) == f"a{GAP}{GAP}def"
    assert only("abcdef", [(1, 3)]) == f"{GAP}bc{GAP * 3}"


def test_phrases_stand_between_word_boundaries_in_english_only() -> None:
    phrases = Phrases("key", zh=("坏了|坏",), en=("broke|broken",))
    assert [phrases.spans(text) for text in ("耳机坏了啊", "unbroken", "it broke.", "broken耳机")] == [
        [(2, 4)],
        [],
        [(3, 8)],
        [(0, 6)],
    ]


def test_alternatives_inside_brackets_stay_together() -> None:
    assert Phrases("key", zh=(r"a(?:b|c)|[|]e|\|d",)).spans("ac|d") == [(0, 2), (2, 4)]
    assert not Phrases("key").within("anything")


def test_the_longer_phrase_wins() -> None:
    long, short, apart = Hit("a", 0, 4), Hit("b", 2, 5), Hit("c", 5, 6)
    assert widest([short, apart, long]) == [long, apart]


def test_the_tables_of_spellings_keep_lengths_and_read_what_they_give() -> None:
    assert all(len(typed) == len(meant) for typed, meant in MISTYPED_ZH.items())
    assert all(folded(meant) == meant for meant in (*MISTYPED_ZH.values(), *ENGLISH.values()))
    assert all(chr(typed) != meant for typed, meant in TRADITIONAL.items() if isinstance(meant, str))
