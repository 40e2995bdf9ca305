"""``kefu eval`` with its options: knowledge of one language, and through a Rasa model, for which a fake stands in."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import structlog
import yaml
from click.testing import CliRunner, Result

from kefu.cli import cli
from kefu.errors import ModelError
from kefu.settings import ENDPOINTS_VARIABLE, Settings

# The words of a question → what the fake model takes it for.
INTENTS: dict[str, str | None] = {
    "几天内可以退货？": "ask_question",
    "怎么开发票？": "request_return",
    "When is the store open?": None,
    "鬱龘靐齾爩": "nlu_fallback",
    "return window": "greet",
}
ROWS = [
    ("standard", "zh", "几天内可以退货？", "return_window"),
    ("standard", "zh", "怎么开发票？", "invoice"),
    ("standard", "en", "When is the store open?", "opening_hours"),
    ("standard", "en", "return window", "return_window"),
    ("unanswerable", "zh", "鬱龘靐齾爩", "-"),
]


class FakeAgent:
    """What `kefu eval` uses of Rasa's agent; like it, it prints what nobody asked for."""

    loaded: list[Path] = []

    def __init__(self, model: Path) -> None:
        self._model = model

    @classmethod
    def load(cls, model: Path) -> "FakeAgent":
        print("loading", model)
        cls.loaded.append(model)
        return cls(model)

    def is_ready(self) -> bool:
        return self._model.read_text() != "damaged"

    async def parse_message(self, text: str) -> dict[str, Any]:
        print("parsing", text)
        return {"intent": {"name": INTENTS[text]}}


@pytest.fixture(autouse=True)
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeAgent]]:
    """Put the fake in Rasa's place: importing the real one takes seconds."""
    for name in ("rasa", "rasa.core", "rasa.core.agent"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["rasa.core.agent"], "Agent", FakeAgent, raising=False)
    for name in ("RASA_TELEMETRY_ENABLED", "SQLALCHEMY_SILENCE_UBER_WARNING", "TF_CPP_MIN_LOG_LEVEL", "LOG_LEVEL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # so that what the command sets is taken back
    monkeypatch.setattr(FakeAgent, "loaded", [])
    before = structlog.get_config()
    yield FakeAgent
    structlog.configure(**before)


@pytest.fixture
def project(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small shop with its index and a file of questions; gives its folder."""
    monkeypatch.setenv(ENDPOINTS_VARIABLE, "")
    (shop.root / "endpoints.yml").write_text(yaml.safe_dump({"embedding": {"model": "fake"}}), encoding="utf-8")
    lines = ["\t".join(row) for row in [("kind", "lang", "query", "id"), *ROWS]]
    (shop.root / "questions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (shop.root / "models").mkdir()
    assert CliRunner().invoke(cli, ["index", "--endpoints", str(shop.root / "endpoints.yml")]).exit_code == 0
    return shop.root


def evaluate(project: Path, *options: str) -> Result:
    command = ["eval", str(project / "questions.tsv"), *options, "--endpoints", str(project / "endpoints.yml")]
    return CliRunner().invoke(cli, command)


def model(project: Path, name: str, content: str = "", *, age: float = 0.0) -> Path:
    file = project / "models" / f"{name}.tar.gz"
    file.write_text(content)
    os.utime(file, (1_000_000 - age, 1_000_000 - age))
    return file


def test_end_to_end_gives_json_alone_and_says_how_often_a_form_opens(project: Path) -> None:
    model(project, "only")
    result = evaluate(project, "--end-to-end", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    # Of the four that can be answered one is taken for a wish and one for a greeting: they find nothing.
    assert found["kinds"]["standard"] == {
        "n": 4,
        "recall@1": 0.5,
        "recall@5": 0.5,
        "mrr": 0.5,
        "answered_right": 0.5,
        "offered_right": 0.0,
        "refusal": None,
        "starts_form": 0.25,
    }
    assert (found["languages"]["en"]["recall@1"], found["languages"]["en"]["starts_form"]) == (0.5, 0.0)
    assert (found["total"]["refusal"], found["total"]["starts_form"]) == (1.0, 0.2)
    assert "loading" in result.stderr and "parsing" in result.stderr


def test_end_to_end_prints_a_column_for_forms(project: Path) -> None:
    model(project, "only")
    result = evaluate(project, "--end-to-end")
    assert result.exit_code == 0, result.stderr
    assert "form" in result.stdout and "0.250" in result.stdout


def test_end_to_end_takes_the_newest_model(project: Path, agent: type[FakeAgent]) -> None:
    newest = model(project, "a")
    model(project, "b", age=50.0)
    assert evaluate(project, "--end-to-end").exit_code == 0
    assert agent.loaded == [newest]


def test_end_to_end_names_the_command_where_there_is_no_model_or_a_damaged_one(project: Path) -> None:
    none = evaluate(project, "--end-to-end").exception
    assert isinstance(none, ModelError) and "kefu train" in str(none)
    model(project, "only", "damaged")
    damaged = evaluate(project, "--end-to-end").exception
    assert isinstance(damaged, ModelError) and "kefu train --force" in str(damaged)


@pytest.mark.parametrize("options", [[], ["--end-to-end"]])
@pytest.mark.parametrize(("language", "recall"), [("en", 1.0), ("zh", 0.0)])
def test_knowledge_of_one_language_is_measured_as_if_there_were_no_other(
    project: Path, options: list[str], language: str, recall: float
) -> None:
    """The opening hours stand there in English only."""
    model(project, "only")
    lines = ["kind\tlang\tquery\tid", "standard\ten\tWhen is the store open?\topening_hours"]
    (project / "questions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = json.loads(evaluate(project, *options, "--knowledge-lang", language, "--json").stdout)
    assert (found["total"]["recall@1"], found["total"]["recall@5"]) == (recall, recall)


def test_another_language_is_refused_with_the_known_ones(project: Path) -> None:
    result = evaluate(project, "--knowledge-lang", "fr")
    assert result.exit_code == 2
    assert "'zh'" in result.stderr and "'en'" in result.stderr
