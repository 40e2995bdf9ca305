"""A query and documents as the token numbers of Qwen3-Reranker's prompt.

As the model card's code does it: the body is tokenised by itself, cut at its end (where the document is), and laid
between the tokens of the parts that always stand there, so that no document pushes the question out of the prompt.
"""

from collections.abc import Callable, Sequence

from kefu.errors import ModelError
from kefu.models.rerank_prompt import AFTER, ANSWERS, BEFORE, body


class PromptTokens:
    """Lays out prompts with one tokenizer; safe between threads if the tokenizer is."""

    def __init__(
        self,
        encode: Callable[[list[str]], list[list[int]]],
        token_id: Callable[[str], int | None],
        max_length: int,
    ) -> None:
        """Tokenise what always stands in a prompt.

        :param encode: gives the tokens of texts, without one that closes a text.
        :param token_id: gives the number of a token, or None.
        :param max_length: tokens of a prompt.
        :raises ModelError: if no room is left for a body, or ``yes`` and ``no`` are no tokens of the model.
        """
        self._encode = encode
        self._before, self._after = encode([BEFORE, AFTER])
        self._room = max_length - len(self._before) - len(self._after)
        if self._room < 1:
            raise ModelError(
                f"`max_length` is {max_length}, and the prompt alone has {max_length - self._room} tokens."
            )
        found = [number for answer in ANSWERS if (number := token_id(answer)) is not None]
        if len(found) != len(ANSWERS):
            raise ModelError(
                f"The model's vocabulary lacks one of {' and '.join(ANSWERS)}, whose logits are compared: it is no "
                "reranker of Qwen3-Reranker's kind."
            )
        self.answers = found
        """Numbers of the tokens ``no`` and ``yes``."""

    def rows(self, query: str, documents: Sequence[str], instruction: str) -> list[list[int]]:
        """Give the tokens of one prompt for each document."""
        bodies = self._encode([body(query, document, instruction) for document in documents])
        return [[*self._before, *ids[: self._room], *self._after] for ids in bodies]
