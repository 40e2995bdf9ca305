"""Qwen3-Reranker in a server: vLLM, infinity, Jina (``/v1/rerank``), Text Embeddings Inference (``/rerank``).

Whose work the prompt is differs between servers. vLLM, given the original weights as a classifier (``hf_overrides``
with ``Qwen3ForSequenceClassification``), joins query and document as they come: its documentation has the client send
the one behind the prompt's beginning and the other before its end, ``template: client``. With the chat template that
it brings along it words the prompt itself, ``template: server``; the instruction is then the server's own.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from kefu.errors import ModelError, RemoteModelError
from kefu.models.model_server import ModelServer, in_order, versioned_endpoint
from kefu.models.rerank_prompt import AFTER, BEFORE, document_side, query_side
from kefu.models.reranker_base import BatchedReranker
from kefu.protocols import RerankerIdentity
from kefu.settings import OFF, RerankerSettings

_PROBE = "hello"
_ROUNDING = 1e-4  # that a probability may be out of bounds


class RemoteReranker(BatchedReranker):
    """Asks a server for scores; nothing that comes back is believed unchecked."""

    def __init__(self, settings: RerankerSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings)
        if settings.model == OFF:
            raise ModelError("The reranker has a `url`, but `model` is off: give the name it is known by there.")
        if settings.template == "server" and settings.instruction:
            raise ModelError(
                "`instruction` is for `template: client`; with `template: server` the server words the prompt. Remove "
                "one of them."
            )
        self._server = ModelServer(_endpoint(settings), settings, clock=clock)

    def _load(self) -> RerankerIdentity:
        self._score_batch(_PROBE, [_PROBE], _PROBE)
        # The weights are out of sight: the name under which the server knows them has to stand for them.
        return RerankerIdentity(name=self.settings.model, fingerprint=f"remote:{self.settings.model}")

    def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
        # Too long a prompt is refused by some servers and cut by others, perhaps at its end.
        query = shortened(query, self.settings.max_length / 2)
        room = self.settings.max_length - _tokens(BEFORE + query_side(query, instruction) + AFTER).sum()
        documents = [shortened(document, room) for document in documents]
        if self.settings.template == "client":
            query = BEFORE + query_side(query, instruction)
            documents = [document_side(document) + AFTER for document in documents]
        return _scores(self.settings.api, self._server.post(self._body(query, documents)), len(documents))

    def _body(self, query: str, documents: list[str]) -> dict[str, Any]:
        if self.settings.api == "jina":
            return {"model": self.settings.model, "query": query, "documents": documents, "top_n": len(documents)}
        # A server that cuts would take the prompt's end, and score something else without a word.
        return {"query": query, "texts": documents, "truncate": self.settings.template == "server"}


def _endpoint(settings: RerankerSettings) -> str:
    url = settings.url or ""
    if settings.api == "jina" or url.rstrip("/").endswith("/rerank"):
        return versioned_endpoint(url, "rerank")
    return f"{url.rstrip('/')}/rerank"


def _scores(api: str, answer: Any, asked: int) -> np.ndarray:
    """Check count, order and range of an answer, and give its scores in the order of the request."""
    if api == "jina":
        values = in_order(answer.get("results") if isinstance(answer, dict) else None, "relevance_score", asked)
    else:
        values = in_order(answer, "score", asked)
    try:
        scores = np.array(values, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise RemoteModelError("The reranking server's scores are not numbers.") from error
    if scores.ndim != 1 or not np.isfinite(scores).all():
        raise RemoteModelError("The reranking server gave a score that is not a finite number.")
    if scores.min() < -_ROUNDING or scores.max() > 1 + _ROUNDING:
        worst = scores[np.abs(scores - 0.5).argmax()]
        raise RemoteModelError(
            f"The reranking server's scores are not between 0 and 1; one is {worst:g}. It gives logits where "
            "probabilities are needed: have it apply the sigmoid."
        )
    return scores.clip(0, 1)


def shortened(text: str, tokens: float) -> str:
    """Cut the end off a text that may have more tokens than so many: a guess, since the tokenizer is the server's."""
    return text[: int(np.searchsorted(_tokens(text).cumsum(), tokens, side="right"))]


def _tokens(text: str) -> np.ndarray:
    """Guess each character's share of a token, ``float64[len(text)]``, on the high side.

    Qwen's tokenizers make one token of about four Latin letters, of each digit, of less than one and a half Chinese
    characters, and up to four of a character outside the basic plane.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    is_letter = ((codes | 0x20) - ord("a") < 26) | (codes == ord(" "))
    return np.select([is_letter, codes < 0x10000], [1 / 3, 1.0], 4.0)
