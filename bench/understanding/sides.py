"""The sides that are compared: character n-grams, the vectors of either embedder, and each with n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kefu.entities import generalise
from kefu.models.ngram_counts import ngram_counter
from kefu.models.prompts import INTENT
from understanding.encoders import Encoder
from understanding.tables import Comparison

NGRAMS, MINILM, KEFU = "n-grams", "MiniLM", "Kefu"
MINILM_BOTH, KEFU_BOTH = "MiniLM + n-grams", "Kefu + n-grams"
AHEAD_OF_NGRAMS: Comparison = (KEFU_BOTH, NGRAMS)
AHEAD_OF_MINILM: Comparison = (KEFU_BOTH, MINILM_BOTH)
COMPARISONS = (AHEAD_OF_NGRAMS, AHEAD_OF_MINILM)


@dataclass(frozen=True)
class Side:
    """What a side judges by; ``instructed`` puts the task's instruction before what a customer says."""

    name: str
    encoder: Encoder | None = None
    letters: bool = False
    instructed: bool = True

    def features(self, texts: Sequence[str]) -> tuple[np.ndarray | None, sp.csr_matrix | None]:
        """Give vectors ``[n, dim]`` and counts of n-grams ``[n, columns]`` of messages, as the product does.

        Which order, which e-mail address makes no difference: every side reads the message without them.
        """
        gists = [generalise(text) for text in texts]
        dense = self.encoder.embed(gists, task=self.task(INTENT)) if self.encoder else None
        return dense, ngram_counter()(gists) if self.letters else None

    def task(self, name: str) -> str | None:
        """Give the instruction's name, or None for a side that goes without."""
        return name if self.instructed else None


def all_sides(kefu: Encoder, minilm: Encoder | None) -> list[Side]:
    """List the sides, those of MiniLM only if it is there."""
    sides = [Side(NGRAMS, letters=True)]
    if minilm:
        sides += [Side(MINILM, minilm), Side(MINILM_BOTH, minilm, letters=True)]
    return [*sides, Side(KEFU, kefu), Side(KEFU_BOTH, kefu, letters=True)]
