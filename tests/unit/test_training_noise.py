"""Slips as customers make them: each kind changes something, leaves a text, and comes again with its seed."""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import noise  # noqa: E402

pytest.importorskip("pypinyin", reason="training/requirements.txt is not installed")
pytest.importorskip("opencc", reason="training/requirements.txt is not installed")

CHINESE = ["请问我的订单什么时候发货？", "怎么开发票，没有收到", "优惠券不能用吗", "这个漂亮的门票可以退款吗"]
ENGLISH = ["Where is my order, please?", "I can't change the address", "When will you refund my payment"]
TEXTS = [*CHINESE, *ENGLISH, "发票发漂亮飘票瓢", "退货", "hi", "ok?", "Q", "😀😀😀", "123456", "？？？", "A-1 B-2"]
WORDS = [("耳机", "headphones"), ("红色", "red")]


class Kind(random.Random):
    """A generator whose first random number may be given: it picks the kind of slip."""

    first: float | None = None

    def random(self) -> float:
        first, self.first = self.first, None
        return super().random() if first is None else first


def _noise(rng: random.Random) -> noise.Noise:
    return noise.Noise([*TEXTS, *noise._DROPPABLE], WORDS, rng)


@pytest.fixture(scope="module")
def made() -> noise.Noise:
    return _noise(random.Random(1))


def _slips(made: noise.Noise, slip: str, kind: float, text: str) -> set[str]:
    found = set()
    for seed in range(25):
        made._rng = rng = Kind(seed)
        rng.first = kind
        found.add(getattr(made, slip)(text))
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sounding alike", 0.2), ("habit", 0.5), ("pinyin", 0.6), ("traditional", 0.7), ("dropped", 0.75),
        ("swapped", 0.85), ("doubled", 0.9), ("full width", 0.93), ("no marks", 0.99),
    ],
)  # fmt: skip
def test_each_kind_of_chinese_slip_changes_something_and_leaves_a_text(
    made: noise.Noise, name: str, kind: float
) -> None:
    text = "怎么取消订单，没有收到order？"
    found = _slips(made, "_slip_chinese", kind, text)
    assert found - {text}, name
    assert all(slipped.strip() for slipped in found)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("short form", 0.1), ("no marks", 0.3), ("capitals", 0.34), ("no space", 0.4), ("misspelt", 0.8)],
)
def test_each_kind_of_english_slip_changes_something_and_leaves_a_text(
    made: noise.Noise, name: str, kind: float
) -> None:
    text = "When will you refund my payment?"
    found = _slips(made, "_slip_latin", kind, text)
    assert found - {text}, name
    assert all(slipped.strip() for slipped in found)


@pytest.mark.parametrize(
    ("name", "kind", "change"),
    [
        ("dropped", 0.1, lambda old, new: len(new) == len(old) - 1),
        ("doubled", 0.4, lambda old, new: len(new) == len(old) + 1),
        ("swapped", 0.6, lambda old, new: sorted(new) == sorted(old)),
        ("vowel", 0.8, lambda old, new: len(new) == len(old)),
        ("neighbouring key", 0.9, lambda old, new: len(new) == len(old)),
    ],
)
def test_each_kind_of_misspelling_is_what_it_says(
    made: noise.Noise, name: str, kind: float, change: Callable[[str, str], bool]
) -> None:
    found = _slips(made, "_misspelt", kind, "payment")
    assert found - {"payment"}, name
    assert all(change("payment", misspelt) for misspelt in found), found


def test_a_homophone_stands_for_a_character(made: noise.Noise) -> None:
    found = _slips(made, "_slip_chinese", 0.2, "开发票")
    assert {"开发漂", "开发飘"} & found
    assert all(len(slipped) == 3 for slipped in found)


def test_sounds_that_many_do_not_tell_apart_are_one() -> None:
    for one, other in (("zhi", "zi"), ("chang", "can"), ("shen", "sen"), ("ning", "lin"), ("neng", "len")):
        assert noise._blur(one) == noise._blur(other)
    assert noise._blur("ma") != noise._blur("pa")


def test_pinyin_and_traditional_characters_are_those_of_the_text(made: noise.Noise) -> None:
    assert any("piao" in slipped for slipped in _slips(made, "_slip_chinese", 0.6, "开发票"))
    assert _slips(made, "_slip_chinese", 0.7, "订单退货") == {"訂單退貨"}
    assert _slips(made, "_slip_chinese", 0.93, "order号A1") == {"ｏｒｄｅｒ号Ａ１"}


@pytest.mark.parametrize("change", ["slip", "dress", "mix"])
def test_no_text_is_ever_emptied(made: noise.Noise, change: str) -> None:
    made._rng = random.Random(3)
    for text in TEXTS:
        found = [getattr(made, change)(text) for _ in range(150)]
        assert all(changed.strip() for changed in found), text


@pytest.mark.parametrize("text", [*CHINESE, *ENGLISH])
def test_a_slip_mostly_changes_something(made: noise.Noise, text: str) -> None:
    made._rng = random.Random(4)
    assert sum(made.slip(text) != text for _ in range(100)) > 60


@pytest.mark.parametrize("text", ["退货", "hi", "Q"])
def test_the_shortest_texts_have_no_slip(made: noise.Noise, text: str) -> None:
    assert {made.slip(text) for _ in range(50)} == {text}


def test_mixing_says_a_word_in_the_other_language(made: noise.Noise) -> None:
    made._rng = random.Random(5)
    assert {made.mix("红色耳机").replace(" ", "") for _ in range(60)} == {"red耳机", "红色headphones", "redheadphones"}
    assert made.mix("the red one").replace(" ", "") == "the红色one"
    assert made.mix("bored") == "bored"  # no word of its own
    assert made.mix("你好") == "你好"


def test_dressing_keeps_the_text(made: noise.Noise) -> None:
    made._rng = random.Random(6)
    for text in ("怎么开发票", "how do I pay"):
        found = {made.dress(text) for _ in range(60)}
        assert len(found) > 10
        assert all(text in dressed for dressed in found)


def test_a_seed_gives_the_same_slips_again() -> None:
    def typed(seed: int) -> list[str]:
        made = _noise(random.Random(seed))
        return [made.dress(made.mix(made.slip(text))) for text in TEXTS * 3]

    assert typed(1) == typed(1)
    assert typed(1) != typed(2)
