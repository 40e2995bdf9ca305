"""What all rerankers share: instruction, batches, checks. A subclass only scores one batch."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from kefu.errors import ModelError
from kefu.models.load_once import LoadedOnce
from kefu.models.rerank_prompt import INSTRUCTION
from kefu.models.vectors import batches_by_length
from kefu.protocols import RerankerIdentity, Scores
from kefu.settings import RerankerSettings
from kefu.text import normalise

_KNOWN = {"api": ("jina", "tei"), "template": ("client", "server")}


class BatchedReranker(LoadedOnce[RerankerIdentity]):
    """A :class:`~kefu.protocols.Reranker` over one batch at a time."""

    def __init__(self, settings: RerankerSettings) -> None:
        super().__init__()
        for option, known in _KNOWN.items():
            if (value := getattr(settings, option)) not in known:
                raise ModelError(f"`{option}` must be one of {', '.join(known)}; it is {value!r}.")
        self.settings = settings

    @abstractmethod
    def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
        """Score a few documents, ``float[n]`` in [0, 1]."""

    def score(self, query: str, documents: Sequence[str], *, instruction: str | None = None) -> Scores:
        """Give the probability that each document answers the query, ``float32[n]`` in [0, 1], in the order given.

        Texts are read in the form in which they are embedded (:func:`kefu.text.normalise`).

        :param instruction: what an answer is, in words; None: that of the settings, or else the published one.
        :raises ModelError: if the model cannot be loaded or gives what is no score.
        """
        self.warm_up()
        asked = normalise(query)
        texts = [normalise(document) for document in documents]
        wanted = instruction or self.settings.instruction or INSTRUCTION
        scores = np.zeros(len(texts), dtype=np.float32)
        for positions in batches_by_length(texts, self.settings.batch_size):
            scores[positions] = self._score_batch(asked, [texts[position] for position in positions], wanted)
        if not np.isfinite(scores).all():
            raise ModelError("The model gave a score that is not finite; float16 does that: use bfloat16 or float32.")
        return scores


def share_of_yes(logits: np.ndarray) -> Scores:
    """Turn the logits of ``no`` and ``yes``, ``float[n, 2]``, into the softmax's share of ``yes``, ``float32[n]``."""
    no, yes = logits.astype(np.float64).T
    return np.exp(-np.logaddexp(0, no - yes)).astype(np.float32)


def answer_logits(scores: np.ndarray) -> np.ndarray:
    """Put a classifier's one logit, ``float[n]``, in the place of ``yes``: of the two only the difference counts."""
    return np.stack([np.zeros_like(scores), scores], axis=1)
