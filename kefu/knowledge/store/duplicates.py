"""Pairs of entries that ask nearly the same: by meaning, or by letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kefu.knowledge.entries import Entry, text_hash
from kefu.knowledge.store.text_vectors import Embedding, Progress
from kefu.models.ngram_counts import ngram_counter
from kefu.text import Language

NEAR_IN_MEANING = 0.92
NEAR_IN_LETTERS = 0.80
_BLOCK = 1024  # rows compared with all others at a time


@dataclass(frozen=True)
class Pair:
    """Two entries, the questions of theirs that are nearest, and how near: cosines by meaning and by letters."""

    first: str
    second: str
    meaning: float
    letters: float
    questions: tuple[str, str]


@dataclass(frozen=True)
class _Row:
    entry_id: str
    language: Language
    text: str


def find_duplicates(
    entries: Sequence[Entry],
    embedding: Embedding,
    meaning: float = NEAR_IN_MEANING,
    letters: float = NEAR_IN_LETTERS,
    progress: Progress | None = None,
) -> list[Pair]:
    """List the pairs with questions in one language that are at least so near in either way, the nearest first.

    :param entries: with their facts filled in.
    """
    rows = [
        _Row(entry.id, language, text)
        for entry in entries
        for language, wording in entry.wordings.items()
        for text in wording.questions
    ]
    if not rows:
        return []
    vectors = embedding.vectors_for([row.text for row in rows], progress)
    dense = np.stack([vectors.rows[text_hash(row.text)] for row in rows])
    sparse = _letters([row.text for row in rows])
    best: dict[tuple[str, str], Pair] = {}
    for pair in _near(rows, dense, sparse, meaning, letters):
        key = (pair.first, pair.second)
        if key not in best or _nearness(pair) > _nearness(best[key]):
            best[key] = pair
    return sorted(best.values(), key=lambda pair: (-_nearness(pair), pair.first, pair.second))


def _near(rows: list[_Row], dense: Any, sparse: Any, meaning: float, letters: float) -> Iterator[Pair]:
    owners = np.unique([row.entry_id for row in rows], return_inverse=True)[1]
    languages = np.array([row.language for row in rows])
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        by_meaning = dense[part] @ dense[start:].T
        by_letters = (sparse[part] @ sparse[start:].T).toarray()
        others = (owners[part, None] != owners[None, start:]) & (languages[part, None] == languages[None, start:])
        near = ((by_meaning >= meaning) | (by_letters >= letters)) & others
        for one, other in zip(*np.nonzero(np.triu(near)), strict=True):
            found = sorted((rows[start + one], rows[start + other]), key=lambda row: row.entry_id)
            scores = round(float(by_meaning[one, other]), 3), round(float(by_letters[one, other]), 3)
            yield Pair(found[0].entry_id, found[1].entry_id, *scores, (found[0].text, found[1].text))


def _nearness(pair: Pair) -> float:
    return max(pair.meaning, pair.letters)


def _letters(texts: list[str]) -> Any:
    """Give the n-grams of texts as sparse rows of length 1."""
    from sklearn.preprocessing import normalize

    return normalize(ngram_counter(2, 3)(texts).tocsr())
