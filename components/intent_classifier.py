"""The intent of a message, by a linear head over all its sentence features."""

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu.components.fingerprints import source_fingerprint
from kefu.errors import ModelError
from kefu.models import linear_head, linear_head_fit
from kefu.models.linear_head import LinearHead

logger = logging.getLogger(__name__)

_SIGNS = "signs.json"


class IntentFeaturesError(ModelError, RasaException):
    """The features do not fit the trained classifier; Rasa prints it as one line."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Qwen3IntentClassifier(IntentClassifier, GraphComponent):
    """Logistic regression over dense and sparse sentence features together, with calibrated confidences."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Need features, of whatever kind."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the defaults."""
        return {
            "featurizers": [],  # aliases of the featurizers to use; none named: all of them
            "cross_validation": True,  # False: fixed regularisation and no calibration, three times as fast
            "max_characters": 2000,  # a longer message has no intent
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make a change of the numerics train again."""
        return source_fingerprint(linear_head, linear_head_fit)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Qwen3IntentClassifier":
        """Make a classifier to train (called by Rasa)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Qwen3IntentClassifier":
        """Read a trained classifier (called by Rasa).

        :raises IntentFeaturesError: if it is damaged.
        """
        try:
            with model_storage.read_from(resource) as folder:
                head, signs = LinearHead.load(folder), frozenset(json.loads((folder / _SIGNS).read_text("utf-8")))
        except ModelError as error:
            raise IntentFeaturesError(str(error)) from error
        except OSError as error:
            raise IntentFeaturesError(f"The intent classifier lacks {_SIGNS}. Train again: `kefu train`.") from error
        except ValueError:  # what Rasa raises where nothing was stored: there was nothing to train on
            logger.warning("Qwen3IntentClassifier was trained without any intent: every message falls back.")
            head, signs = None, frozenset()
        return cls(config, model_storage, resource, head, signs)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        head: LinearHead | None = None,
        signs: frozenset[str] = frozenset(),
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._head = head
        self._signs = signs

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples that have an intent and features, and store what was learnt."""
        examples = [example for example in training_data.intent_examples if self._has_features(example)]
        if not examples:
            logger.warning("Qwen3IntentClassifier found no example with an intent and features; it learns nothing.")
            return self._resource
        self._head = linear_head_fit.fit_linear_head(
            [example.get(INTENT) for example in examples],
            _stack_dense([self._dense(example) for example in examples]),
            _stack_sparse([self._sparse(example) for example in examples]),
            search=self._config["cross_validation"],
        )
        self._signs = frozenset().union(*(_signs_alone(example.get(TEXT)) for example in examples))
        logger.info(
            "Intent classifier: %d intents from %d examples, share of dense features %.2f, temperature %.2f.",
            len(self._head.labels),
            len(examples),
            self._head.dense_share,
            self._head.temperature,
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._head.save(folder)
            (Path(folder) / _SIGNS).write_text(json.dumps(sorted(self._signs), ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``intent`` and the whole ``intent_ranking``, best first.

        A message of which nothing is known gets no name and confidence 0, which FallbackClassifier turns into
        ``nlu_fallback``.
        """
        for message in messages:
            ranking = self._ranking(message)
            top = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, dict(top), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        dense, sparse = self._dense(message), self._sparse(message)
        try:
            if self._head is None or not self._is_intelligible(message, dense, sparse):
                return []
            confidences = self._head.probabilities(dense, sparse)[0]
        except ModelError as error:
            raise IntentFeaturesError(str(error)) from error
        return [
            {INTENT_NAME_KEY: self._head.labels[index], PREDICTED_CONFIDENCE_KEY: float(confidences[index])}
            for index in np.argsort(-confidences, kind="stable")
        ]

    def _is_intelligible(self, message: Message, dense: np.ndarray | None, sparse: sp.csr_matrix | None) -> bool:
        """Say whether there is anything to judge by.

        Neither an overlong message is, nor one of signs only that training has not seen by themselves: an embedding
        model has an opinion on any emoji, and the n-grams' hashes collide, but a shop that never saw it should ask.
        """
        assert self._head is not None
        text = message.get(TEXT) or ""
        if len(text) > self._config["max_characters"]:
            return False
        if not _has_words(text) and self._signs.isdisjoint(text):
            return False
        known = sparse is not None and bool(self._head.knows(sparse)[0])
        has_meaning = dense is not None and self._head.dense_weights is not None and bool(dense.any())
        return known or has_meaning

    def _has_features(self, message: Message) -> bool:
        return self._dense(message) is not None or self._sparse(message) is not None

    def _dense(self, message: Message) -> np.ndarray | None:
        """Give the sentence's dense features of all featurizers side by side, ``[1, dim]``."""
        _, sentence = message.get_dense_features(TEXT, self._config["featurizers"])
        return None if sentence is None else sentence.features

    def _sparse(self, message: Message) -> sp.csr_matrix | None:
        """Give the sentence's sparse features of all featurizers side by side, ``[1, width]``."""
        _, sentence = message.get_sparse_features(TEXT, self._config["featurizers"])
        return None if sentence is None else sentence.features.tocsr()


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _signs_alone(text: str) -> frozenset[str]:
    """Give the signs of a text that has nothing else."""
    return frozenset() if _has_words(text) else frozenset(text) - frozenset(" ")


def _stack_dense(rows: list[np.ndarray | None]) -> np.ndarray | None:
    """Stack rows as ``[n, dim]``, zeros for a missing one; None if all are missing."""
    width = _common_width([row for row in rows if row is not None], "dense")
    if width is None:
        return None
    return np.concatenate([np.zeros((1, width), np.float32) if row is None else row for row in rows])


def _stack_sparse(rows: list[sp.csr_matrix | None]) -> sp.csr_matrix | None:
    """Stack rows as ``[n, width]``, empty ones for missing ones; None if all are missing."""
    width = _common_width([row for row in rows if row is not None], "sparse")
    if width is None:
        return None
    return sp.vstack([sp.csr_matrix((1, width)) if row is None else row for row in rows], format="csr")


def _common_width(rows: list[Any], kind: str) -> int | None:
    widths = {row.shape[1] for row in rows}
    if len(widths) > 1:
        raise IntentFeaturesError(
            f"The examples have {kind} features of different widths ({sorted(widths)}): a featurizer leaves some out."
        )
    return widths.pop() if widths else None
