"""Hard negatives for the embedder: texts of other groups that the student itself takes for near.

At intervals the student embeds a sample of every group and finds, for each text, what lies nearest to it in other
groups of the kind (ANCE, Xiong et al. 2021). Two groups may share a meaning that their names do not tell, so what lies
too near is no negative: nearer than a share of how near the text's own group is (positive-aware mining, NV-Retriever,
Moreira et al. 2024).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sentences import Corpus

# MultiDoGO is left out: its labels stand for turns of a conversation, and the same words are found under several.
KINDS = ("topic", "intent", "clinc", "bitext")
EVERY = 600  # steps between two searches
EACH = 48  # texts of a group that are embedded, at most
KEPT = 8  # nearest texts of each, of which a step draws one
TOO_NEAR = 0.95  # of the mean likeness to the own group: NV-Retriever's share
_TOGETHER = 1024  # rows of one product
_NONE = -1
Embed = Callable[[list[str]], np.ndarray]
"""Texts to ``float32[n, d]`` with rows of length 1."""


@dataclass(frozen=True)
class Mined:
    """A text that is near to another one, and the group that it is of."""

    kind: str
    name: str
    text: str


class Miner:
    """The nearest negatives of the groups' texts; what was found last is part of a run's state."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._texts: list[Mined] = []
        self._kinds: list[slice] = []
        self._group: dict[tuple[str, str], range] = {}
        rng = random.Random(seed)
        for kind in KINDS:
            start = len(self._texts)
            for name, texts in corpus.groups[kind].items():
                said = corpus.groups["topic-said"].get(name, []) if kind == "topic" else []
                first = len(self._texts)
                self._texts += [Mined(kind, name, text) for text in _sample(texts, said, rng)]
                self._group[kind, name] = range(first, len(self._texts))
            self._kinds.append(slice(start, len(self._texts)))
        self._row = {text: row for row, text in enumerate(self._texts)}
        self._of = np.repeat(np.arange(len(self._group)), [len(rows) for rows in self._group.values()])
        self._found = np.full((len(self._texts), KEPT), _NONE, dtype=np.int32)
        self._steps = 0

    def step(self, embed: Embed) -> None:
        """Count a step, and search anew where it is time to."""
        if self._steps % EVERY == 0:
            vectors = embed([item.text for item in self._texts])
            for rows in self._kinds:
                found = nearest_apart(vectors[rows], self._of[rows])
                self._found[rows] = np.where(found == _NONE, _NONE, found + rows.start)
        self._steps += 1

    def near(self, kind: str, name: str, text: str, rng: random.Random) -> Mined | None:
        """Draw one of the nearest negatives of a text, or of another of its group where it is not in the sample.

        Nothing is near before the first search, nor to kinds and groups that are not searched.
        """
        if (group := self._group.get((kind, name))) is None:
            return None
        row = self._row.get(Mined(kind, name, text))
        found = self._found[rng.choice(group) if row is None else row]
        found = found[found != _NONE]
        return self._texts[rng.choice(found.tolist())] if len(found) else None

    def state_dict(self) -> dict[str, Any]:
        """Give what an interrupted run needs to go on."""
        return {"steps": self._steps, "found": torch.from_numpy(self._found.copy())}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self._steps, self._found = state["steps"], state["found"].cpu().numpy()


def nearest_apart(vectors: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Give the rows nearest to each row among those of other groups that are not too near, -1 where none is.

    :param vectors: ``float32[n, d]``, rows of length 1.
    :param of: the group of each row, ``int64[n]``.
    :returns: ``int32[n, KEPT]``.
    """
    limits = TOO_NEAR * own_likeness(vectors, of)
    found = np.full((len(vectors), KEPT), _NONE, dtype=np.int32)
    count = min(KEPT, len(vectors))
    for start in range(0, len(vectors), _TOGETHER):
        rows = slice(start, start + _TOGETHER)
        likeness = vectors[rows] @ vectors.T
        likeness[(of[rows, None] == of) | (likeness > limits[rows, None])] = -np.inf
        best = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        there = np.isfinite(np.take_along_axis(likeness, best, axis=1))
        found[rows, :count] = np.where(there, best, _NONE)
    return found


def own_likeness(vectors: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Give the mean likeness of each row to the others of its group, ``float32[n]``; 1 where there is no other."""
    sums = np.zeros((int(of.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, of, vectors)
    others = np.bincount(of, minlength=len(sums))[of] - 1
    to_all = np.einsum("nd,nd->n", vectors, sums[of])
    itself = np.einsum("nd,nd->n", vectors, vectors)
    return np.where(others > 0, (to_all - itself) / np.maximum(others, 1), 1).astype(np.float32)


def _sample(texts: list[str], said: list[str], rng: random.Random) -> list[str]:
    """Draw from a group: what is written in full, the rest from what templates say."""
    first = rng.sample(texts, min(EACH, len(texts)))
    more = sorted(set(said) - set(first))
    return list(dict.fromkeys([*first, *rng.sample(more, min(EACH - len(first), len(more)))]))
