"""Fits the weights of the fusion on questions whose entries are known.

Looked for is the greatest mean reciprocal rank. No sort of questions (a kind, a language, a kind in a language) may
fall behind the route by meaning alone by more than one in a hundred, and weights are drawn to the rule of thumb: a few
hundred questions tell rules apart by two or three of them.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.index.rule import Rule, profile_prior
from kefu.knowledge.recall.fusion import Places, fused
from kefu.knowledge.recall.ranking import Ranking
from kefu.knowledge.recall.routes import DENSE, KEYWORD

# Of values that are as good the first is taken: that of the rule of thumb.
_LANGUAGE_BONUSES = (0.02, 0.0, 0.05)  # a preference, never a wall
_TEMPERATURES = (0.2, 0.1, 0.05, 0.0)
_SMOOTHINGS = (3.0, 5.0, 10.0, 20.0)
_KEYWORD_WEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 2.0)
_RULES_LIFTS = (0.6, 1.2, 2.4)  # places at the top
_POPULARITY_WEIGHTS = (0.001, 0.0, 0.0005, 0.002)
_RERANKER_WEIGHTS = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0)
_MAY_FALL_BEHIND = 0.01
# What a weight that differs from the rule of thumb by a factor of e must be worth in mean reciprocal rank.
_PULL = 0.0005
_DRAWN = ("keyword_weight", "smoothing", "rules_weight", "reranker_weight")
_FEWEST = 20  # questions of a sort, below which it is no sort, and of all, below which nothing is fitted
_FOLDS = 5
_SEED = 7

Chosen = NDArray[np.bool_]
Rank = Callable[[Rule], Sequence[Ranking]]
"""Orders what was found for each question by a rule."""


@dataclass(frozen=True)
class Labelled:
    """A question that something answers: the sorts that it belongs to, and the entries that do."""

    sorts: frozenset[str]
    ids: frozenset[str]


@dataclass(frozen=True)
class FusionCheck:
    """Shares of questions left out of the fit of the weights whose right entry came first: by meaning alone, and
    fused."""

    questions: int
    dense: float
    fused: float


def fit_weights(asked: Sequence[Labelled], rank: Rank) -> tuple[Rule, FusionCheck | None]:
    """Choose the weights that put right entries first; the rule of thumb where there are too few questions."""
    if len(asked) < _FEWEST:
        return Rule(), None
    found = _Found(asked, rank)
    tried = [_Tried(rule, found.ranks(rule), found.dense_ranks(rule)) for rule in _grid()]
    rule = _best(tried, found, np.ones(len(asked), dtype=bool)).rule
    # What matters least comes last, one after the other.
    lifted = [replace(rule, rules_weight=round(lift / (rule.smoothing + 2), 3)) for lift in _RULES_LIFTS]
    rule = _best_of(lifted, found)
    rule = _best_of([replace(rule, popularity_weight=weight) for weight in _POPULARITY_WEIGHTS], found)
    return rule, _left_out(tried, found)


def fit_reranker_weight(rule: Rule, asked: Sequence[Labelled], rank: Rank) -> Rule:
    """Choose the weight of a reranker, whose opinion ``rank`` takes in."""
    if len(asked) < _FEWEST:
        return rule
    found = _Found(asked, lambda _: rank(rule))  # it judged the first entries by this very rule
    return _best_of([replace(rule, reranker_weight=weight) for weight in _RERANKER_WEIGHTS], found)


@dataclass(frozen=True)
class _Tried:
    """A rule with the reciprocal rank of each question's first right entry, ``float64[n]``: fused and by meaning."""

    rule: Rule
    fused: NDArray[np.float64]
    dense: NDArray[np.float64]


