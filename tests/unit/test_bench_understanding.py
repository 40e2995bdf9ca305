"""The benchmark of understanding: what would make its figures wrong without anybody noticing."""

import io
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from sklearn.metrics import f1_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import nlu  # noqa: E402
from understanding import aims, intents, metrics, report, reranking, utterances  # noqa: E402
from understanding.cost import Cost  # noqa: E402
from understanding.encoders import Shortened  # noqa: E402
from understanding.intervals import Figure, difference, figure  # noqa: E402
from understanding.retrieval import CONDITIONS, RECALL_1, best_share, measure_knowledge  # noqa: E402
from understanding.sides import AHEAD_OF_MINILM, AHEAD_OF_NGRAMS, KEFU, KEFU_BOTH, Side  # noqa: E402
from understanding.slices import Slice, by_flag, by_kind_and_language  # noqa: E402
from understanding.tables import Row, Table, make_row  # noqa: E402
from understanding.wordings import Shelf, answerable, read_knowledge, shelf_of  # noqa: E402

from kefu.models.fake_embedder import FakeEmbedder  # noqa: E402

SEED = 11


def rows_of(slices: Sequence[Slice]) -> dict[str, list[int]]:
    return {one.name: one.rows.tolist() for one in slices}


class TestSlices:
    def test_kinds_languages_and_both(self) -> None:
        found = by_kind_and_language(["typo", "standard", "typo"], ["zh", "en", "en"])
        assert rows_of(found) == {
            "all": [0, 1, 2],
            "standard": [1],
            "typo": [0, 2],
            "zh": [0],
            "en": [1, 2],
            "standard, en": [1],
            "typo, zh": [0],
            "typo, en": [2],
        }
        assert {one.name: one.tags for one in found}["typo, en"] == {"typo", "en"}

    def test_what_all_rows_have_in_common_is_a_tag_and_no_slice(self) -> None:
        (only,) = by_kind_and_language(["standard", "standard"], ["en", "en"])
        assert (only.name, only.tags) == ("all", {"all", "en"})

    def test_a_row_is_in_the_slice_of_each_of_its_flags(self) -> None:
        found = by_flag(["BQZ", "BK", "BQ"])
        assert rows_of(found) == {
            "all": [0, 1, 2],
            "colloquial (Q)": [0, 2],
            "typos (Z)": [0],
            "keywords (K)": [1],
        }
        assert all("en" in one.tags for one in found)


class TestMetrics:
    def test_auroc_is_high_where_what_is_outside_scores_higher(self) -> None:
        assert metrics.auroc(np.array([0.9, 0.8]), np.array([0.1, 0.2, 0.3])).value == 1.0
        assert metrics.auroc(np.array([0.1]), np.array([0.5, 0.9])).value == 0.0
        assert metrics.auroc(np.array([0.5]), np.array([0.5])).value == 0.5

    def test_auroc_is_that_of_scikit_learn_for_every_resample(self) -> None:
        random = np.random.default_rng(SEED)
        outside, inside = random.integers(2, 9, 12) / 10, random.integers(0, 7, 30) / 10
        drawn = random.integers(0, 12, (4, 12)), random.integers(0, 30, (4, 30))
        found = metrics.auroc(outside, inside).at(*drawn)
        labels = [1] * 12 + [0] * 30
        wanted = [
            roc_auc_score(labels, np.concatenate([outside[out], inside[into]]))
            for out, into in zip(*drawn, strict=True)
        ]
        assert found == pytest.approx(wanted)

    def test_recall_at_the_threshold_that_keeps_most(self) -> None:
        inside = np.arange(100) / 100
        assert metrics.recall_keeping(0.95, np.array([0.93, 0.96, 0.99, 2.0]), inside).value == 0.75

    def test_macro_f1_is_that_of_scikit_learn_over_the_true_labels(self) -> None:
        random = np.random.default_rng(SEED)
        truth, predicted = random.choice(["a", "b", "c"], 40), random.choice(["a", "b", "c", "never"], 40)
        drawn = random.integers(0, 40, (5, 40))
        found = metrics.macro_f1(truth, predicted).at(drawn)
        wanted = [f1_score(truth[one], predicted[one], labels=["a", "b", "c"], average="macro") for one in drawn]
        assert found == pytest.approx(wanted)

    def test_the_best_of_several_right_entries_counts(self) -> None:
        scores = np.array([[0.9, 0.8, 0.7, 0.1], [0.9, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4]])
        places = metrics.ranks(scores, [{1, 2}, {0, 3}, {0}])
        assert places.tolist() == [2, 1, 4]
        assert metrics.recall_at(1, places).value == pytest.approx(1 / 3)
        assert metrics.recall_at(2, places).value == pytest.approx(2 / 3)
        assert metrics.mean_reciprocal_rank(places).value == pytest.approx((1 / 2 + 1 + 1 / 4) / 3)

    def test_several_right_entries_do_not_stand_in_each_others_way(self) -> None:
        assert metrics.ranks(np.array([[0.9, 0.8, 0.7]]), [{0, 1}]).tolist() == [1]

    def test_who_cannot_tell_apart_finds_nothing(self) -> None:
        assert metrics.ranks(np.zeros((1, 5)), [{0}]).tolist() == [5]


