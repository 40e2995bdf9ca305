"""Dense features of a Qwen3 embedding model, in process or in a server."""

import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu import entities as kefu_entities
from kefu import text as kefu_text
from kefu.components import messages as reading
from kefu.components.fingerprints import source_fingerprint
from kefu.components.progress import Report, progress_bar
from kefu.errors import ModelError, SettingsError
from kefu.models import (
    base,
    fake_embedder,
    loader,
    onnx_embedder,
    onnx_engine,
    onnx_graph,
    prompts,
    text_tokens,
    token_pooling,
    transformers_embedder,
    transformers_engine,
    vectors,
)
from kefu.protocols import Vectors
from kefu.settings import EmbeddingSettings, load_settings, parse_section

logger = logging.getLogger(__name__)

_IDENTITY_FILE = "identity.json"
_ENGINE_OPTIONS = (
    "model",
    "url",
    "engine",
    "onnx_file",
    "dimension",
    "device",
    "dtype",
    "attention",
    "max_length",
    "batch_size",
    "threads",
    "timeout",
    "retries",
    "cache_size",
)


class EmbeddingModelError(ModelError, RasaException):
    """A :class:`~kefu.errors.ModelError` that Rasa prints as one line instead of wrapping it."""


@dataclass(frozen=True)
class _Identity:
    """What trained vectors depend on; ``prompt`` is what stood before each text."""

    name: str
    fingerprint: str
    dim: int
    prompt: str


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Qwen3Featurizer(DenseFeaturizer, GraphComponent):
    """Adds one vector of length 1 per message and, by option, one per token.

    An option left at None comes from the section ``embedding`` of ``endpoints.yml``. Training keeps which model it
    used; a trained model refuses to load with another one.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Need tokens, which tell the texts that have something in them."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the defaults; what the options mean is said at :class:`kefu.settings.EmbeddingSettings`."""
        return {
            **DenseFeaturizer.get_default_config(),
            **dict.fromkeys(_ENGINE_OPTIONS),
            "instruction": prompts.INTENT,  # name of a task in kefu.models.prompts, or an instruction in words
            "token_features": False,  # one vector per token too; in process only
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse options that make no sense before anything is trained.

        :raises InvalidConfigException: with the option, its value and what it may be.
        """
        settings = _embedding_settings(config)
        if config["token_features"] and settings.url:
            raise InvalidConfigException(
                "Qwen3Featurizer: `token_features` needs the model in process; a server gives sentence vectors only. "
                "Remove `url`, or set `token_features: false`."
            )

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make another model, or other code of features, train again.

        :raises EmbeddingModelError: if there is no such model.
        """
        settings = _embedding_settings(config)
        code = (
            base,
            fake_embedder,
            onnx_embedder,
            onnx_engine,
            onnx_graph,
            prompts,
            text_tokens,
            token_pooling,
            transformers_embedder,
            transformers_engine,
            vectors,
            kefu_text,
            kefu_entities,
            reading,
        )
        try:
            model = loader.model_fingerprint(settings)
        except ModelError as error:
            raise EmbeddingModelError(str(error)) from error
        return f"{model}:{settings.dimension}:{source_fingerprint(*code)}"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Qwen3Featurizer":
        """Make a component to train (called by Rasa)."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Qwen3Featurizer":
        """Load the model that training used (called by Rasa).

        :raises EmbeddingModelError: if the model is another one by now, or cannot be loaded.
        """
        component = cls(config, execution_context.node_name, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                trained = _read_identity(folder)
        except ValueError as error:  # what Rasa raises for a resource that is not there
            raise EmbeddingModelError(
                "The trained model does not say which embedding model it was made with. Train again: "
                "kefu train --force"
            ) from error
        component._refuse_other_model(trained)
        return component

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._instruction: str = config["instruction"]
        self._token_features: bool = config["token_features"]
        try:
            self._embedder = loader.shared_embedder(_embedding_settings(config))
        except ModelError as error:
            raise EmbeddingModelError(str(error)) from error
        if self._token_features and not hasattr(self._embedder, "embed_tokens"):
            raise InvalidConfigException(
                f"Qwen3Featurizer: the model {self._embedder.settings.model!r} has no vectors of tokens. "
                "Set `token_features: false`."
            )

    def train(self, training_data: TrainingData) -> Resource:
        """Keep which model the features come from; the model itself is not trained."""
        with self._model_storage.write_to(self._resource) as folder:
            content = json.dumps(asdict(self._identity()), ensure_ascii=False, indent=1)
            (folder / _IDENTITY_FILE).write_text(content, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give features to all examples, in batches of similar length."""
        with progress_bar("Embedding the training data") as report:
            self._featurize(training_data.training_examples, report)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add ``float32[1, dim]`` to each message, and ``float32[tokens, dim]`` by option.

        Payloads and texts without anything readable get zeros: they are not embedded, yet other components find the
        blocks they expect. So do all texts while the model's server is away: the sparse features still tell much.
        """
        try:
            self._featurize(messages, None)
        except EmbeddingModelError as error:
            logger.warning("Messages are understood without the embedding model for now: %s", error)
            for place in reading.readable_texts(messages):
                self._add_rows(place, np.zeros(self._dim, dtype=np.float32))
        return messages

    def _featurize(self, messages: list[Message], report: Report | None) -> None:
        places = list(reading.readable_texts(messages))
        wanted = [place for place in places if _has_words(place.text)]
        try:
            rows = self._embedder.embed([place.gist for place in wanted], task=self._instruction, progress=report)
        except ModelError as error:
            raise EmbeddingModelError(str(error)) from error
        by_gist = {place.gist: row for place, row in zip(wanted, rows, strict=True)}
        nothing = np.zeros(self._dim, dtype=np.float32)
        for place in places:
            self._add_rows(place, by_gist.get(place.gist, nothing))

    def _add_rows(self, place: reading.Readable, sentence: Vectors) -> None:
        sequence = self._token_rows(place) if self._token_features else None
        self.add_features_to_message(sequence, sentence[None], place.attribute, place.message)

    def _token_rows(self, place: reading.Readable) -> Vectors:
        """Give each of Rasa's tokens the mean of the model's tokens that overlap it."""
        if not _has_words(place.text):
            return np.zeros((len(place.tokens), self._dim), dtype=np.float32)
        rows, row_places = self._embedder.embed_tokens(place.text)  # type: ignore[attr-defined]
        spans = [(token.start, token.end) for token in place.tokens]
        return token_pooling.pool_tokens(rows, row_places, token_pooling.places_in_normalised(place.text, spans))

    @property
    def _dim(self) -> int:
        return self._identity().dim

    def _identity(self) -> _Identity:
        try:
            model = self._embedder.identity()
        except ModelError as error:
            raise EmbeddingModelError(str(error)) from error
        prompt = prompts.query_prefix(self._instruction, self._embedder.prompts)
        return _Identity(model.name, model.fingerprint, model.dim, prompt)

    def _refuse_other_model(self, trained: _Identity) -> None:
        now = self._identity()
        if replace(now, name=trained.name) != trained:  # the same weights may lie elsewhere today
            differs = [item.name for item in fields(now) if getattr(now, item.name) != getattr(trained, item.name)]
            raise EmbeddingModelError(
                f"The model was trained with the embedding model {trained.name} ({trained.fingerprint}, {trained.dim} "
                f"dimensions), but now it is {now.name} ({now.fingerprint}, {now.dim} dimensions); different: "
                f"{', '.join(differs)}. Train again: kefu train --force"
            )


def _has_words(text: str) -> bool:
    return not kefu_text.is_payload(text) and not kefu_text.is_blank(text)


def _embedding_settings(config: dict[str, Any]) -> EmbeddingSettings:
    """Lay the component's own options over those of ``endpoints.yml``."""
    own = {name: config[name] for name in _ENGINE_OPTIONS if config.get(name) is not None}
    try:
        parse_section(EmbeddingSettings, own, "Qwen3Featurizer")
        common = load_settings().embedding
    except SettingsError as error:
        raise InvalidConfigException(str(error)) from error
    if "model" in own:
        # Who names a model says all of where it is: an address or a dimension for another one must not slip in.
        common = replace(common, url=None, dimension=None, onnx_file=None)
    return replace(common, **own)


def _read_identity(folder: Path) -> _Identity:
    try:
        return _Identity(**json.loads((folder / _IDENTITY_FILE).read_text(encoding="utf-8")))
    except (OSError, TypeError, json.JSONDecodeError) as error:
        raise EmbeddingModelError(
            "The trained model's note on its embedding model cannot be read. Train again: kefu train --force"
        ) from error
