"""The parts of the benchmark of understanding on little data, and the whole of it in one run."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import nlu  # noqa: E402
from one_thread import THREAD_VARIABLES  # noqa: E402
from understanding import aims, retrieval, run, utterances, variants  # noqa: E402
from understanding.cost import BATCH, measure_cost  # noqa: E402
from understanding.retrieval import CONDITIONS, RECALL_1, TRANSLATIONS  # noqa: E402
from understanding.sides import KEFU, KEFU_BOTH, MINILM, MINILM_BOTH, NGRAMS, Side, all_sides  # noqa: E402
from understanding.slices import by_kind_and_language  # noqa: E402

from kefu.models.fake_embedder import FakeEmbedder  # noqa: E402
from kefu.settings import EmbeddingSettings  # noqa: E402

ASKED = {
    "train": {
        "card_arrival": ["my card has not come", "how long does a new one take", "still missing", "any post for me?"],
        "exchange_rate": ["how many dollars for a euro", "is your rate fair", "what do you charge", "pounds to yen"],
    },
    "test": {
        "card_arrival": ["where can it be", "I am waiting for my card"],
        "exchange_rate": ["which rate do you use", "what is a franc worth"],
    },
}


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A folder with a little of banking77 and CLINC150, as they are published, and none of the others."""
    made = {split: [(text, name) for name, texts in asked.items() for text in texts] for split, asked in ASKED.items()}
    (tmp_path / "banking77").mkdir()
    for split, pairs in made.items():
        lines = ["text,category", *(f'"{text}",{name}' for text, name in pairs)]
        (tmp_path / "banking77" / f"{split}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "clinc150").mkdir()
    outside = [(f"tell me a joke of kind {number}", "oos") for number in range(6)]
    content = {**made, "oos_test": outside, "oos_train": [("sing me a song", "oos")]}
    (tmp_path / "clinc150" / "data_full.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


class TestPublicSets:
    def test_banking77_is_measured_on_its_test_split_and_fitted_on_the_other(self, datasets: Path) -> None:
        found = utterances.banking_set(datasets / "banking77", None, 2)
        assert found.test.texts == [text for texts in ASKED["test"].values() for text in texts]
        assert len(found.draws) == 2 and not found.outside
        for draw in found.draws:
            assert sorted(draw.intents) == ["card_arrival"] * 4 + ["exchange_rate"] * 4
            assert sorted(draw.texts) == sorted(text for texts in ASKED["train"].values() for text in texts)
        assert utterances.NOT_SEEN in found.note and "not seen" in found.title

    def test_few_rows_of_it_can_be_asked_for(self, datasets: Path) -> None:
        found = utterances.banking_set(datasets / "banking77", 3, 1)
        assert len(found.test.texts) == len(found.test.intents) == len(found.slices[0].rows) == 3

    def test_clinc150_has_rows_out_of_scope_of_which_none_is_fitted_on(self, datasets: Path) -> None:
        found = utterances.clinc_set(datasets / "clinc150" / "data_full.json", None)
        assert found.outside == "oos" and found.test.intents.count("oos") == 6 and len(found.test.texts) == 10
        (draw,) = found.draws
        assert set(draw.intents) == set(ASKED["train"]) and not set(draw.texts) & set(found.test.texts)
        assert utterances.IN_DOMAIN in found.note and "in-domain" in found.title


class TestSides:
    def test_each_is_there_alone_and_with_n_grams(self) -> None:
        kefu, minilm = FakeEmbedder(), FakeEmbedder()
        sides = all_sides(kefu, minilm)
        assert [(one.name, one.encoder, one.letters) for one in sides] == [
            (NGRAMS, None, True),
            (MINILM, minilm, False),
            (MINILM_BOTH, minilm, True),
            (KEFU, kefu, False),
            (KEFU_BOTH, kefu, True),
        ]
        assert all(one.instructed for one in sides)

    def test_minilm_is_no_side_where_it_is_not_installed(self) -> None:
        assert [one.name for one in all_sides(FakeEmbedder(), None)] == [NGRAMS, KEFU, KEFU_BOTH]


PAIRS = [("size 38", "38 码"), ("DHL or UPS", "DHL 还是 UPS"), ("iPhone 15 Pro", "iPhone 15 Pro 手机")]


class TestTranslations:
    def test_both_ways_are_measured_without_an_instruction(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(retrieval, "_translations", lambda datasets: PAIRS)
        asked: list[str | None] = []

        class Recorded(FakeEmbedder):
            def embed(self, texts: Sequence[str], *, task: str | None = None, dim: int | None = None) -> np.ndarray:
                asked.append(task)
                return super().embed(texts, task=task)

        table = retrieval.measure_translations(tmp_path, [Side(KEFU, Recorded())], {})
        recalls = {one.name: one for one in table.rows if one.measure == RECALL_1}
        assert list(recalls) == ["Chinese → English", "English → Chinese"]
        assert all(one.n == 3 and one.figures[KEFU].value == 1.0 for one in recalls.values())
        assert set(asked) == {None}

    def test_one_text_that_translates_several_is_right_at_each_place(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        pairs = [("thanks", "谢谢 thanks"), ("thanks", "thanks 多谢"), ("size 38", "38 码")]
        monkeypatch.setattr(retrieval, "_translations", lambda datasets: pairs)
        table = retrieval.measure_translations(tmp_path, [Side(KEFU, FakeEmbedder())], {})
        (found,) = [one for one in table.rows if (one.measure, one.name) == (RECALL_1, "Chinese → English")]
        assert found.figures[KEFU].value == 1.0


@pytest.fixture(scope="module")
def toy() -> utterances.IntentSet:
    """Two intents in the customers' words, a few rows of each."""
    fitted = utterances.Utterances(
        ["我要退货", "想退掉这个", "where is my parcel", "track it"] * 3, ["a", "a", "b", "b"] * 3
    )
    test = utterances.Utterances(["我想退货", "where is it"] * 3, ["a", "b"] * 3)
    return utterances.IntentSet("toy", "", [fitted], test, by_kind_and_language(["standard"] * 6, ["en"] * 6))


class TestVariants:
    def test_fewer_dimensions_stand_beside_all_of_them(self, toy: utterances.IntentSet) -> None:
        table = variants.measure_dimensions(FakeEmbedder(EmbeddingSettings(dimension=256)), toy, None, "dev", 12)
        assert table.title == variants.DIMENSIONS
        assert [one.name for one in table.rows] == ["intents", *(one.title for one in CONDITIONS)]
        for one in table.rows:
            assert list(one.figures) == ["full (256)", "128", "64"]
            assert set(one.ahead) == {("128", "full (256)"), ("64", "full (256)")}
        assert aims.dimensions([table]).state != aims.UNKNOWN

    def test_an_instruction_makes_the_difference_that_it_makes(self, toy: utterances.IntentSet) -> None:
        table = variants.measure_instructions(FakeEmbedder(), toy, "dev", 12)
        recall = {one.name: one.figures for one in table.rows}["knowledge"]
        assert list(recall) == [variants.WITH, variants.WITHOUT]
        # The fake knows no instructions: to it one is so many letters that no document has.
        assert recall[variants.WITH].value < recall[variants.WITHOUT].value


def test_time_is_that_of_single_queries_and_of_full_batches() -> None:
    sizes: list[int] = []

    class Slow(FakeEmbedder):
        def embed(self, texts: Sequence[str], *, task: str | None = None, dim: int | None = None) -> np.ndarray:
            sizes.append(len(texts))
            time.sleep(0.001 * len(texts))
            return np.zeros((len(texts), 4), dtype=np.float32)

    found = measure_cost(Slow(), [f"question {number}" for number in range(140)], 14.5)
    assert sizes.count(1) == 140 and sizes.count(BATCH) == len(sizes) - 140 == 2
    assert 1 <= found.query_p50 <= found.query_p95 and found.query_cpu_p50 < found.query_p50
    assert found.batch >= BATCH and found.megabytes == 14.5


def test_everything_runs_prints_and_is_written(
    datasets: Path,
    toy: utterances.IntentSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All parts on a little, but for the pipelines, of which stock Rasa's trains for minutes."""
    measured = {"own": {nlu.STOCK: {"parse_ms_median": 5.0}, nlu.KEFU: {"parse_ms_median": 2.0}}}
    for variable in THREAD_VARIABLES:
        monkeypatch.setenv(variable, "1")  # to be put back: the pipelines run without
    monkeypatch.setattr(run, "QUICK_ROWS", 24)
    monkeypatch.setattr(run, "kefu_encoder", lambda *_, **__: FakeEmbedder(EmbeddingSettings(dimension=256)))
    monkeypatch.setattr(run, "own_set", lambda split, per_intent: toy)
    monkeypatch.setattr(run, "_has_translations", lambda folder: True)
    monkeypatch.setattr(retrieval, "_translations", lambda folder: PAIRS)
    monkeypatch.setattr(run, "find_minilm", lambda: None)
    monkeypatch.setattr(run, "megabytes", lambda model: 1.0)
    monkeypatch.setattr(nlu, "compare", lambda console, folder, per_intent: measured)
    file = tmp_path / "found.json"
    options = ["--embedder", "fake", "--reranker", "fake", "--datasets", str(datasets), "--json", str(file)]
    monkeypatch.setattr(sys, "argv", ["understanding", "--quick", "--pipeline", *options])
    run.main()
    found, printed = json.loads(file.read_text(encoding="utf-8")), capsys.readouterr().out
    titles = {part: [table["title"] for table in tables] for part, tables in found["parts"].items()}
    assert titles == {
        "A intents": ["toy", "banking77 (not seen in training)", "CLINC150 (in-domain)"],
        "B retrieval": [*(one.title for one in CONDITIONS), TRANSLATIONS],
        "C": ["reranker", "dimensions", "instructions"],
    }
    assert found["quick"] is True and found["embedder"] == found["reranker"] == "fake" and found["cost"][KEFU]
    assert found["fingerprints"] == {"embedder": "fake", "reranker": "fake"} and found["pipeline"] == measured
    assert [one.split()[0] for one in found["left_out"]] == ["MiniLM", "bitext"]
    states = {one["aim"]: one["state"] for one in found["aims"]}
    assert len(states) == len(aims.all_aims([], {}, {}))
    assert states["parse latency (median) at most stock Rasa's; half is the stretch"] == aims.REACHED
    assert {name for name, state in states.items() if state == aims.UNKNOWN} == {
        name for name in states if "MiniLM" in name
    }
    assert all(
        shown in printed for shown in [f"B retrieval: {TRANSLATIONS}", "query p50 ms", "Aims", "(under 20 rows)"]
    )
