"""Likeness by letters: typos, model numbers and names, which a model of meaning blurs.

TF-IDF (Salton & Buckley 1988) over hashed pieces of words (Weinberger et al. 2009), so that a row comes or goes
without the others being touched.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.text import LANGUAGES, Language, normalise, tokens

_CJK_LENGTHS = (1, 2, 3)
_LATIN_LENGTHS = (3, 4)
_BUCKETS = 2**20  # for some hundred thousand pieces that differ; a piece that shares one is a little less rare


def pieces(text: str) -> list[str]:
    """Cut a text into the pieces that are compared: 1 to 3 characters of a run of Chinese, whole Latin words and
    numbers, and the pieces of 3 and 4 letters of each (its ends marked, so that a typo spares most of them)."""
    found: list[str] = []
    run, end = "", -1
    for token in tokens(normalise(text).lower()):
        if token.text.isascii() or len(token.text) > 1:
            if token.text[0].isalnum():
                found.append(token.text)
                found += _cut(f"<{token.text}>", _LATIN_LENGTHS)
        elif token.text.isalpha():
            if token.start != end:
                found += _cut(run, _CJK_LENGTHS)
                run = ""
            run, end = run + token.text, token.end
    return found + _cut(run, _CJK_LENGTHS)


def _cut(text: str, lengths: Sequence[int]) -> list[str]:
    return [text[at : at + length] for length in lengths for at in range(len(text) - length + 1)]


class Letters:
    """The pieces of every row, and how rare each is. Rows are known by their numbers; not safe between threads."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._vectorizer: Any = HashingVectorizer(
            analyzer=pieces, n_features=_BUCKETS, norm=None, alternate_sign=False, dtype=np.float32
        )
        self._rows: dict[int, tuple[NDArray[np.int32], NDArray[np.float32], Language | None]] = {}
        # In how many rows a piece occurs, and in how many of each language that tell something.
        self._seen = np.zeros(_BUCKETS, dtype=np.int32)
        self._known = {language: np.zeros(_BUCKETS, dtype=np.int32) for language in LANGUAGES}

    def put(self, rows: Sequence[tuple[int, str, Language]], *, known: bool = True) -> None:
        """Add rows (number, text, language); one that is there is replaced. ``known``: their pieces count as known."""
        self.drop(number for number, _, _ in rows)
        if not rows:
            return
        counts = self._vectorizer.transform([text for _, text, _ in rows]).tocsr()
        counts.sum_duplicates()
        ends = counts.indptr
        for at, (number, _, language) in enumerate(rows):
            buckets = counts.indices[ends[at] : ends[at + 1]].astype(np.int32)
            times = counts.data[ends[at] : ends[at + 1]]
            self._rows[number] = buckets, (1 + np.log(times)).astype(np.float32), language if known else None
            self._seen[buckets] += 1
            if known:
                self._known[language][buckets] += 1

    def drop(self, numbers: Iterable[int]) -> None:
        """Take rows away; one that is not there is none to take."""
        for number in numbers:
            row = self._rows.pop(number, None)
            if row is not None:
                self._seen[row[0]] -= 1
                if row[2] is not None:
                    self._known[row[2]][row[0]] -= 1

    def read(self, question: str) -> "Asked":
        """Take in a question, to compare rows with."""
        counts = self._vectorizer.transform([question]).tocsr()
        counts.sum_duplicates()
        counts.sort_indices()
        return Asked(counts.indices.astype(np.int32), (1 + np.log(counts.data)).astype(np.float32), self)

    def rarity(self, buckets: NDArray[np.int32]) -> NDArray[np.float32]:
        """Give the smoothed inverse document frequency of pieces; one that no row has is as rare as one that one row
        has."""
        seen = np.maximum(1, self._seen[buckets])
        rarity: NDArray[np.float32] = (math.log(1 + len(self._rows)) - np.log1p(seen) + 1).astype(np.float32)
        return rarity

    def is_known(self, buckets: NDArray[np.int32], only: Language | None) -> NDArray[np.bool_]:
        """Say of each piece whether any row (of a language) that tells something has it."""
        languages = LANGUAGES if only is None else (only,)
        known: NDArray[np.bool_] = sum(self._known[language][buckets] for language in languages) > 0
        return known

    def gather(self, numbers: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """Give the pieces of rows one after the other, how much each counts, and where each row begins."""
        rows = [self._rows[number] for number in numbers]
        starts = np.cumsum([0, *(len(row[0]) for row in rows)])
        if not rows:
            return np.zeros(0, np.int32), np.zeros(0, np.float32), starts
        return np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows]), starts


class Asked:
    """A question's pieces, compared with rows as they are now."""

    def __init__(self, buckets: NDArray[np.int32], times: NDArray[np.float32], letters: Letters) -> None:
        self._buckets, self._letters = buckets, letters
        self._rarity = letters.rarity(buckets)
        weights = times * self._rarity
        self._weights = weights / max(float(np.linalg.norm(weights)), 1e-9)

    def likeness(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Give the cosine to each row, ``float32[n]`` in [0, 1]."""
        buckets, times, starts = self._letters.gather(numbers)
        if not len(self._buckets) or not len(buckets):
            return np.zeros(len(numbers), dtype=np.float32)
        weights = times * self._letters.rarity(buckets)
        place = np.minimum(np.searchsorted(self._buckets, buckets), len(self._buckets) - 1)
        shared = np.where(self._buckets[place] == buckets, weights * self._weights[place], 0)
        norms = np.sqrt(_sums(weights * weights, starts))
        return (_sums(shared, starts) / np.maximum(norms, 1e-9)).astype(np.float32)

    def coverage(self, numbers: Sequence[int], group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
        """Give the share of the question's pieces, rare ones counting more, that some row of each group has.

        :param group: of each row, from 0 to below ``groups``.
        """
        total = float(self._rarity.sum())
        buckets, _, starts = self._letters.gather(numbers)
        if total <= 0 or not len(buckets):
            return np.zeros(groups)
        place = np.minimum(np.searchsorted(self._buckets, buckets), len(self._buckets) - 1)
        shared = self._buckets[place] == buckets
        whose = np.repeat(group, np.diff(starts))[shared]
        had = np.unique(whose * len(self._buckets) + place[shared])
        rarity = self._rarity[had % len(self._buckets)]
        return np.bincount(had // len(self._buckets), weights=rarity, minlength=groups) / total

    def known(self, only: Language | None) -> float:
        """Give the share of the question's pieces, rare ones counting more, that any row (of a language) has that
        tells something."""
        total = float(self._rarity.sum())
        known = self._letters.is_known(self._buckets, only)
        return float(self._rarity[known].sum()) / total if total > 0 else 0.0


def _sums(values: NDArray[np.floating[Any]], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the values of each row; a row without any has 0."""
    running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return running[starts[1:]] - running[starts[:-1]]
