"""The templates of the training sentences: what they cover, and that nothing of their notation is left."""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from grammar import Grammar, Pair  # noqa: E402

SEED = 3
MEANING = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


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


def test_the_choices_of_meaning_stand_side_by_side() -> None:
    for template in Grammar().templates:
        chinese, english = (
            [len(m.split("|")) for m in MEANING.findall(t)] for t in (template.chinese, template.english)
        )
        if len(chinese) == len(english):
            assert chinese == english, template
        else:
            assert chinese, template
            assert english, template
            assert len({*chinese, *english}) == 1, template


def test_both_sides_name_the_same_things() -> None:
    grammar = Grammar()
    for name, rows in grammar.slots.items():
        for chinese, english in rows:
            assert set(SLOT.findall(chinese)) == set(SLOT.findall(english)), (name, chinese, english)
    grammar.slots = {name: [(f"<{name}1>", f"<{name}1>"), (f"<{name}2>", f"<{name}2>")] for name in grammar.slots}
    for pair in grammar.pairs(12, SEED):
        assert set(re.findall("<.*?>", pair.chinese)) == set(re.findall("<.*?>", pair.english)), pair


def test_a_verb_agrees_with_the_product_and_the_second_product_is_another(tmp_path: Path) -> None:
    products = "".join(f"{name}\t伞\tumbrella\n{name}\t鞋\tshoes\n" for name in "ecsfou")
    wet = "x\t{e}湿了\t{e} {is/are} wet\n"
    (tmp_path / "slots.tsv").write_text(f"slot\tzh\ten\n{products}{wet}", encoding="utf-8")
    (tmp_path / "some.tsv").write_text("topic\tzh\ten\nt\t{x}，不是{e2}\t{a/} {x}, not the {e2}\n", encoding="utf-8")
    assert {(pair.chinese, pair.english) for pair in Grammar(tmp_path).pairs(50, SEED)} == {
        ("伞湿了，不是鞋", "an umbrella is wet, not the shoes"),
        ("鞋湿了，不是伞", "shoes are wet, not the umbrella"),
    }


def test_a_seed_gives_the_same_sentences_again() -> None:
    assert _pairs() == _pairs()
    assert _pairs() != list(Grammar().pairs(12, SEED + 1))


def test_brackets_choose_the_same_meaning_on_both_sides(tmp_path: Path) -> None:
    products = "".join(f"{name}\t伞\tumbrella\n" for name in "ecsfou")
    (tmp_path / "slots.tsv").write_text(f"slot\tzh\ten\n{products}col\t黑\tblack\ncol\t白\twhite\n", encoding="utf-8")
    (tmp_path / "some.tsv").write_text(
        "topic\tzh\ten\nt\t(要|想要){col}的[大|小]{p}\t(I want|give me) a [big|small] {col} {p}\n", encoding="utf-8"
    )
    found = {(pair.chinese, pair.english) for pair in Grammar(tmp_path).pairs(200, SEED)}
    assert len(found) == 2 * 2 * 2 * 2
    words = {"黑": "black", "白": "white", "大": "big", "小": "small"}
    for chinese, english in found:
        assert {words[sign] for sign in chinese if sign in words} == set(english.split()) & set(words.values())
