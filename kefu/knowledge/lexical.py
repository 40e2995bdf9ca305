"""Likeness by letters: typos, model numbers and names, which a model of meaning blurs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.text import normalise, tokens

_CJK_LENGTHS = (1, 2, 3)
_LATIN_LENGTHS = (3, 4)


def grams(text: str) -> list[str]:
    """Cut a text into the pieces that are compared: 1 to 3 characters of a run of Chinese, whole Latin words and
    numbers, and the pieces of 3 and 4 letters of each (its ends marked, so that a typo spares most of them)."""
    found: list[str] = []
    run, end = "", -1
    for token in tokens(normalise(text).lower()):
        if token.text.isascii() or len(token.text) > 1:
            if token.text[0].isalnum():
                found.append(token.text)
                found += _pieces(f"<{token.text}>", _LATIN_LENGTHS)
        elif token.text.isalpha():
            if token.start != end:
                found += _pieces(run, _CJK_LENGTHS)
                run = ""
            run, end = run + token.text, token.end
    return found + _pieces(run, _CJK_LENGTHS)


def _pieces(text: str, lengths: Sequence[int]) -> list[str]:
    return [text[at : at + length] for length in lengths for at in range(len(text) - length + 1)]


class LexicalIndex:
    """TF-IDF over :func:`grams`, as one sparse matrix: every text's cosine to a question in one product."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer: Any = TfidfVectorizer(analyzer=grams, sublinear_tf=True, dtype=np.float32)
        self._rows: Any = self._vectorizer.fit_transform(texts)
        self._columns: Any = self._rows.T.tocsr()
        self._number: dict[str, int] = self._vectorizer.vocabulary_
        self._rarity: NDArray[np.float32] = self._vectorizer.idf_

    def scores(self, question: str) -> NDArray[np.float32]:
        """Give ``float32[n]`` in [0, 1]: how alike the question and each text are."""
        found: NDArray[np.float32] = (self._vectorizer.transform([question]) @ self._columns).toarray()[0]
        return found

    def vocabulary(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Mark the pieces that occur in some of the texts, as a mask over all pieces there are."""
        mask = np.zeros(len(self._number), dtype=bool)
        mask[self._rows[rows].indices] = True
        return mask

    def coverage(self, question: str, vocabulary: NDArray[np.bool_]) -> float:
        """Give the share of a question's pieces, rare ones counting more, that a vocabulary has."""
        pieces = set(grams(question))
        numbers = np.array([self._number[piece] for piece in pieces if piece in self._number], dtype=np.int64)
        # What no text has is as rare as can be.
        total = self._rarity[numbers].sum() + self._rarity.max() * (len(pieces) - len(numbers))
        return float(self._rarity[numbers[vocabulary[numbers]]].sum() / total) if total > 0 else 0.0
