"""What tests of Rasa components need: a store for trained parts, messages, and a project without settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu.components.tokenizer import Qwen3Tokenizer
from kefu.models import loader

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _own_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no endpoints.yml but the test's own count, and no model outlive its test."""
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.setattr(loader, "_shared", {})


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    folder = tmp_path / "trained"
    folder.mkdir()
    return LocalModelStorage.create(folder)


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="part")


@pytest.fixture
def make(storage: ModelStorage, context: ExecutionContext) -> Make:
    """Make a component as Rasa does: ``make(Class, option=value)``, or from what was trained with ``load=True``."""

    def build(kind: type[GraphComponent], *, load: bool = False, **options: Any) -> Any:
        config = {**kind.get_default_config(), **options}
        method = kind.load if load else kind.create
        return method(config, storage, Resource(kind.__name__), context)

    return build


@pytest.fixture
def tokenized(make: Make) -> Callable[[str], Message]:
    """Make a message that has its tokens."""
    tokenizer = make(Qwen3Tokenizer)

    def build(text: str) -> Message:
        (message,) = tokenizer.process([Message({TEXT: text})])
        return message

    return build


@pytest.fixture
def training_data(make: Make) -> Callable[[dict[str, list[str]]], TrainingData]:
    """Make tokenised training data from ``{intent: utterances}``."""

    def build(utterances: dict[str, list[str]]) -> TrainingData:
        examples = [Message({TEXT: text, INTENT: intent}) for intent, texts in utterances.items() for text in texts]
        data: TrainingData = make(Qwen3Tokenizer).process_training_data(TrainingData(examples))
        return data

    return build
