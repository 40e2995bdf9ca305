"""What every index refuses, and how it reads what it is given."""

from collections.abc import Sequence

import numpy as np

from kefu.errors import KnowledgeIndexError
from kefu.protocols import Ids, Label, Vectors

_LENGTH_TOLERANCE = 1e-2  # of rows that went through bfloat16, say


def checked_vectors(vectors: Vectors, dim: int) -> Vectors:
    """Give rows as contiguous ``float32[n, dim]``.

    :raises KnowledgeIndexError: for another dimension, or a row whose length is not 1.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != dim:
        raise KnowledgeIndexError(f"The index takes vectors [n, {dim}]; these are {list(rows.shape)}.")
    lengths = np.linalg.norm(rows, axis=1)
    if not (np.abs(lengths - 1) < _LENGTH_TOLERANCE).all():  # NaN is not either
        worst = lengths[np.nanargmax(np.abs(lengths - 1))] if np.isfinite(lengths).any() else lengths[0]
        raise KnowledgeIndexError(f"Vectors must have the length 1; one has {worst:.3g}.")
    return rows


def checked_ids(ids: Ids) -> Ids:
    """Give ids as ``int64[n]``.

    :raises KnowledgeIndexError: for one below 0.
    """
    numbers = np.asarray(ids, dtype=np.int64)
    if numbers.ndim != 1 or (numbers < 0).any():
        raise KnowledgeIndexError(f"Ids are a row of numbers from 0 to 2**63 - 1; these are {numbers!r}.")
    return numbers


def checked_rows(
    ids: Ids, vectors: Vectors, labels: Sequence[Label], dim: int
) -> tuple[Ids, Vectors, Sequence[Label]]:
    """Give what is to be put in, of an id given twice the last one only.

    :raises KnowledgeIndexError: if the three differ in number, or one of them makes no sense.
    """
    numbers, rows = checked_ids(ids), checked_vectors(vectors, dim)
    if not len(numbers) == len(rows) == len(labels):
        raise KnowledgeIndexError(
            f"Each id needs a vector and a label; there are {len(numbers)}, {len(rows)} and {len(labels)}."
        )
    last = {number: position for position, number in enumerate(numbers.tolist())}
    if len(last) < len(numbers):
        kept = list(last.values())
        return numbers[kept], rows[kept], [labels[position] for position in kept]
    return numbers, rows, labels


def check_count(count: int) -> None:
    """Refuse to look for less than one.

    :raises KnowledgeIndexError: for a count below 1.
    """
    if count < 1:
        raise KnowledgeIndexError(f"A search looks for 1 vector or more; {count} were asked for.")