class TestIntervals:
    def test_the_interval_of_a_mean_is_about_two_standard_errors(self) -> None:
        values = np.random.default_rng(SEED).normal(size=400)
        found = figure(metrics.mean(values))
        assert found.value == pytest.approx(values.mean())
        assert found.half_width == pytest.approx(1.96 * values.std() / 20, rel=0.1)
        assert figure(metrics.mean(values)) == found

    def test_a_share_of_all_rows_still_has_an_interval(self) -> None:
        found = figure(metrics.mean([1.0] * 50))
        assert found.value == 1.0 and found.low == pytest.approx(0.929, abs=0.001)

    def test_a_difference_is_paired(self) -> None:
        right = np.random.default_rng(SEED).integers(0, 2, 300).astype(float)
        better = np.maximum(right, np.arange(300) < 60)
        gained = difference(metrics.mean(better), metrics.mean(right))
        # A share's own interval is wider by far: what both have right or wrong does not count.
        assert gained.verdict == "ahead" and gained.half_width < figure(metrics.mean(right)).half_width
        assert difference(metrics.mean(right), metrics.mean(better)).verdict == "behind"
        same = difference(metrics.mean(right), metrics.mean(right))
        assert (same.value, same.low, same.high, same.verdict) == (0, 0, 0, "level")

    def test_two_samples_are_drawn_apart(self) -> None:
        random = np.random.default_rng(SEED)
        found = figure(metrics.auroc(random.normal(1, 1, 40), random.normal(0, 1, 160)))
        assert 0 < found.low < found.value < found.high < 1

    def test_other_rows_cannot_be_compared(self) -> None:
        with pytest.raises(ValueError, match="same rows"):
            difference(metrics.mean([0.0, 1.0]), metrics.mean([0.0, 1.0, 1.0]))

    def test_one_row_has_no_interval(self) -> None:
        found = figure(metrics.mean([0.5]))
        assert found.value == 0.5 and math.isnan(found.half_width) and found.verdict == "level"


