"""What only measures stays out of training: the near-duplicate rule, and the project's own training texts by it."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import leaks  # noqa: E402
import sentences  # noqa: E402

SEED = 7


@pytest.mark.parametrize(
    ("held_out", "text"),
    [
        ("Where is my parcel?", "where is my PARCEL"),
        ("我的包裹到哪了？", "我的包裹到哪了"),
        ("we would like to cancel the order of last week", "we would like to cancel the order of last weeks"),
        ("昨天买的电饭煲怎么还没有发货呀", "昨天买的电饭煲怎么还没有发货"),
        ("ｗｈｅｒｅ？", "ｗｈｅｒｅ"),
    ],
)
def test_the_same_and_nearly_the_same_are_near(held_out: str, text: str) -> None:
    assert leaks.HeldOut(["something else entirely", held_out]).near(text)


@pytest.mark.parametrize(
    ("held_out", "text"),
    [
        ("where is my parcel", "where is my refund"),
        ("我的包裹到哪了", "我的退款到哪了"),
        ("谢谢", "谢谢你帮我查"),
        ("how do I change my address", "how do I change the phone number of my account"),
    ],
)
def test_another_meaning_in_like_words_is_not_near(held_out: str, text: str) -> None:
    assert not leaks.HeldOut([held_out]).near(text)


def test_the_rule_finds_whatever_comparing_with_every_text_would_find() -> None:
    held_out = leaks.evaluation_texts(ROOT / "data" / "eval")
    guard = leaks.HeldOut(held_out)
    sets = [leaks.grams(text) for text in held_out]
    asked = [text[: round(len(text) * part)] for text in held_out[::9] for part in (1.0, 0.9, 0.8, 0.7, 0.6)]
    for text in asked:
        mine = leaks.grams(text)
        alike = max(len(mine & other) / len(mine | other) for other in sets)
        same = leaks.key(text) in {leaks.key(other) for other in held_out}
        assert guard.near(text) == (same or alike >= leaks.ALIKE)


def test_a_text_of_no_letters_is_not_near_to_everything() -> None:
    assert not leaks.HeldOut(["?!", "我要退货"]).near("？？")


def test_no_text_of_dev_or_test_or_near_to_one_is_trained_on() -> None:
    held_out = leaks.HeldOut(leaks.evaluation_texts(ROOT / "data" / "eval"))
    assert len(held_out) > 1000
    corpus = sentences.without_leaks(sentences.own_corpus(SEED), held_out)
    texts = {*corpus.texts(), *(sentence.target for sentence in corpus.sentences)}
    assert len(texts) > 20_000
    assert not [text for text in texts if held_out.near(text)]


def test_the_guard_is_what_keeps_them_out() -> None:
    """Some own sentence is near to a held-out one, so that the test above cannot pass without the guard."""
    held_out = leaks.HeldOut(leaks.evaluation_texts(ROOT / "data" / "eval"))
    assert any(held_out.near(text) for text in sentences.own_corpus(SEED).texts())


def test_held_out_translations_are_no_pair_of_training(tmp_path: Path) -> None:
    folder = tmp_path / "tatoeba_cmn_eng"
    folder.mkdir()
    lines = [f"Sentence number {number}.\t第{number}句。" for number in range(2000)]
    lines.append("Sentence number 1.\t句子一。")
    (folder / "pairs.tsv").write_text("\n".join(lines), encoding="utf-8")
    training, held_out = leaks.tatoeba_pairs(tmp_path)
    assert len(held_out) == leaks.TATOEBA_HELD_OUT
    assert leaks.tatoeba_pairs(tmp_path) == (training, held_out)
    assert not {english for english, _ in training} & {english for english, _ in held_out}
    assert len({english for english, _ in training}) == 500
