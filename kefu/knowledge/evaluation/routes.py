"""What each route of the search is worth alone, beside their fusion and what the reranker makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.evaluation.evaluate import Outcome
from kefu.knowledge.evaluation.questions import Question
from kefu.knowledge.recall.routes import FUSED, RERANKED

_DRAWS = 2000
_SEED = 7
_CUT = 5


@dataclass(frozen=True)
class Share:
    """A share in [0, 1] with its 95 % interval (percentile bootstrap, Efron 1979)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RouteRow:
    """How often a route puts a right entry first, and among the first five; ``lead`` is recall@1 of the fusion less
    that of the route, on the same questions."""

    slice: str
    route: str
    n: int
    recall_1: Share
    recall_5: Share
    mrr: Share
    lead: Share


def by_route(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> list[RouteRow]:
    """Measure each route on the answerable questions: all of them, by kind, and by language."""
    pairs = [(question, outcome) for question, outcome in zip(questions, outcomes, strict=True) if question.ids]
    slices = {"all": pairs}
    for question, _ in pairs:
        for name in (question.kind, question.language):
            slices.setdefault(name, [pair for pair in pairs if name in (pair[0].kind, pair[0].language)])
    return [row for name, chosen in slices.items() for row in _rows(name, chosen)]


def _rows(name: str, pairs: Sequence[tuple[Question, Outcome]]) -> list[RouteRow]:
    routes = dict.fromkeys(route for _, outcome in pairs for route in outcome.routes)
    places = {
        route: _places([(question, outcome.routes.get(route, ())) for question, outcome in pairs]) for route in routes
    }
    if any(outcome.ranking != outcome.routes[FUSED] for _, outcome in pairs):  # a reranker had its say
        places[RERANKED] = _places([(question, outcome.ranking) for question, outcome in pairs])
    draws = np.random.default_rng(_SEED).integers(0, len(pairs), (_DRAWS, len(pairs)))
    fused = places[FUSED] == 1
    return [
        RouteRow(
            name,
            route,
            len(pairs),
            _share(found == 1, draws),
            _share((found > 0) & (found <= _CUT), draws),
            _share(np.where(found > 0, 1 / np.maximum(found, 1), 0.0), draws),
            _share(fused.astype(float) - (found == 1), draws),
        )
        for route, found in places.items()
        if found.any()
    ]


def _places(found: Sequence[tuple[Question, Sequence[str]]]) -> NDArray[np.int64]:
    """Give the place, from 1, of the first right entry of each question; 0 where there is none."""
    return np.array(
        [next((at for at, name in enumerate(names, start=1) if name in question.ids), 0) for question, names in found]
    )


def _share(values: NDArray[Any], draws: NDArray[np.int64]) -> Share:
    values = values.astype(np.float64)
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Share(float(values.mean()), float(low), float(high))
