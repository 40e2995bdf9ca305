"""Counts of character n-grams, across Chinese without spaces too."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kefu.text import normalise

if TYPE_CHECKING:
    import scipy.sparse as sp

SHORTEST, LONGEST = 1, 4  # characters
COLUMNS = 2**18
_EDGE = " "  # stands before and after a text, so that its beginning and end are n-grams of their own
# Joiner and variation selector are in most emoji: as n-grams they would make a strange emoji look known.
_WITHOUT_JOINERS = str.maketrans("", "", "\u200d\ufe0f")


def ngrams(text: str, shortest: int, longest: int) -> list[str]:
    """Cut the normalised, lower-cased text into all n-grams of these lengths that are not only space."""
    plain = normalise(text).lower().translate(_WITHOUT_JOINERS)
    if not plain:
        return []
    edged = _EDGE + plain + _EDGE
    return [
        edged[at : at + length]
        for length in range(shortest, longest + 1)
        for at in range(len(edged) - length + 1)
        if not edged[at : at + length].isspace()
    ]


def ngram_counter(
    shortest: int = SHORTEST, longest: int = LONGEST, columns: int = COLUMNS
) -> Callable[[Sequence[str]], "sp.csr_matrix"]:
    """Make what counts the n-grams of n texts in hashed columns, ``[n, columns]``; there is nothing to learn."""
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(
        analyzer=lambda text: ngrams(text, shortest, longest),
        n_features=columns,
        alternate_sign=False,
        norm=None,
    )
    counter: Callable[[Sequence[str]], sp.csr_matrix] = vectorizer.transform
    return counter
