"""From the vectors of a model's own tokens to vectors of other tokens of the same text."""

from collections.abc import Sequence

import numpy as np

from kefu.models.linear_head import unit_rows
from kefu.protocols import Vectors
from kefu.text import normalise

Place = tuple[int, int]
# What may stand between two tokens of a normalised text: a space, and the joiners that hold emoji together.
_GAP = 3


def places_in_normalised(text: str, spans: Sequence[Place]) -> list[Place]:
    """Map spans of a text, in ascending order, to spans of ``normalise(text)``.

    Normalising moves characters: it folds full-width forms, drops invisible ones and makes runs of space one. A span
    of which nothing is left (or that melted into its neighbour, as a combining accent does) maps to an empty place.
    """
    normal = normalise(text)
    places, cursor = [], 0
    for start, end in spans:
        piece = normalise(text[start:end])
        at = normal.find(piece, cursor, cursor + _GAP + len(piece)) if piece else -1
        if at < 0:
            places.append((cursor, cursor))
            continue
        cursor = at + len(piece)
        places.append((at, cursor))
    return places


def pool_tokens(rows: Vectors, row_places: Sequence[Place], places: Sequence[Place]) -> Vectors:
    """Give each place the mean of the rows that overlap it, scaled to length 1; zeros where none does.

    :param rows: ``float32[t, dim]``, one for each of the t ``row_places``.
    :return: ``float32[len(places), dim]``.
    """
    starts = np.array([start for start, _ in row_places], dtype=int)
    ends = np.array([end for _, end in row_places], dtype=int)
    pooled = np.zeros((len(places), rows.shape[1]), dtype=np.float32)
    for position, (start, end) in enumerate(places):
        overlapping = (starts < end) & (ends > start)
        if overlapping.any():
            pooled[position] = rows[overlapping].mean(axis=0)
    return unit_rows(pooled)
