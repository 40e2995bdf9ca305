"""Character n-grams as sparse sentence features, across Chinese without spaces too.

Rasa's CountVectorsFeaturizer takes n-grams of the tokens joined by spaces: with one token per Chinese character, no
n-gram of it would span two characters.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu import entities as kefu_entities
from kefu import text as kefu_text
from kefu.components import messages as reading
from kefu.components.fingerprints import source_fingerprint
from kefu.models import ngram_counts


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class CharNgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Hashes n-grams into ``n_features`` columns of counts; it learns nothing, so there is nothing to store."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Need tokens, which tell the texts that have something in them."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Need scikit-learn for hashing."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the defaults: n-grams of 1 to 4 characters in 2^18 columns."""
        return {
            **SparseFeaturizer.get_default_config(),
            "min_ngram": ngram_counts.SHORTEST,
            "max_ngram": ngram_counts.LONGEST,
            "n_features": ngram_counts.COLUMNS,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse lengths that make no n-gram.

        :raises InvalidConfigException: unless 1 <= min_ngram <= max_ngram and n_features >= 1.
        """
        shortest, longest, columns = config["min_ngram"], config["max_ngram"], config["n_features"]
        if not (1 <= shortest <= longest and columns >= 1):
            raise InvalidConfigException(
                "CharNgramFeaturizer needs 1 <= min_ngram <= max_ngram and n_features >= 1; "
                f"they are {shortest}, {longest} and {columns}."
            )

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make a change of normalisation or n-grams train again."""
        import kefu.components.char_ngrams as this_module

        return source_fingerprint(kefu_text, kefu_entities, reading, ngram_counts, this_module)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CharNgramFeaturizer":
        """Make the component (called by Rasa)."""
        return cls(config, execution_context.node_name)

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._count = ngram_counts.ngram_counter(config["min_ngram"], config["max_ngram"], config["n_features"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give features to all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a row of counts, ``[1, n_features]``, to each message; a payload's row is empty."""
        places = list(reading.readable_texts(messages))
        if places:
            counts = self._count(["" if kefu_text.is_payload(place.text) else place.gist for place in places])
            for row, place in enumerate(places):
                self.add_features_to_message(None, counts[row], place.attribute, place.message)
        return messages
