"""The pipeline of config.yml, trained by Rasa on little data with the fake model, and parsing what people send."""

import asyncio
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from kefu.components.featurizer import EmbeddingModelError
from kefu.models import loader

ROOT = Path(__file__).parents[2]
INTENTS = {
    "greet": ["你好", "您好呀", "hello", "hi there", "早上好"],
    "request_return": ["我要退货", "帮我退款", "i want to return this", "申请退货", "please refund me"],
    "track_order": ["我的快递到哪了", "where is my parcel", "查物流", "包裹到哪里了", "track my order"],
    "affirm": ["好的", "是的", "yes please", "👌", "好的👌"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with this repository's config.yml, the fake model and a handful of utterances."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "config.yml").write_text((ROOT / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "endpoints.yml").write_text("embedding: {model: fake, dimension: 64}", encoding="utf-8")
    data = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in INTENTS.items()
    ]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(project: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_ENDPOINTS", str(project / "endpoints.yml"))
        patch.chdir(project)  # Rasa keeps its training cache in the present folder
        path = train_nlu("config.yml", "nlu.yml", "models")
        assert path
        yield project / path


@pytest.fixture(scope="module")
def agent(archive: Path, project: Path) -> Iterator[Agent]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_ENDPOINTS", str(project / "endpoints.yml"))
        yield Agent.load(archive)


def parse(agent: Agent, text: str) -> dict[str, Any]:
    return asyncio.run(agent.parse_message(text))


@pytest.mark.parametrize(
    ("text", "intent"), [("我想申请退货", "request_return"), ("where is my parcel??", "track_order"), ("👌", "affirm")]
)
def test_words_are_understood(agent: Agent, text: str, intent: str) -> None:
    parsed = parse(agent, text)
    assert parsed["intent"]["name"] == intent
    assert {item["name"] for item in parsed["intent_ranking"]} == set(INTENTS)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\u200b", "\x00\x01", "😀" * 3, "退" * 10_000, "x" * 10_000, "🏳\ufe0f\u200d🌈", "？！……"],
    ids=["empty", "spaces", "zero width", "control", "emoji", "endless zh", "endless en", "joined emoji", "marks"],
)
def test_odd_input_falls_back(agent: Agent, text: str) -> None:
    parsed = parse(agent, text)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["intent_ranking"][0]["name"] == "nlu_fallback"
    assert {item["entity"] for item in parsed["entities"]} <= {"language"}


def test_entities_and_language_come_along(agent: Agent) -> None:
    found = {item["entity"]: item["value"] for item in parse(agent, "SO20260001到哪了，邮箱A@b.cn")["entities"]}
    assert found == {"order_number": "SO20260001", "email": "a@b.cn", "language": "zh"}


def test_a_payload_is_taken_as_the_intent_it_names_and_gains_no_entities(agent: Agent) -> None:
    parsed = parse(agent, '/affirm{"note":"SO20260001 a@b.cn"}')
    assert parsed["intent"]["name"] == "affirm"
    assert {item["entity"] for item in parsed["entities"]} <= {"note"}


def test_the_archive_holds_no_pickle(archive: Path) -> None:
    with tarfile.open(archive) as packed:
        names = packed.getnames()
    assert any(name.endswith("head.npz") for name in names)
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]


def test_another_embedding_model_is_refused_with_the_command(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endpoints.yml").write_text("embedding: {model: fake, dimension: 96}", encoding="utf-8")
    monkeypatch.setattr(loader, "_shared", {})
    with pytest.raises(EmbeddingModelError, match="kefu train --force"):
        Agent.load(archive)
