"""What the reranker learns from: a question, the help entry that answers it, and entries that are near but do not."""

import random
from dataclasses import dataclass

import numpy as np
from noise import Noise, is_chinese
from sentences import ROOT, Corpus

from kefu.knowledge.entries import load_knowledge

LONGEST_DOCUMENT = 48  # characters of Chinese; English gets three times as many. Fifty are to be judged in no time
_KNOWLEDGE = ROOT / "data" / "knowledge"
_POLICY = ROOT / "data" / "shop" / "policy.yml"


@dataclass(frozen=True)
class Question:
    """A question as typed, the documents to judge (the right one first), all in one language."""

    query: str
    documents: list[str]


def document(question: str, answer: str) -> str:
    """Word an entry as a document: its question and the beginning of its answer."""
    longest = LONGEST_DOCUMENT if is_chinese(question) else 3 * LONGEST_DOCUMENT
    return f"{question} {answer}"[:longest]


class RerankSampler:
    """Draws questions of the training topics with hard negatives by the embedder's likeness of topics."""

    def __init__(
        self, corpus: Corpus, likeness: np.ndarray, names: list[str], noise: Noise, rng: random.Random
    ) -> None:
        self._rng, self._noise, self._names = rng, noise, names
        self._near = np.argsort(-likeness, axis=1)[:, 1:16]
        self._by_kind = {
            name: (corpus.groups["topic"][name], corpus.groups["topic-said"].get(name, [])) for name in names
        }
        self._documents = {
            name: tuple(document(entry.wordings[side].question, entry.wordings[side].answer) for side in ("zh", "en"))
            for name, entry in load_knowledge(_KNOWLEDGE, _POLICY).entries.items()
        }

    def question(self, negatives: int) -> Question:
        """Give a question with one right document and so many wrong ones."""
        number = self._rng.randrange(len(self._names))
        name = self._names[number]
        own, said = self._by_kind[name]
        query = self._rng.choice(said if said and self._rng.random() < 0.5 else own)
        side = 0 if is_chinese(query) else 1
        if self._rng.random() < 0.2:
            query = self._noise.dress(query)
        if self._rng.random() < 0.15:
            query = self._noise.mix(query)
        if self._rng.random() < 0.4:
            query = self._noise.slip(query)
        near = self._rng.sample(list(self._near[number]), negatives - 1)
        wrong = [self._names[other] for other in near]
        wrong.append(self._rng.choice([other for other in self._names if other != name]))
        return Question(query, [self._documents[one][side] for one in (name, *wrong)])
