"""``kefu index``, ``kefu ask`` and ``kefu eval``."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from kefu.cli import cli, end_to_end
from kefu.errors import DataError, KnowledgeIndexError, ModelError
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.evaluation.questions import Question
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.saved import read_meta
from kefu.models.fake_embedder import FakeEmbedder
from kefu.settings import ENDPOINTS_VARIABLE, Settings

QUESTIONS = (
    "kind\tlang\tquery\tid\n"
    "standard\tzh\t几天内可以退货？\treturn_window\n"
    "standard\ten\treturn window\treturn_window|invoice\n"
    "unanswerable\tzh\t鬱龘靐齾爩\t-\n"
)


@pytest.fixture
def endpoints(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small shop's endpoints.yml."""
    monkeypatch.setenv(ENDPOINTS_VARIABLE, "")  # so that what a command sets is taken back
    file = shop.root / "endpoints.yml"
    file.write_text(yaml.safe_dump({"embedding": {"model": "fake"}}), encoding="utf-8")
    return file


@pytest.fixture
def indexed(endpoints: Path) -> Path:
    """The same, with its index built."""
    assert kefu("index", "--endpoints", str(endpoints)).exit_code == 0
    return endpoints


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file of three questions."""
    file = tmp_path / "questions.tsv"
    file.write_text(QUESTIONS, encoding="utf-8")
    return file


def kefu(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_index_says_what_it_did(endpoints: Path) -> None:
    first, second = (kefu("index", "--endpoints", str(endpoints)) for _ in range(2))
    assert "3 entries" in first.stdout and "embedded" in first.stdout and "rule of thumb" in first.stdout
    assert "nothing changed" in second.stdout
    forced = kefu("index", "--force", "--endpoints", str(endpoints))
    assert "0 kept" in forced.stdout


def test_index_gives_json_and_nothing_else(endpoints: Path) -> None:
    report = json.loads(kefu("index", "--json", "--endpoints", str(endpoints)).stdout)
    assert (report["changed"], report["entries"]) == (True, 3)
    assert report["embedded"] > 0 and report["fit"]["questions"] > 0


def test_ask_answers_with_its_source(indexed: Path) -> None:
    result = kefu("ask", "几天内可以退货？", "--endpoints", str(indexed))
    assert result.exit_code == 0
    assert result.stdout.startswith("签收后 7 天内可以退货。\n") and "[return_window · " in result.stdout


def test_ask_in_another_language(indexed: Path) -> None:
    result = kefu("ask", "return window", "--lang", "zh", "--endpoints", str(indexed))
    assert "签收后 7 天内可以退货。" in result.stdout
    english = kefu("ask", "return window", "--lang", "zh", "--knowledge-lang", "en", "--endpoints", str(indexed))
    assert "You can return it within 7 days." in english.stdout


@pytest.mark.parametrize("text", ["", "😀", "x" * 10_000, "鬱龘靐齾爩"])
def test_ask_says_that_it_does_not_know(indexed: Path, text: str) -> None:
    result = kefu("ask", text, "--endpoints", str(indexed))
    assert result.exit_code == 0
    assert result.stdout.startswith("No answer: ")


def test_ask_explains(indexed: Path) -> None:
    result = kefu("ask", "怎么开发票", "--explain", "--endpoints", str(indexed))
    for expected in ("invoice", "return_window", "confidence", "threshold", "coverage", "embed_ms"):
        assert expected in result.stdout


def test_ask_as_somebody_on_a_channel_in_a_category_and_of_a_tier(indexed: Path) -> None:
    as_whom = ["--category", "invoice", "--channel", "app", "--tier", "app"]
    found = json.loads(kefu("ask", "怎么开发票", *as_whom, "--json", "--endpoints", str(indexed)).stdout)
    filters = {name: found["trace"]["filters"][name] for name in ("category", "channel", "tier")}
    assert filters == {"category": "invoice", "channel": "app", "tier": "app"}
    elsewhere = kefu("ask", "怎么开发票", "--category", "shipping", "--endpoints", str(indexed))
    assert elsewhere.stdout.startswith("No answer")
    assert kefu("ask", "怎么开发票", "--tier", "god", "--endpoints", str(indexed)).exit_code == 2


def test_ask_gives_json_and_nothing_else(indexed: Path) -> None:
    found = json.loads(kefu("ask", "怎么开发票", "--json", "--endpoints", str(indexed)).stdout)
    assert (found["kind"], found["entry_id"], found["language"]) == ("answer", "invoice", "zh")
    assert found["candidates"][0]["entry_id"] == "invoice"


def test_eval_gives_the_published_json(indexed: Path, questions: Path) -> None:
    found = json.loads(kefu("eval", str(questions), "--json", "--endpoints", str(indexed)).stdout)
    assert set(found) == {"kinds", "languages", "kinds_by_language", "total"}
    assert found["kinds"]["standard"] == {
        "n": 2,
        "recall@1": 1.0,
        "recall@5": 1.0,
        "mrr": 1.0,
        "answered_right": 1.0,
        "offered_right": 0.0,
        "refusal": None,
    }
    assert (found["kinds"]["unanswerable"]["n"], found["kinds"]["unanswerable"]["refusal"]) == (1, 1.0)
    assert found["kinds_by_language"]["standard"]["zh"]["n"] == 1
    assert (found["languages"]["zh"]["n"], found["total"]["n"]) == (2, 3)


def test_eval_prints_a_table(indexed: Path, questions: Path) -> None:
    result = kefu("eval", str(questions), "--endpoints", str(indexed))
    assert result.exit_code == 0
    assert "TOTAL" in result.stdout and "unanswerable" in result.stdout and "1.000" in result.stdout
    assert "form" not in result.stdout


@pytest.mark.parametrize("command", [["ask", "x"], ["eval", "{questions}"]])
def test_without_an_index_the_command_that_makes_it_is_named(
    endpoints: Path, questions: Path, command: list[str]
) -> None:
    arguments = [argument.format(questions=questions) for argument in command]
    result = kefu(*arguments, "--endpoints", str(endpoints))
    assert isinstance(result.exception, KnowledgeIndexError)
    assert "kefu index" in str(result.exception)


def test_eval_names_the_wrong_row(indexed: Path, questions: Path) -> None:
    questions.write_text(QUESTIONS + "k\tzh\tq\tnix\n", encoding="utf-8")
    result = kefu("eval", str(questions), "--endpoints", str(indexed))
    assert isinstance(result.exception, DataError)
    assert "row 5" in str(result.exception)


def test_end_to_end_needs_a_trained_model(shop: Settings) -> None:
    with pytest.raises(ModelError, match="kefu train"):
        end_to_end.newest_model(shop.path(end_to_end.MODELS))


def test_end_to_end_follows_the_intent(indexed: Path, shop: Settings) -> None:
    base = KnowledgeBase(shop, FakeEmbedder())
    intents = ["ask_question", "nlu_fallback", "out_of_scope", "request_return", "greet"]
    asked = [Question("standard", "zh", "几天内可以退货？", frozenset({"return_window"})) for _ in intents]
    outcomes = end_to_end.outcomes_of(base, asked, intents)
    strict = base.answer("几天内可以退货？", language="zh", strict=True).entry_id
    assert [outcome.answered for outcome in outcomes] == ["return_window", "return_window", strict, None, None]
    assert [outcome.starts_form for outcome in outcomes] == [False, False, False, True, False]
    assert [bool(outcome.ranking) for outcome in outcomes] == [True, True, True, False, False]


def test_end_to_end_opens_the_form_where_the_assistant_does(indexed: Path, shop: Settings) -> None:
    base = KnowledgeBase(shop, FakeEmbedder())
    rows = [("鞋子我要退", "ask_question"), ("鞋子我要退", "out_of_scope"), ("鞋子退款没到账", "nlu_fallback")]
    asked = [Question("unanswerable", "zh", text, frozenset()) for text, _ in rows]
    outcomes = end_to_end.outcomes_of(base, asked, [intent for _, intent in rows])
    assert [outcome.starts_form for outcome in outcomes] == [True, False, False]


def test_end_to_end_takes_follow_ups_for_questions_and_scolding_for_none(indexed: Path, shop: Settings) -> None:
    base = KnowledgeBase(shop, FakeEmbedder())
    rows = [("那运费呢", "track_order"), ("那我的快递呢", "track_order"), ("什么破店", "ask_question")]
    asked = [Question("unanswerable", "zh", text, frozenset()) for text, _ in rows]
    outcomes = end_to_end.outcomes_of(base, asked, [intent for _, intent in rows])
    assert [outcome.starts_form for outcome in outcomes] == [False, True, False]
    assert [bool(outcome.ranking) for outcome in outcomes] == [True, False, False]


def test_an_error_is_one_line_and_two_processes_build_once(endpoints: Path) -> None:
    environment = {**os.environ, ENDPOINTS_VARIABLE: str(endpoints)}
    program = [sys.executable, "-m", "kefu.cli"]
    failed = subprocess.run([*program, "ask", "x"], env=environment, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert failed.stdout == "" and failed.stderr.count("\n") == 1 and failed.stderr.startswith("kefu: There is no")
    builders = [
        subprocess.Popen([*program, "index", "--json"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    reports = [json.loads(builder.communicate()[0]) for builder in builders]
    assert sorted(report["changed"] for report in reports) == [False, True]


def test_eval_measures_each_route(indexed: Path, questions: Path) -> None:
    rows = json.loads(kefu("eval", str(questions), "--routes", "--json", "--endpoints", str(indexed)).stdout)
    found = {(row["slice"], row["route"]): row for row in rows}
    assert {("all", "dense"), ("all", "keyword"), ("all", "fused"), ("zh", "dense"), ("standard", "fused")} <= set(
        found
    )
    fused = found["all", "fused"]
    assert fused["recall_1"] == {"value": 1.0, "low": 1.0, "high": 1.0} and fused["lead"]["value"] == 0
    table = kefu("eval", str(questions), "--routes", "--endpoints", str(indexed))
    assert "fused" in table.stdout and "95 % intervals" in table.stdout


def test_eval_of_routes_is_not_end_to_end(indexed: Path, questions: Path) -> None:
    result = kefu("eval", str(questions), "--routes", "--end-to-end", "--endpoints", str(indexed))
    assert result.exit_code == 2 and "--end-to-end" in result.output


def test_calibrate_prints_the_curve_and_keeps_the_thresholds(indexed: Path, shop: Settings) -> None:
    result = kefu("knowledge", "calibrate", "--endpoints", str(indexed))
    assert result.exit_code == 0, result.output
    assert "right of those" in result.stdout.replace("\n", " ") and "rule of thumb" not in result.stdout
    calibrate = ("knowledge", "calibrate", "--precision", "0.9", "--endpoints", str(indexed))
    found = json.loads(kefu(*calibrate, "--json").stdout)
    assert found["precision"] == 0.9 and len(found["fit"]["curve"]) == 10
    assert Rule.from_json(found["rule"]) == read_meta(shop.path(shop.knowledge.index)).rule
    assert "precision: 0.9" in kefu(*calibrate).stdout


@pytest.mark.parametrize("precision", ["0.3", "1.1", "much"])
def test_calibrate_refuses_a_precision_that_makes_no_sense(indexed: Path, precision: str) -> None:
    assert kefu("knowledge", "calibrate", "--precision", precision, "--endpoints", str(indexed)).exit_code == 2
