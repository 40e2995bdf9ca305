"""What the components share in reading messages: which texts count, and how much of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES, TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from kefu.entities import generalise
from kefu.text import is_payload

# Rasa has no limit of its own: a message of 2 MB would hold a server for seconds. No customer types so much.
READ_AT_MOST = 4000  # characters


@dataclass(frozen=True)
class Readable:
    """A text of a message that has tokens, so that features for it make sense."""

    message: Message
    attribute: str
    text: str
    tokens: list[Token]

    @property
    def gist(self) -> str:
        """The text as its meaning is judged: which order, which e-mail makes no difference to what is wanted."""
        return generalise(self.text)


def readable_texts(messages: list[Message]) -> Iterator[Readable]:
    """Yield the texts to give features to; like Rasa's own featurizers, pass over those without tokens."""
    for message in messages:
        for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
            text, tokens = message.get(attribute), message.get(TOKENS_NAMES[attribute])
            if isinstance(text, str) and tokens:
                yield Readable(message, attribute, text[:READ_AT_MOST], tokens)


def words_of(message: Message) -> str:
    """Give what the customer typed; nothing for a button's payload, which is not words."""
    text = message.get(TEXT) or ""
    return "" if is_payload(text) else text[:READ_AT_MOST]
