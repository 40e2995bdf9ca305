"""What a decision keeps of the search, to say how it came about."""

from collections.abc import Mapping

from kefu.knowledge.decision import Brought, Candidate
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.recall.ranking import Found, Ranking
from kefu.knowledge.recall.routes import FUSED, RERANKER, ROUTES

_SCORE_DIGITS = 5


def candidates_of(ranking: Ranking, count: int) -> tuple[Candidate, ...]:
    """Give the best entries with their scores and places."""
    chances = dict(ranking.route(RERANKER))
    return tuple(_candidate(found, chances) for found in ranking.top(count))


def routes_of(recalled: Ranking, final: Ranking, count: int) -> dict[str, tuple[Brought, ...]]:
    """Give the best of every route, of their fusion, and of the reranker where it was asked.

    :param recalled: the order of the routes alone; ``final`` has the reranker's opinion too, or is the same.
    """
    named = {name: recalled.route(name) for name in (*ROUTES, FUSED)}
    if judged := final.route(RERANKER):
        named[RERANKER] = judged
    return {
        name: tuple(Brought(entry_id, round(score, _SCORE_DIGITS)) for entry_id, score in found[:count])
        for name, found in named.items()
    }


def weights_of(rule: Rule, *, with_reranker: bool) -> dict[str, float]:
    """Give what the places were fused with: the weight of each route, the constant, and what popularity counts."""
    routes = (*ROUTES, RERANKER) if with_reranker else ROUTES
    weights = {name: rule.weight(name) for name in routes}
    return {**weights, "popularity": rule.popularity_weight, "smoothing": rule.smoothing}


def thresholds_of(rule: Rule) -> dict[str, float]:
    """Give the confidences from which on there is an answer, one in doubt, and a question back."""
    return {"answer": rule.threshold, "strict": rule.strict_threshold, "ask_back": rule.ask_threshold}


def _candidate(found: Found, chances: Mapping[str, float]) -> Candidate:
    chance = chances.get(found.entry.id)
    return Candidate(
        found.entry.id,
        round(found.score, _SCORE_DIGITS),
        round(found.dense, 4),
        round(found.letters, 4),
        found.row.text,
        found.places,
        None if chance is None else round(chance, 4),
    )
