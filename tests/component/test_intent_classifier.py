"""Qwen3IntentClassifier over real features of the other components."""

import json
import math
import random
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from kefu.components.char_ngrams import CharNgramFeaturizer
from kefu.components.featurizer import Qwen3Featurizer
from kefu.components.intent_classifier import IntentFeaturesError, Qwen3IntentClassifier

UTTERANCES = {
    "greet": ["你好", "您好呀", "hello", "hi there", "早上好"],
    "request_return": ["我要退货", "帮我退款", "i want to return this", "申请退货", "please refund me"],
    "track_order": ["我的快递到哪了", "where is my parcel", "查物流", "包裹到哪里了", "track my order"],
    "affirm": ["好的", "是的", "yes please", "👌", "好的👌"],
}
DENSE = (Qwen3Featurizer, {"model": "fake"})
SPARSE = (CharNgramFeaturizer, {})


@pytest.fixture
def pipeline(make: Any, training_data: Any, tokenized: Any) -> Any:
    """Train a classifier behind some featurizers; gives a function that parses a text with what was stored."""

    def build(utterances: dict[str, list[str]], *featurizers: tuple[type, dict[str, Any]], **options: Any) -> Any:
        parts = [make(kind, **settings) for kind, settings in featurizers]
        data = training_data(utterances)
        for part in parts:
            data = part.process_training_data(data)
        make(Qwen3IntentClassifier, **options).train(data)
        classifier = make(Qwen3IntentClassifier, load=True, **options)

        def parse(text: str) -> Message:
            messages = [tokenized(text)]
            for part in [*parts, classifier]:
                messages = part.process(messages)
            return messages[0]

        return parse

    return build


def assert_complete(message: Message, intents: int) -> None:
    """The ranking holds every intent once, best first, as plain JSON, with the intent on top."""
    ranking = message.get(INTENT_RANKING_KEY)
    confidences = [item["confidence"] for item in ranking]
    assert len({item["name"] for item in ranking}) == len(ranking) == intents
    assert confidences == sorted(confidences, reverse=True)
    assert math.isclose(sum(confidences), 1, abs_tol=1e-4)
    assert message.get(INTENT) == ranking[0]
    assert json.loads(json.dumps(ranking)) == ranking
    assert {INTENT, INTENT_RANKING_KEY} <= message.output_properties


@pytest.mark.parametrize("featurizers", [[DENSE, SPARSE], [DENSE], [SPARSE]], ids=["both", "dense", "sparse"])
def test_recognises_what_it_was_taught(pipeline: Any, featurizers: list[Any]) -> None:
    parse = pipeline(UTTERANCES, *featurizers)
    for intent, texts in UTTERANCES.items():
        for text in texts:
            message = parse(text)
            assert message.get(INTENT)["name"] == intent
            assert_complete(message, len(UTTERANCES))


def test_new_wording(pipeline: Any) -> None:
    parse = pipeline(UTTERANCES, DENSE, SPARSE)
    assert parse("我想申请退货退款").get(INTENT)["name"] == "request_return"
    assert parse("where's my parcel now").get(INTENT)["name"] == "track_order"


@pytest.mark.parametrize("count", [1, 2])
def test_few_utterances_are_enough(pipeline: Any, count: int) -> None:
    few = {intent: texts[:count] for intent, texts in UTTERANCES.items()}
    message = pipeline(few, DENSE, SPARSE)("我要退货")
    assert message.get(INTENT)["name"] == "request_return"
    assert_complete(message, len(few))


def test_one_intent_alone(pipeline: Any) -> None:
    message = pipeline({"greet": ["你好", "hi"]}, DENSE, SPARSE)("你好")
    assert message.get(INTENT) == {"name": "greet", "confidence": 1.0}


def test_without_any_intent_everything_falls_back(pipeline: Any) -> None:
    assert pipeline({}, DENSE, SPARSE)("你好").get(INTENT) == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\u200b", "\x00\x07", "🦄🦄", "……", "/affirm", '/greet{"email":"a@b.cn"}', "我要退货" * 2500],
    ids=["empty", "spaces", "zero width", "control", "emoji", "dots", "payload", "payload with entity", "endless"],
)
@pytest.mark.parametrize("featurizers", [[DENSE, SPARSE], [SPARSE]], ids=["both", "sparse"])
def test_the_unintelligible_is_ready_for_the_fallback(pipeline: Any, featurizers: list[Any], text: str) -> None:
    message = pipeline(UTTERANCES, *featurizers)(text)
    assert message.get(INTENT) == {"name": None, "confidence": 0.0}
    assert message.get(INTENT_RANKING_KEY) == []
    assert {INTENT, INTENT_RANKING_KEY} <= message.output_properties


def test_an_emoji_that_was_taught_is_understood(pipeline: Any) -> None:
    assert pipeline(UTTERANCES, DENSE, SPARSE)("👌").get(INTENT)["name"] == "affirm"


def test_no_other_emoji_is_understood_whatever_its_hash_falls_on(pipeline: Any) -> None:
    rng = random.Random(7)
    many = {
        intent: [*texts, *("".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(30)) for _ in range(150))]
        for intent, texts in UTTERANCES.items()
    }
    parse = pipeline(many, DENSE, SPARSE, cross_validation=False)
    others = [3 * chr(code) for code in range(0x1F600, 0x1F650)]
    assert [text for text in others if parse(text).get(INTENT)["name"] is not None] == []
    assert parse("👌").get(INTENT)["name"] == "affirm"


def test_unknown_words_are_left_to_the_vectors(pipeline: Any) -> None:
    """No n-gram is known, but the embedding model may know the language."""
    message = pipeline(UTTERANCES, DENSE, SPARSE)("ขอบคุณ")
    assert_complete(message, len(UTTERANCES))


def test_featurizers_can_be_chosen(pipeline: Any) -> None:
    dense = (Qwen3Featurizer, {"model": "fake", "alias": "vectors"})
    sparse = (CharNgramFeaturizer, {"alias": "letters"})
    parse = pipeline(UTTERANCES, dense, sparse, featurizers=["letters"])
    assert parse("ขอบคุณ").get(INTENT)["name"] is None  # as with sparse features alone


def test_stored_without_pickle(pipeline: Any, storage: Any) -> None:
    pipeline(UTTERANCES, DENSE, SPARSE)
    names = {path.name for path in storage._storage_path.rglob("*") if path.is_file()}
    assert names == {"head.npz", "head.json", "signs.json"}


def test_other_features_than_trained_are_refused(pipeline: Any, make: Any, tokenized: Any, storage: Any) -> None:
    pipeline(UTTERANCES, DENSE)
    (message,) = make(Qwen3Featurizer, model="fake", dimension=32).process([tokenized("你好")])
    with pytest.raises(IntentFeaturesError, match="64"):
        make(Qwen3IntentClassifier, load=True).process([message])


def test_a_message_without_features_does_not_fail(pipeline: Any, make: Any) -> None:
    pipeline(UTTERANCES, DENSE, SPARSE)
    (message,) = make(Qwen3IntentClassifier, load=True).process([Message({TEXT: "你好"})])
    assert message.get(INTENT) == {"name": None, "confidence": 0.0}


def test_cross_validation_can_be_left_out(pipeline: Any) -> None:
    parse = pipeline(UTTERANCES, DENSE, SPARSE, cross_validation=False)
    assert parse("我要退货").get(INTENT)["name"] == "request_return"
