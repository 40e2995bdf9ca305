"""Tokens of Chinese and English text alike: one per CJK character, runs of Latin letters, runs of digits."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from kefu import text as kefu_text
from kefu.components import messages
from kefu.components.fingerprints import source_fingerprint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Qwen3Tokenizer(Tokenizer):
    """Cuts messages for any ``language`` of the project; names of intents are split as by Rasa's tokenizers."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give Rasa's usual options of a tokenizer."""
        return {
            "intent_tokenization_flag": False,  # whether to split names of intents
            "intent_split_symbol": "_",
            "token_pattern": None,  # cuts tokens further
            "prefix_separator_symbol": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make a change of the rules of tokens train again."""
        return source_fingerprint(kefu_text, messages)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut one text; offsets are those of the text as it came, while full-width forms are read as narrow ones."""
        text = message.get(attribute)[: messages.READ_AT_MOST]
        tokens = [Token(span.text, span.start, span.end) for span in kefu_text.tokens(text)]
        return self._apply_token_pattern(tokens)