class TestUtterances:
    TRAINING = {
        "track": ["where is my parcel", "where is my parcel please", "track it", "any news of the delivery"],
        "return": ["I want to return this", "send it back", "take it back please"],
    }

    def test_no_test_row_nor_nearly_one_is_fitted_on(self) -> None:
        (draw,) = utterances.few_shot(self.TRAINING, None, 1, ["Where is my PARCEL?", "i want to return thiss"])
        assert sorted(draw.texts) == [
            "any news of the delivery",
            "send it back",
            "take it back please",
            "track it",
            "where is my parcel please",
        ]
        assert dict(zip(draw.texts, draw.intents, strict=True))["track it"] == "track"

    def test_a_leak_is_replaced_by_another_utterance(self) -> None:
        for draw in utterances.few_shot(self.TRAINING, 2, 5, ["track it"]):
            assert sorted(draw.intents) == ["return", "return", "track", "track"]
            assert "track it" not in draw.texts

    def test_draws_differ_and_can_be_repeated(self) -> None:
        training = {"a": [f"{number} apples" for number in range(100)]}
        one, other = utterances.few_shot(training, 10, 2, [])
        assert one != other
        assert utterances.few_shot(training, 10, 2, []) == [one, other]

    def test_this_projects_test_rows_are_not_among_the_training_rows(self) -> None:
        own = utterances.own_set("test", per_intent=5)
        (draw,) = own.draws
        assert not set(draw.texts) & set(own.test.texts)
        assert len(own.slices[0].rows) == len(own.test.texts) > 250

    def test_bitext_is_fitted_on_its_training_split_alone(self, tmp_path: Path) -> None:
        header = "flags,instruction,category,intent,response,source,split"
        lines = [f"BQ,cancel number {number},ORDER,cancel,,official_8k,train" for number in range(3)]
        lines += ["BZ,cancle it,ORDER,cancel,,official_8k,test", "B,stop the order,ORDER,cancel,,kaggle_8k,"]
        file = tmp_path / "bitext.csv"
        file.write_text("\n".join([header, *lines]), encoding="utf-8")
        found = utterances.bitext_set(file, None, 1)
        assert sorted(found.draws[0].texts) == ["cancel number 0", "cancel number 1", "cancel number 2"]
        assert found.test.texts == ["cancle it"]
        assert [one.name for one in found.slices] == ["all", "typos (Z)"]


class TestIntents:
    def test_who_was_not_fitted_on_out_of_scope_is_not_asked_to_name_it(self) -> None:
        fitted = utterances.Utterances(["alpha", "alpha one", "beta", "beta two"] * 3, ["a", "a", "b", "b"] * 3)
        test = utterances.Utterances(["alpha", "beta"] * 3 + ["zzzz"] * 5, ["a", "b"] * 3 + ["oos"] * 5)
        everything = by_kind_and_language(["standard"] * 11, ["en"] * 11)
        one = utterances.IntentSet("toy", "", [fitted], test, everything, outside="oos")
        table = intents.measure_intents(one, [Side("letters", letters=True)])
        found = {row.measure: row for row in table.rows}
        assert (found[intents.ACCURACY].n, found[intents.ACCURACY].figures["letters"].value) == (6, 1.0)
        assert (found[intents.AUROC].n, found[intents.AUROC].figures["letters"].value) == (11, 1.0)


class TestVectors:
    def test_a_shortened_vector_has_length_one_again(self) -> None:
        whole = FakeEmbedder()
        texts = ["我要退货", "where is my parcel"]
        short = Shortened(whole, 32).embed(texts)
        assert short.shape == (2, 32)
        assert np.linalg.norm(short, axis=1) == pytest.approx(np.ones(2))
        first = whole.embed(texts)[:, :32]
        assert short == pytest.approx(first / np.linalg.norm(first, axis=1, keepdims=True), abs=1e-6)


