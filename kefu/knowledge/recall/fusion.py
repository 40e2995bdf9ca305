"""Fuses the routes by reciprocal rank (Cormack, Clarke & Büttcher 2009) with weights.

The places of the route by words are smooth ones (SRRF: Bruch, Gai & Ingber 2023): entries whose scores are about equal
share about the same place, so that a route that can hardly tell two entries apart hardly moves them.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.index.rule import Rule

Places = NDArray[np.float64]
"""Places from 1 of entries in a route, ``float64[..., n]``; 0 where the route did not bring the entry."""


def hard_places(scores: NDArray[np.floating], brought: NDArray[np.bool_]) -> Places:
    """Number the entries that are brought by falling score, of equal ones the first first. All are ``[n]``."""
    places = np.zeros(len(scores))
    order = np.argsort(-scores, kind="stable")
    order = order[brought[order]]
    places[order] = np.arange(1, len(order) + 1)
    return places


def smooth_places(scores: NDArray[np.floating], brought: NDArray[np.bool_], temperature: float) -> Places:
    """Give places that near scores share: ½ + Σⱼ σ((sⱼ − sᵢ) / temperature) over all that are brought, itself
    included.

    :param scores: ``[n]``; what is not brought does not count.
    :param temperature: in units of the scores; 0 gives :func:`hard_places`.
    """
    if temperature <= 0:
        return hard_places(scores, brought)
    places = np.zeros(len(scores))
    own = scores[brought].astype(np.float64)
    ahead = np.clip((own[None, :] - own[:, None]) / temperature, -50, 50)
    places[brought] = 0.5 + (1 / (1 + np.exp(-ahead))).sum(axis=1)
    return places


def fused(places: Mapping[str, Places], popularity: NDArray[np.float64], rule: Rule) -> NDArray[np.float64]:
    """Score entries, ``float64[..., n]``: Σ weight / (smoothing + place) over the routes, and a little for popularity.

    :param popularity: in [0, 1], of the same shape as the places. What no route brought scores next to nothing.
    """
    score = rule.popularity_weight * popularity
    for route, found in places.items():
        score = score + np.where(found > 0, rule.weight(route) / (rule.smoothing + np.maximum(found, 1e-9)), 0.0)
    return score
