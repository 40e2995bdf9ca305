"""The templates of the training sentences: what they cover, and that nothing of their notation is left."""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from grammar import Grammar, Pair  # noqa: E402

SEED = 3


def _pairs(each: int = 12) -> list[Pair]:
    return list(Grammar().pairs(each, SEED))


def test_every_help_entry_of_the_shop_is_asked_for() -> None:
    entries = {
        entry["id"]
        for file in (ROOT / "data" / "knowledge").glob("*.yml")
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["entries"]
    }
    assert entries <= {template.topic for template in Grammar().templates}


def test_no_notation_is_left_in_a_sentence() -> None:
    assert not [pair for pair in _pairs() if re.search(r"[()\[\]{}|]", pair.chinese + pair.english)]


def test_both_sides_say_something_in_their_language() -> None:
    for pair in _pairs():
        assert pair.english.isascii(), pair
        assert re.search(r"[\u4e00-\u9fff]|SO\d", pair.chinese), pair


def test_a_seed_gives_the_same_sentences_again() -> None:
    assert _pairs() == _pairs()
    assert _pairs() != list(Grammar().pairs(12, SEED + 1))


def test_brackets_choose_the_same_meaning_on_both_sides(tmp_path: Path) -> None:
    (tmp_path / "slots.tsv").write_text(
        "slot\tzh\ten\n" + "".join(f"{name}\t伞\tumbrella\n" for name in "ecsfo") + "col\t黑\tblack\ncol\t白\twhite\n",
        encoding="utf-8",
    )
    (tmp_path / "some.tsv").write_text(
        "topic\tzh\ten\nt\t(要|想要){col}的[大|小]{p}\t(I want|give me) a [big|small] {col} {p}\n", encoding="utf-8"
    )
    found = {(pair.chinese, pair.english) for pair in Grammar(tmp_path).pairs(200, SEED)}
    assert len(found) == 2 * 2 * 2 * 2
    words = {"黑": "black", "白": "white", "大": "big", "小": "small"}
    for chinese, english in found:
        assert {words[sign] for sign in chinese if sign in words} == set(english.split()) & set(words.values())
