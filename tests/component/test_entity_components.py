"""Entities and language of messages, as Rasa sees them."""

from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from kefu.components.entities import ShopEntityExtractor
from kefu.components.language import LanguageDetector


def entities(make: Any, kind: type, text: str) -> list[dict[str, Any]]:
    (message,) = make(kind).process([Message({TEXT: text})])
    found: list[dict[str, Any]] = message.get(ENTITIES, [])
    return found


def test_an_entity_is_complete(make: Any) -> None:
    text = "订单ｓｏ２０２６０００１还没到"
    (entity,) = entities(make, ShopEntityExtractor, text)
    assert entity == {
        "entity": "order_number",
        "value": "SO20260001",
        "start": 2,
        "end": 12,
        "confidence": 1.0,
        "extractor": "ShopEntityExtractor",
    }


@pytest.mark.parametrize(("text", "language"), [("我要退货", "zh"), ("where is my parcel", "en")])
def test_language_covers_the_message(make: Any, text: str, language: str) -> None:
    (entity,) = entities(make, LanguageDetector, text)
    assert (entity["entity"], entity["value"]) == ("language", language)
    assert (entity["start"], entity["end"], entity["extractor"]) == (0, len(text), "LanguageDetector")


@pytest.mark.parametrize("text", ["", "20260001", "SO20260001", "👍", "/affirm", "??"])
def test_no_language(make: Any, text: str) -> None:
    assert entities(make, LanguageDetector, text) == []


@pytest.mark.parametrize("kind", [ShopEntityExtractor, LanguageDetector])
@pytest.mark.parametrize("text", ['/inform{"email":"mei@example.com"}', ' /inform{"order_number":"SO20260001"} 我要'])
def test_a_typed_payload_gains_nothing(make: Any, kind: type, text: str) -> None:
    assert entities(make, kind, text) == []


@pytest.mark.parametrize("kind", [ShopEntityExtractor, LanguageDetector])
def test_entities_of_other_components_stay(make: Any, kind: type) -> None:
    other = {"entity": "colour", "value": "red", "start": 0, "end": 1}
    message = Message({TEXT: "红 SO20260001 的订单", ENTITIES: [other]})
    make(kind).process([message])
    assert message.get(ENTITIES)[0] == other
    assert len(message.get(ENTITIES)) == 2
    assert ENTITIES in message.output_properties


@pytest.mark.parametrize("kind", [ShopEntityExtractor, LanguageDetector])
def test_a_message_without_text_passes(make: Any, kind: type) -> None:
    (message,) = make(kind).process([Message({})])
    assert message.get(ENTITIES, []) == []