class TestKnowledge:
    def test_an_entry_is_as_near_as_its_nearest_wording(self) -> None:
        shelf = Shelf(["a", "b", "c", "d"], np.array([1, 0, 1, 2]), ["zero", "one", "two"])
        assert shelf.by_entry(np.array([[0.1, 0.2, 0.9, 0.3]])).tolist() == [pytest.approx([0.2, 0.9, 0.3])]

    def test_only_knowledge_of_the_other_language_is_searched(self) -> None:
        english = shelf_of(read_knowledge(), "en")
        assert not any("\u4e00" <= character <= "\u9fff" for text in english.texts for character in text[:1])
        questions = answerable("dev", english, "zh")
        assert {one.language for one in questions} == {"zh"} and all(one.ids for one in questions)

    def test_a_side_of_one_kind_has_no_share_to_choose(self) -> None:
        shelf = Shelf(["a"], np.array([0]), ["zero"])
        assert best_share(Side("letters", letters=True), shelf, []) == 0.0
        assert best_share(Side("vectors", FakeEmbedder()), shelf, []) == 1.0

    def test_letters_find_entries(self) -> None:
        table = measure_knowledge(CONDITIONS[0], [Side("letters", letters=True)], "dev", 40, [])
        (total,) = [row for row in table.rows if row.name == "all" and row.measure == RECALL_1]
        assert total.n == 40 and total.figures["letters"].value > 0.5


class TestReranking:
    def test_an_entry_that_is_no_candidate_comes_last(self) -> None:
        found = reranking.Candidates(
            entries=np.array([[2, 0], [1, 2]]),
            scores=np.array([[0.5, 0.4], [0.9, 0.1]]),
            odds=np.array([[-1.0, 3.0], [0.0, 0.0]]),
            right=[[0], [5]],
            milliseconds=np.zeros(2),
        )
        assert found.places(found.scores).tolist() == [2, 6]
        assert found.places(found.odds).tolist() == [1, 6]

    def test_a_good_reranker_raises_recall(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reranking, "document_of", lambda entry, language: entry.id)
        answers = {one.text: one.ids for one in answerable("dev", shelf_of(read_knowledge()))}

        def score(query: str, documents: Sequence[str]) -> np.ndarray:
            return np.array([0.9 if name in answers[query] else 0.1 for name in documents], dtype=np.float32)

        table = reranking.measure_reranker(score, Side("letters", letters=True), "dev", 40)
        gained = table.rows[0].ahead[reranking.RERANKED, reranking.SEARCH]
        assert gained.verdict == "ahead"
        assert aims.reranker([table]).state == aims.REACHED

    def test_a_missing_reranker_is_said_to_be_missing(self, tmp_path: Path) -> None:
        with pytest.raises(reranking.Missing):
            reranking.load_reranker(str(tmp_path / "none"))


def row(name: str, ahead: float, width: float, *tags: str, n: int = 100, measure: str = intents.ACCURACY) -> Row:
    """A row whose side is ahead of both others by the same."""
    gained = Figure(ahead, ahead - width, ahead + width)
    value = Figure(0.9, 0.8, 1.0)
    both = {AHEAD_OF_NGRAMS: gained, AHEAD_OF_MINILM: gained}
    return Row(measure, name, n, {KEFU: value, KEFU_BOTH: value}, both, frozenset(tags))


