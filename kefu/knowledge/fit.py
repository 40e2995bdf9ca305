"""Fits the rule of decision: weights on ranking, confidence by logistic regression, thresholds on the balance between
questions answered rightly and questions refused rightly.

It is fitted on the shop's own ``dev`` questions. Without any, the rule of thumb stays, and is only measured: on the
entries' own questions, each asked against the rest of the index, and on sentences that nothing answers. Nothing is
fitted on those: alternatives are so near to each other that a rule fitted on them refused more than half of what
customers ask (answered rightly on the demo shop's dev questions: 0.42, by the rule of thumb 0.79).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.decide import Calibration, Rule, Signals
from kefu.knowledge.questions import Question
from kefu.knowledge.rows import Row
from kefu.knowledge.search import Hits, Search
from kefu.models.prompts import FAQ
from kefu.protocols import Embedder, Vectors
from kefu.text import LANGUAGES, Language, detect_language

_LEXICAL_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5)
_LANGUAGE_BONUSES = (0.0, 0.02, 0.05)  # a preference, never a wall
_FEWEST = 20  # questions of a sort, below which what depends on them is not fitted
_PULL = 100.0  # how strongly weights are drawn to the rule of thumb, as so many questions' worth
_FOLDS = 5
_MOST_OWN_QUESTIONS = 200
# A strict answer is for what looks like no question to a shop: refusing counts for so many times as much, and the
# threshold lies at least so far on the way from the usual one to certainty.
_STRICT_REFUSAL_COUNTS = 3.0
_STRICT_STEP = 1 / 3
# Less than so few questions can tell apart: of the thresholds that are as good as the best, the middle one is taken.
_NOISE = 0.01
_SEED = 7


@dataclass(frozen=True)
class Sample:
    """A question to fit on, and the language that its words are in.

    ``without`` are the rows that may not answer it, being the question itself.
    """

    text: str
    language: Language
    ids: frozenset[str]
    without: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fitted:
    """The rule, and the shares (None: no such question) that it reaches on questions left out of its fit."""

    rule: Rule
    answered_right: float | None
    refusal: float | None


@dataclass(frozen=True)
class _Case:
    """One sample (by its number) as decided on: which signals it gave, and whether the best entry was right."""

    sample: int
    signals: Signals
    right: bool
    answerable: bool
    usual: bool  # searched in all languages, as customers' questions are


def samples_of(questions: Sequence[Question]) -> list[Sample]:
    """Take questions that somebody wrote for fitting."""
    return [Sample(each.text, detect_language(each.text) or each.language, each.ids) for each in questions]


def own_samples(rows: Sequence[Row]) -> list[Sample]:
    """Take the index's own rows, each to be asked against the others (a sample of them where there are many)."""
    numbers = [number for number, row in enumerate(rows) if row.entry_id is not None]
    if len(numbers) > _MOST_OWN_QUESTIONS:
        chosen = np.random.default_rng(_SEED).choice(len(numbers), _MOST_OWN_QUESTIONS, replace=False)
        numbers = [numbers[position] for position in sorted(chosen)]
    numbers += [number for number, row in enumerate(rows) if row.entry_id is None]
    return [_own_sample(rows[number], number) for number in numbers]


def _own_sample(row: Row, number: int) -> Sample:
    return Sample(row.text, row.language, frozenset({row.entry_id} if row.entry_id else ()), (number,))


def fit_rule(search: Search, embedder: Embedder, samples: Sequence[Sample]) -> Fitted:
    """Fit weights, confidence and thresholds; where there is too little to fit on, the rule of thumb stays."""
    vectors = embedder.embed([sample.text for sample in samples], task=FAQ)
    hits = _find_all(search, samples, vectors)
    rule = _fit_weights(search, samples, hits)
    usual = _cases(search, rule, samples, hits, usual=True)
    cases = list(usual)
    for language in LANGUAGES:
        # As if the knowledge had one language: how questions are answered from the other one is learnt here.
        cases += _cases(search, rule, samples, _find_all(search, samples, vectors, language), usual=False)
    if not usual:
        return Fitted(rule, None, None)
    rule, left_out = _fit_confidence(rule, cases)
    rule = _fit_thresholds(rule, usual, left_out)
    return _measured(rule, usual, left_out)


def measure_rule(search: Search, embedder: Embedder, samples: Sequence[Sample]) -> Fitted:
    """Measure the rule of thumb, and fit nothing."""
    vectors = embedder.embed([sample.text for sample in samples], task=FAQ)
    rule = Rule()
    cases = _cases(search, rule, samples, _find_all(search, samples, vectors), usual=True)
    return _measured(rule, cases, np.array([rule.confidence(case.signals) for case in cases]))


def _find_all(search: Search, samples: Sequence[Sample], vectors: Vectors, only: Language | None = None) -> list[Hits]:
    return [
        search.find(sample.text, vector, only=only, without=sample.without)
        for sample, vector in zip(samples, vectors, strict=True)
    ]


def _fit_weights(search: Search, samples: Sequence[Sample], hits: Sequence[Hits]) -> Rule:
    """Choose the weights that put right entries highest (mean reciprocal rank); smaller ones win a tie."""
    answerable = [(sample, found) for sample, found in zip(samples, hits, strict=True) if sample.ids]
    if len(answerable) < _FEWEST:
        return Rule()

    def mean_reciprocal_rank(rule: Rule) -> float:
        return float(np.mean([_reciprocal_rank(search, rule, sample, found) for sample, found in answerable]))

    rules = [
        replace(Rule(), lexical_weight=weight, language_bonus=bonus)
        for weight, bonus in itertools.product(_LEXICAL_WEIGHTS, _LANGUAGE_BONUSES)
    ]
    return max(rules, key=mean_reciprocal_rank)