class _Found:
    """What the routes found for every question, in matrices ``[n, entries]``, so that a rule is tried at once."""

    def __init__(self, asked: Sequence[Labelled], rank: Rank) -> None:
        self._rank = rank
        self._kept: dict[tuple[float, float], dict[str, Places]] = {}
        first = rank(Rule())
        self._width = max(len(ranking) for ranking in first)
        self._popularity = self._padded([ranking.popularity for ranking in first], 0.0)
        # The entries of a question stand in the same order whatever the rule.
        pairs = zip(asked, first, strict=True)
        right = [np.array([entry.id in one.ids for entry in ranking.hits.entries]) for one, ranking in pairs]
        self._right = self._padded(right, 0.0) > 0
        names = {name for one in asked for name in one.sorts}
        sorts = [np.array([name in one.sorts for one in asked]) for name in sorted(names)]
        self.sorts: list[Chosen] = [sort for sort in sorts if sort.sum() >= _FEWEST]

    def ranks(self, rule: Rule) -> NDArray[np.float64]:
        """Give the reciprocal rank of each question's first right entry, 0 if none was found."""
        return self._reciprocal(fused(self._places(rule), self._popularity, rule))

    def dense_ranks(self, rule: Rule) -> NDArray[np.float64]:
        """Give the same by meaning alone."""
        places = self._places(rule)[DENSE]
        return self._reciprocal(np.where(places > 0, -places, -np.inf))

    def _places(self, rule: Rule) -> Mapping[str, Places]:
        """Give the places of every route; the bonus and the temperature each change those of other routes."""
        by_meaning = self._with(rule.language_bonus, _TEMPERATURES[0])
        by_words = self._with(_LANGUAGE_BONUSES[0], rule.keyword_temperature)
        return {name: by_words[name] if name == KEYWORD else places for name, places in by_meaning.items()}

    def _with(self, bonus: float, temperature: float) -> dict[str, Places]:
        key = bonus, temperature
        if key not in self._kept:
            rankings = self._rank(replace(Rule(), language_bonus=bonus, keyword_temperature=temperature))
            names = dict.fromkeys(name for ranking in rankings for name in ranking.places)
            self._kept[key] = {
                name: self._padded([ranking.places[name] for ranking in rankings], 0.0) for name in names
            }
        return self._kept[key]

    def _padded(self, rows: Sequence[NDArray[Any]], fill: float) -> NDArray[np.float64]:
        matrix = np.full((len(rows), self._width), fill)
        for row, values in zip(matrix, rows, strict=True):
            row[: len(values)] = values
        return matrix

    def _reciprocal(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        best = np.where(self._right, scores, -np.inf).max(axis=1, initial=-np.inf)[:, None]
        column = np.arange(self._width)
        own = np.where(self._right & (scores == best), column, self._width).min(axis=1, initial=self._width)[:, None]
        ahead = (scores > best) | ((scores == best) & (column < own))
        return np.where(np.isfinite(best[:, 0]), 1 / (1 + ahead.sum(axis=1)), 0.0)


def _grid() -> list[Rule]:
    """List the rules that are tried, all with the prior of what no question tells."""
    values = itertools.product(_LANGUAGE_BONUSES, _TEMPERATURES, _SMOOTHINGS, _KEYWORD_WEIGHTS)
    return [
        replace(
            Rule(),
            language_bonus=bonus,
            keyword_temperature=temperature,
            smoothing=smoothing,
            keyword_weight=weight,
            rules_weight=round(_RULES_LIFTS[1] / (smoothing + 2), 3),
            profile_weight=profile_prior(smoothing),
        )
        for bonus, temperature, smoothing, weight in values
    ]


def _best_of(rules: Sequence[Rule], found: _Found) -> Rule:
    tried = [_Tried(rule, found.ranks(rule), found.dense_ranks(rule)) for rule in rules]
    return _best(tried, found, np.ones(len(tried[0].fused), dtype=bool)).rule


def _best(tried: Sequence[_Tried], found: _Found, chosen: Chosen) -> _Tried:
    """Give the rule that is worth most on the questions that are chosen."""
    return max(tried, key=lambda one: _worth(one, found, chosen))


def _worth(tried: _Tried, found: _Found, chosen: Chosen) -> float:
    behind = 0.0
    for sort in found.sorts:
        these = sort & chosen
        lead = (tried.fused[these] == 1).mean() - (tried.dense[these] == 1).mean()
        behind += max(0.0, -lead - _MAY_FALL_BEHIND)
    thumb = Rule()
    drawn = sum(abs(math.log(getattr(tried.rule, name) / getattr(thumb, name))) for name in _DRAWN)
    return float(tried.fused[chosen].mean()) - behind - _PULL * drawn


def _left_out(tried: Sequence[_Tried], found: _Found) -> FusionCheck:
    """Say how the weights do on questions that they were not fitted on."""
    count = len(tried[0].fused)
    fold = np.random.default_rng(_SEED).permutation(count) % _FOLDS
    ours, theirs = np.zeros(count), np.zeros(count)
    for number in range(_FOLDS):
        best = _best(tried, found, fold != number)
        ours[fold == number] = best.fused[fold == number] == 1
        theirs[fold == number] = best.dense[fold == number] == 1
    return FusionCheck(count, float(theirs.mean()), float(ours.mean()))