class TestAims:
    def test_ahead_overall_and_behind_on_no_row(self) -> None:
        good = [row("all", 0.1, 0.05, "all"), row("typo", -0.01, 0.05, "typo")]
        assert aims.ahead_of_ngrams([Table("set", "", good)]).state == aims.REACHED
        level = [row("all", 0.01, 0.05, "all")]
        assert aims.ahead_of_ngrams([Table("set", "", level)]).state == aims.PARTLY
        behind = [*good, row("en", -0.1, 0.05, "en")]
        found = aims.ahead_of_ngrams([Table("set", "", behind)])
        assert found.state == aims.MISSED and "set, en -0.100 ±0.050" in found.figures

    def test_noticing_what_is_out_of_scope_must_not_be_worse_either(self) -> None:
        rows = [row("all", 0.1, 0.05, "all"), row("all", -0.1, 0.05, "all", measure=intents.AUROC)]
        found = aims.ahead_of_ngrams([Table("set", "", rows)])
        assert found.state == aims.MISSED
        assert "ahead on 1 of 1 sets" in found.figures and f"set, all {intents.AUROC} -0.100" in found.figures

    def test_a_slice_of_few_rows_is_not_judged(self) -> None:
        rows = [row("all", 0.1, 0.05, "all"), row("mixed", -0.5, 0.1, "mixed", n=7)]
        assert aims.ahead_of_ngrams([Table("set", "", rows)]).state == aims.REACHED

    def test_english_may_be_level_and_chinese_must_be_ahead(self) -> None:
        table = Table("set", "", [row("zh", 0.0, 0.1, "zh"), row("en", 0.0, 0.1, "en")])
        assert aims.level_on_english([table]).state == aims.REACHED
        assert aims.ahead_of_minilm([table]).state == aims.PARTLY

    def test_the_worst_direction_counts_across_languages(self) -> None:
        tags = frozenset({"cross-lingual", "all"})
        good = replace(row("all", 0, 0, measure=RECALL_1), tags=tags)
        bad = replace(good, figures={KEFU: Figure(0.79, 0.7, 0.8)})
        assert aims.cross_lingual([Table("to English", "", [good])]).state == aims.REACHED
        found = aims.cross_lingual([Table("to English", "", [good]), Table("to Chinese", "", [bad])])
        assert found.state == aims.MISSED and "to Chinese, all 0.790" in found.figures

    def test_fewer_dimensions_may_lose_two_points(self) -> None:
        def table(lost: float) -> Table:
            gained = {("128", "full (256)"): Figure(-lost, -lost, -lost), ("64", "full (256)"): Figure(-1, -1, -1)}
            return Table(aims.DIMENSIONS, "", [Row(intents.ACCURACY, "intents", 100, {}, gained)])

        assert aims.dimensions([table(0.019)]).state == aims.REACHED
        assert aims.dimensions([table(0.021)]).state == aims.MISSED
        assert aims.dimensions([table(-0.1)]).state == aims.REACHED

    def test_what_was_not_measured_is_not_reached(self) -> None:
        found = aims.all_aims([], {}, {})
        assert {aim.state for aim in found} == {aims.UNKNOWN}
        assert "--pipeline" in found[-1].figures
        assert aims.latency({KEFU: Cost(1.9, 3.0, 1.8, 50.0, 15.0)}).state == aims.REACHED

    @pytest.mark.parametrize(("product", "state"), [(5.5, aims.REACHED), (5.6, aims.MISSED)])
    def test_no_pipeline_of_ours_may_parse_slower_than_stock_rasas(self, product: float, state: str) -> None:
        milliseconds = {nlu.STOCK: 5.5, nlu.KEFU: 3.3, nlu.PRODUCT: product, "stock Rasa, our tokenizer": 9.0}
        found = aims.parse_latency({"own": {name: {"parse_ms_median": one} for name, one in milliseconds.items()}})
        assert found.state == state
        assert "own, Kefu: 3.3 ms beside 5.5 ms (0.60×)" in found.figures and "tokenizer" not in found.figures


def test_figures_without_an_interval_are_json_too() -> None:
    one = make_row("accuracy", "all", {KEFU: metrics.mean([0.5])}, [])
    text = json.dumps(report.as_json({"A": [Table("set", "", [one])]}, {}, {}, []), allow_nan=False)
    assert json.loads(text)["parts"]["A"][0]["rows"][0]["figures"][KEFU] == {"value": 0.5, "low": None, "high": None}


def test_a_row_of_few_is_named_as_one() -> None:
    rows = [row("mixed", 0.0, 0.1, n=19), row("typo", 0.0, 0.1, n=20)]
    console = Console(width=160, record=True, file=io.StringIO())
    report.show_table(console, "A", Table("set", "", rows))
    lines = {line.split()[1]: line for line in console.export_text().splitlines() if "0.900" in line}
    assert "(under 20 rows)" in lines["mixed"] and "under" not in lines["typo"]
    (table,) = report.as_json({"A": [Table("set", "", rows)]}, {}, {}, [])["parts"]["A"]
    assert [one["few"] for one in table["rows"]] == [True, False]
