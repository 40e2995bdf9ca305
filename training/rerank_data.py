"""What the reranker learns from: a question, a document that meets it, and documents that are near but do not (hard
negatives mined with a dense retriever, Xiong et al. 2021).

Help entries of this repository teach it the shop's own topics. So that it reads, and does not only remember those, two
more kinds come in: a sentence with its translation, and an utterance with another one of the same label.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from noise import Noise, is_chinese
from sentences import ROOT, Corpus

from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.recall.reranking import LONGEST_DOCUMENT, document
from kefu.text import LANGUAGES

SHARES = {"entry": 0.65, "translation": 0.2, "label": 0.15}
CROSSED = 0.15  # of the questions on entries: asked in one language, answered in the other
LABELS = ("clinc", "bitext", "intent")
NEIGHBOURS = 24
_KNOWLEDGE = ROOT / "data" / "knowledge"
_POLICY = ROOT / "data" / "shop" / "policy.yml"
Embed = Callable[[list[str]], np.ndarray]
"""Texts to ``float32[n, d]`` with rows of length 1: what says which documents are near."""


@dataclass(frozen=True)
class Question:
    """A question as typed, and the documents to judge, the right one first."""

    query: str
    documents: list[str]


class RerankSampler:
    """Draws questions with hard negatives: what the embedder, whose order is to be bettered, takes for near."""

    def __init__(self, corpus: Corpus, embed: Embed, noise: Noise, rng: random.Random) -> None:
        self._rng, self._noise = rng, noise
        self._groups, self._held_out = corpus.groups, corpus.held_out
        self._draw = {"entry": self._entry, "translation": self._translation, "label": self._label}
        entries = load_knowledge(_KNOWLEDGE, _POLICY).entries
        self._names = sorted(set(corpus.groups["topic"]) & set(entries))
        # Documents of the wording that is nearest to the question, as search could give them, were tried: after half
        # an hour more of training with them it judged worse (first of twenty right: 0.87 instead of 0.90, on dev).
        self._documents = [
            tuple(
                document(entries[name].wordings[side].question, entries[name].wordings[side].answer, side)
                for side in LANGUAGES
            )
            for name in self._names
        ]
        centres = [embed(corpus.groups["topic"][name]).mean(0) for name in self._names]
        self._near_entries = _nearest(np.stack(centres), 15)
        self._pairs = list(
            dict.fromkeys(
                (item.text, item.target)
                for item in corpus.sentences
                if item.source in ("tatoeba-zh", "service-zh", "i18n-zh") and len(item.text) < LONGEST_DOCUMENT
            )
        )
        self._near_pairs = _nearest(embed([target for _, target in self._pairs]), NEIGHBOURS)
        self._labels = [(kind, name) for kind in LABELS for name in sorted(corpus.groups.get(kind, {}))]
        self._near_labels = _nearest(
            np.stack([embed(corpus.groups[kind][name][:40]).mean(0) for kind, name in self._labels]), 15
        )

    def question(self, negatives: int) -> Question:
        """Give a question with one right document and so many wrong ones."""
        (kind,) = self._rng.choices(list(SHARES), list(SHARES.values()))
        query, documents = self._draw[kind](negatives)
        return Question(self._as_typed(query), documents)

    def _entry(self, negatives: int) -> tuple[str, list[str]]:
        number = self._rng.randrange(len(self._names))
        name = self._names[number]
        own, said = self._groups["topic"][name], self._groups["topic-said"].get(name, [])
        query = self._rng.choice(said if said and self._rng.random() < 0.5 else own)
        side = int(is_chinese(query) == (self._rng.random() < CROSSED))
        wrong = self._rng.sample(list(self._near_entries[number]), negatives - 1)
        wrong.append(self._rng.choice([other for other in range(len(self._names)) if other != number]))
        return query, [self._documents[one][side] for one in (number, *wrong)]

    def _translation(self, negatives: int) -> tuple[str, list[str]]:
        number = self._rng.randrange(len(self._pairs))
        side = self._rng.randrange(2)
        query, right = self._pairs[number][side], self._pairs[number][1 - side]
        others = [self._pairs[one] for one in self._near_pairs[number]]
        pool = dict.fromkeys(pair[1 - side] for pair in others if query not in pair and right not in pair)
        wrong = self._rng.sample(list(pool), min(negatives, len(pool)))
        while len(wrong) < negatives:
            wrong.append(self._rng.choice(self._pairs)[1 - side])
        return query, [right, *wrong]

    def _label(self, negatives: int) -> tuple[str, list[str]]:
        number = self._rng.randrange(len(self._labels))
        kind, name = self._labels[number]
        query, right = self._rng.sample(self._groups[kind][name], 2)
        near = [self._labels[one] for one in self._near_labels[number]]
        # Labels of different sets may mean the same: they are no negatives for one another.
        wrong = [other for other in near if other[0] == kind][:negatives]
        while len(wrong) < negatives:
            wrong.append(self._rng.choice([other for other in self._labels if other[0] == kind and other[1] != name]))
        return query, [right, *(self._rng.choice(self._groups[kind][label]) for kind, label in wrong)]

    def _as_typed(self, query: str) -> str:
        clean = query
        if self._rng.random() < 0.2 and len(query) > 3:
            query = self._noise.dress(query)
        if self._rng.random() < 0.15:
            query = self._noise.mix(query)
        query = self._noise.slip(query) if self._rng.random() < 0.4 else query
        return clean if self._held_out.near(query) else query


def _nearest(vectors: np.ndarray, count: int) -> np.ndarray:
    """Give the rows most alike to each row, itself left out, ``int64[n, count]``; in pieces that fit into memory."""
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = np.empty((len(vectors), count), dtype=np.int64)
    for start in range(0, len(vectors), 2048):
        likeness = vectors[start : start + 2048] @ vectors.T
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -2
        found[start : start + 2048] = np.argpartition(-likeness, count, axis=1)[:, :count]
    return found
