"""Qwen3Tokenizer as a Rasa component."""

from typing import Any

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu.components.messages import READ_AT_MOST
from kefu.components.tokenizer import Qwen3Tokenizer


def test_offsets_are_those_of_the_message(make: Any) -> None:
    text = "订单ＳＯ１２还没到"
    (message,) = make(Qwen3Tokenizer).process([Message({TEXT: text})])
    tokens = message.get(TOKENS_NAMES[TEXT])
    assert [token.text for token in tokens] == ["订", "单", "SO", "12", "还", "没", "到"]
    assert text[tokens[2].start : tokens[2].end] == "ＳＯ"


@pytest.mark.parametrize(("split", "expected"), [(False, ["ask_question"]), (True, ["ask", "question"])])
def test_names_of_intents_are_split_as_rasa_does(make: Any, split: bool, expected: list[str]) -> None:
    data = TrainingData([Message({TEXT: "几天发货", INTENT: "ask_question"})])
    make(Qwen3Tokenizer, intent_tokenization_flag=split).process_training_data(data)
    assert [token.text for token in data.training_examples[0].get(TOKENS_NAMES[INTENT])] == expected


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_nothing_readable_has_no_tokens(make: Any, text: str) -> None:
    (message,) = make(Qwen3Tokenizer).process([Message({TEXT: text})])
    assert message.get(TOKENS_NAMES[TEXT]) == []


def test_an_endless_message_is_cut(make: Any) -> None:
    (message,) = make(Qwen3Tokenizer).process([Message({TEXT: "退" * 3 * READ_AT_MOST})])
    assert len(message.get(TOKENS_NAMES[TEXT])) == READ_AT_MOST


@pytest.mark.parametrize("language", ["zh", "en", "de"])
def test_any_language_of_a_project_is_supported(language: str) -> None:
    assert Qwen3Tokenizer.supported_languages() is None
    assert language not in (Qwen3Tokenizer.not_supported_languages() or [])