def _reciprocal_rank(search: Search, rule: Rule, sample: Sample, hits: Hits) -> float:
    entry_ids = search.rank(hits, rule, sample.language).entry_ids()
    return next((1 / place for place, entry_id in enumerate(entry_ids, start=1) if entry_id in sample.ids), 0.0)


def _cases(search: Search, rule: Rule, samples: Sequence[Sample], hits: Sequence[Hits], *, usual: bool) -> list[_Case]:
    cases = []
    for number, (sample, found) in enumerate(zip(samples, hits, strict=True)):
        signals = search.rank(found, rule, sample.language).signals()
        if signals is not None:
            right = _reciprocal_rank(search, rule, sample, found) == 1
            cases.append(_Case(number, signals, right, bool(sample.ids), usual))
    return cases


def _fit_confidence(rule: Rule, cases: Sequence[_Case]) -> tuple[Rule, NDArray[np.float64]]:
    """Fit the confidence; the second value is that of each usual case under fits that did not see its question."""
    # The same question, searched in several ways, stays in one fold.
    fold = np.random.default_rng(_SEED).permutation(max(case.sample for case in cases) + 1) % _FOLDS
    rules = [_calibrate(rule, [case for case in cases if fold[case.sample] != number]) for number in range(_FOLDS)]
    left_out = [rules[fold[case.sample]].confidence(case.signals) for case in cases if case.usual]
    return _calibrate(rule, cases), np.array(left_out)


def _calibrate(rule: Rule, cases: Sequence[_Case]) -> Rule:
    same = [case for case in cases if not case.signals.other_language]
    other = [case for case in cases if case.signals.other_language]
    return replace(
        rule,
        same_language=_calibration(same, rule.same_language),
        other_language=_calibration(other, rule.other_language),
    )


def _calibration(cases: Sequence[_Case], prior: Calibration) -> Calibration:
    """Fit a logistic regression whose weights are not negative and drawn towards those of ``prior``.

    Signals say much the same, so that a free fit sets one against the other; drawn to the rule of thumb it did better
    on questions left out, and few questions cannot lead it astray.
    """
    from scipy.optimize import minimize

    if not cases:
        return prior
    signals = np.array([case.signals.vector() for case in cases])
    right = np.array([case.right for case in cases], dtype=np.float64)
    weight = _case_weights(cases)
    scale = signals.std(axis=0)
    start = np.array(prior.weights)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = signals @ values[:-1] + values[-1]
        drawn = (values[:-1] - start) * scale
        error = weight * (1 / (1 + np.exp(-logits)) - right)
        gradient = np.append(signals.T @ error + _PULL * drawn * scale, error.sum())
        return float(weight @ (np.logaddexp(0, logits) - right * logits) + _PULL / 2 * drawn @ drawn), gradient

    bounds = [(0, None)] * len(start) + [(None, None)]
    fitted = minimize(loss, np.append(start, prior.intercept), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Calibration(tuple(float(value) for value in fitted[:-1]), float(fitted[-1]))


def _case_weights(cases: Sequence[_Case]) -> NDArray[np.float64]:
    """Let answerable and other questions count the same in all, however many there are of each."""
    answerable = np.array([case.answerable for case in cases])
    if answerable.all() or not answerable.any():
        return np.ones(len(cases))
    share = answerable.mean()
    return np.where(answerable, 0.5 / share, 0.5 / (1 - share))


def _fit_thresholds(rule: Rule, cases: Sequence[_Case], confidences: NDArray[np.float64]) -> Rule:
    answerable = sum(case.answerable for case in cases)
    if min(answerable, len(cases) - answerable) < _FEWEST:
        return rule
    usual = _best_threshold(cases, confidences, refusal_counts=1.0)
    strict = _best_threshold(cases, confidences, refusal_counts=_STRICT_REFUSAL_COUNTS)
    return replace(rule, threshold=usual, strict_threshold=max(strict, usual + (1 - usual) * _STRICT_STEP))


def _best_threshold(cases: Sequence[_Case], confidences: NDArray[np.float64], *, refusal_counts: float) -> float:
    steps = np.unique(confidences)
    thresholds = np.concatenate([[0.0], (steps[1:] + steps[:-1]) / 2, [1.0]])
    values = np.array([_balance(cases, confidences, float(threshold), refusal_counts) for threshold in thresholds])
    best = thresholds[values >= values.max() - _NOISE]
    return float(best[len(best) // 2])


def _balance(cases: Sequence[_Case], confidences: NDArray[np.float64], threshold: float, weight: float) -> float:
    answered_right, refusal = _shares(cases, confidences, threshold)
    return (answered_right or 0.0) + weight * (refusal or 0.0)


def _shares(
    cases: Sequence[_Case], confidences: NDArray[np.float64], threshold: float
) -> tuple[float | None, float | None]:
    answered = confidences >= threshold
    answerable = np.array([case.answerable for case in cases], dtype=bool)
    right = np.array([case.right for case in cases], dtype=bool)
    return (
        float((answered & right)[answerable].mean()) if answerable.any() else None,
        float((~answered)[~answerable].mean()) if (~answerable).any() else None,
    )


def _measured(rule: Rule, cases: Sequence[_Case], confidences: NDArray[np.float64]) -> Fitted:
    answered_right, refusal = _shares(cases, confidences, rule.threshold)
    return Fitted(rule, answered_right, refusal)
