"""A deterministic reranker without a model, for tests: documents that share characters with the query score higher."""

import numpy as np

from kefu.models.reranker_base import BatchedReranker
from kefu.protocols import RerankerIdentity
from kefu.settings import RerankerSettings

_LENGTHS = (1, 2, 3)
_WEIGHT = 0.95  # of the query; the instruction has the rest


class FakeReranker(BatchedReranker):
    """Scores by the share of the query's character n-grams that a document has, and a little by the instruction's."""

    def __init__(self, settings: RerankerSettings | None = None) -> None:
        super().__init__(settings or RerankerSettings(model="fake"))
        self.batches: list[int] = []  # sizes of the batches that reached the "model"

    def _load(self) -> RerankerIdentity:
        return RerankerIdentity(name="fake", fingerprint="fake")

    def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
        self.batches.append(len(documents))
        asked, wanted = _grams(query), _grams(instruction)
        return np.array(
            [
                _WEIGHT * _share(asked, grams) + (1 - _WEIGHT) * _share(wanted, grams)
                for grams in map(_grams, documents)
            ]
        )


def _grams(text: str) -> set[str]:
    lowered = text.lower()
    return {lowered[at : at + length] for length in _LENGTHS for at in range(len(lowered) - length + 1)}


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0
