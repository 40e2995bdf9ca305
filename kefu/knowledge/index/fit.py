"""Fits the rule of decision: the weights of the fusion, confidence by logistic regression, thresholds on the share of
answers that is to be right.

It is fitted on the shop's own ``dev`` questions. Without any, the rule of thumb stays, and is only measured: on the
entries' own questions, each asked against the rest of the index, and on sentences that nothing answers. Nothing is
fitted on those: alternatives are so near to each other that a rule fitted on them refused more than half of what
customers ask (answered rightly on the demo shop's dev questions: 0.42, by the rule of thumb 0.79).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.evaluation.questions import Question
from kefu.knowledge.index.rule import Calibration, Rule, Signals
from kefu.knowledge.index.saved import Point
from kefu.knowledge.index.weights_fit import FusionCheck, Labelled, fit_reranker_weight, fit_weights
from kefu.knowledge.recall.ranking import JUDGED, Hits, Ranking
from kefu.knowledge.recall.reranking import SecondLook
from kefu.knowledge.recall.rows import Row
from kefu.knowledge.recall.search import Query, Search
from kefu.models.prompts import FAQ
from kefu.protocols import Embedder, Scores, Vectors, Where
from kefu.text import LANGUAGES, Language, detect_language

_FEWEST = 20  # questions of a sort, below which what depends on them is not fitted
_PULL = 100.0  # how strongly weights are drawn to the rule of thumb, as so many questions' worth
_FOLDS = 5
_MOST_OWN_QUESTIONS = 200
# A strict answer is for what looks like no question to a shop: so many times fewer of them may be wrong, and the
# threshold lies at least so far on the way from the usual one to certainty.
_STRICT_TIMES = 4.0
_STRICT_STEP = 1 / 3
_OFFERED = 2  # entries that the customer is asked to choose from
# Of what nothing answers so much is to be refused, whatever precision is asked for: nine in ten is the aim, and a
# little more is asked of the few questions there are to fit on.
_LEAST_REFUSED = 0.91
_WORTH_ASKING = 0.8  # the share of questions asked back for which a right entry is offered
_ASK_STEPS = 50
_CURVE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # thresholds
_SEED = 7


@dataclass(frozen=True)
class Sample:
    """A question to fit on, and the language that its words are in.

    ``without`` are the rows that may not answer it, being the question itself; ``sorts`` are those that it belongs to.
    """

    text: str
    language: Language
    ids: frozenset[str]
    without: tuple[int, ...] = ()
    sorts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fitted:
    """The rule, and what it reaches on questions left out of its fit: at its threshold, and at others; and what its
    weights reach, where they were fitted."""

    rule: Rule
    at_threshold: Point
    curve: tuple[Point, ...] = ()
    fusion: FusionCheck | None = None


@dataclass(frozen=True)
class _Trial:
    """A sample and what was found for it; ``chances`` are a reranker's, of the first entries, ``float32[n]``."""

    sample: Sample
    hits: Hits
    chances: Scores | None = None

    def ranking(self, rule: Rule) -> Ranking:
        return Ranking(self.hits, rule, self.sample.language, self.chances)


@dataclass(frozen=True)
class _Case:
    """One sample (by its number) as decided on: which signals it gave, whether the best entry was right, and whether
    a right one is among those that the customer could be asked to choose from."""

    sample: int
    signals: Signals
    right: bool
    offered: bool
    answerable: bool
    usual: bool  # searched in all languages, as customers' questions are


def samples_of(questions: Sequence[Question]) -> list[Sample]:
    """Take questions that somebody wrote for fitting."""
    return [
        Sample(each.text, detect_language(each.text) or each.language, each.ids, sorts=_sorts(each))
        for each in questions
    ]


def _sorts(question: Question) -> frozenset[str]:
    return frozenset({question.kind, question.language, f"{question.kind} {question.language}"})


def own_samples(rows: Sequence[Row], unanswerable: Sequence[Row]) -> list[Sample]:
    """Take the index's own rows, each to be asked against the others (a sample of them where there are many)."""
    chosen = list(rows)
    if len(chosen) > _MOST_OWN_QUESTIONS:
        places = np.random.default_rng(_SEED).choice(len(chosen), _MOST_OWN_QUESTIONS, replace=False)
        chosen = [chosen[place] for place in sorted(places)]
    return [_own_sample(row) for row in (*chosen, *unanswerable)]


def _own_sample(row: Row) -> Sample:
    return Sample(row.text, row.language, frozenset({row.entry_id} if row.entry_id else ()), (row.number,))


def fit_rule(
    search: Search, embedder: Embedder, samples: Sequence[Sample], precision: float, look: SecondLook
) -> Fitted:
    """Fit weights, confidence and thresholds; where there is too little to fit on, the rule of thumb stays.

    :param precision: the share of answers that is to be right.
    """
    vectors = embedder.embed([sample.text for sample in samples], task=FAQ)
    trials = _find_all(search, samples, vectors)
    answerable = [trial for trial in trials if trial.sample.ids]
    asked = [Labelled(trial.sample.sorts, trial.sample.ids) for trial in answerable]
    rule, check = fit_weights(asked, lambda tried: [trial.ranking(tried) for trial in answerable])
    trials = _judged(trials, rule, look)
    if any(trial.chances is not None for trial in trials):
        judged = [trial for trial in trials if trial.sample.ids]
        rule = fit_reranker_weight(rule, asked, lambda tried: [trial.ranking(tried) for trial in judged])
    usual = _cases(rule, trials, usual=True)
    cases = list(usual)
    for language in LANGUAGES:
        # As if the knowledge had one language: how questions are answered from the other one is learnt here.
        cases += _cases(rule, _find_all(search, samples, vectors, language), usual=False)
    if not usual:
        return Fitted(rule, Point(rule.threshold, 0.0, None, None, None))
    rule, left_out = _fit_confidence(rule, cases)
    rule = _fit_thresholds(rule, usual, left_out, precision)
    return replace(_measured(rule, usual, left_out), fusion=check)


def measure_rule(search: Search, embedder: Embedder, samples: Sequence[Sample]) -> Fitted:
    """Measure the rule of thumb, and fit nothing."""
    vectors = embedder.embed([sample.text for sample in samples], task=FAQ)
    rule = Rule()
    cases = _cases(rule, _find_all(search, samples, vectors), usual=True)
    return _measured(rule, cases, np.array([rule.confidence(case.signals) for case in cases]))


def _find_all(
    search: Search, samples: Sequence[Sample], vectors: Vectors, only: Language | None = None
) -> list[_Trial]:
    return [
        _Trial(sample, search.find(Query(sample.text, vector, Where(language=only, without=sample.without))))
        for sample, vector in zip(samples, vectors, strict=True)
    ]


def _judged(trials: Sequence[_Trial], rule: Rule, look: SecondLook) -> list[_Trial]:
    """Ask the reranker about the first entries of each sample, where there is one."""
    judged = []
    for trial in trials:
        entries = trial.ranking(rule).entries()[:JUDGED]
        chances, _ = look.judge(trial.sample.text, entries, trial.sample.language)
        judged.append(replace(trial, chances=chances))
    return judged


def _cases(rule: Rule, trials: Sequence[_Trial], *, usual: bool) -> list[_Case]:
    cases = []
    for number, trial in enumerate(trials):
        ranking = trial.ranking(rule)
        signals = ranking.signals()
        if signals is not None:
            named = [entry_id in trial.sample.ids for entry_id in ranking.entry_ids()[:_OFFERED]]
            cases.append(_Case(number, signals, named[0], any(named), bool(trial.sample.ids), usual))
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


def _fit_thresholds(rule: Rule, cases: Sequence[_Case], confidences: NDArray[np.float64], precision: float) -> Rule:
    answerable = sum(case.answerable for case in cases)
    if min(answerable, len(cases) - answerable) < _FEWEST:
        return rule
    usual = max(_threshold_for(cases, confidences, precision), _refusing(cases, confidences))
    strict = _threshold_for(cases, confidences, 1 - (1 - precision) / _STRICT_TIMES)
    rule = replace(rule, threshold=usual, strict_threshold=max(strict, usual + (1 - usual) * _STRICT_STEP))
    return replace(rule, ask_threshold=_ask_threshold(cases, confidences, rule))


def _threshold_for(cases: Sequence[_Case], confidences: NDArray[np.float64], precision: float) -> float:
    """Give the lowest threshold from which on the wanted share of answers is right, at it and at every higher one
    that answers enough to tell."""
    right = np.array([case.right for case in cases], dtype=bool)
    steps = np.unique(confidences)
    thresholds = np.concatenate([[0.0], (steps[1:] + steps[:-1]) / 2])
    reached = 1.0
    for threshold in thresholds[::-1]:
        answered = confidences >= threshold
        if answered.sum() >= _FEWEST and right[answered].mean() < precision:
            break
        reached = float(threshold)
    return reached


def _refusing(cases: Sequence[_Case], confidences: NDArray[np.float64]) -> float:
    """Give the lowest threshold by which the wanted share of what nothing answers is refused."""
    nowhere = np.sort([sure for case, sure in zip(cases, confidences, strict=True) if not case.answerable])
    last = nowhere[math.ceil(_LEAST_REFUSED * len(nowhere)) - 1]  # the surest of those that are refused
    above = confidences[confidences > last]
    return float((last + above.min()) / 2) if len(above) else 1.0


def _ask_threshold(cases: Sequence[_Case], confidences: NDArray[np.float64], rule: Rule) -> float:
    """Give the lowest confidence from which on asking back is worth it: often enough a right entry is offered."""
    for candidate in np.linspace(0, rule.threshold, _ASK_STEPS, endpoint=False):
        trial = replace(rule, ask_threshold=float(candidate))
        asked = [
            case.offered
            for case, confidence in zip(cases, confidences, strict=True)
            if confidence < rule.threshold and trial.asks_back(case.signals, confidence)
        ]
        if asked and np.mean(asked) >= _WORTH_ASKING:
            return float(candidate)
    return rule.threshold


def _measured(rule: Rule, cases: Sequence[_Case], confidences: NDArray[np.float64]) -> Fitted:
    points = [_point(cases, confidences, float(threshold)) for threshold in _CURVE]
    return Fitted(rule, _point(cases, confidences, rule.threshold), tuple(points))


def _point(cases: Sequence[_Case], confidences: NDArray[np.float64], threshold: float) -> Point:
    answered = confidences >= threshold
    answerable = np.array([case.answerable for case in cases], dtype=bool)
    right = np.array([case.right for case in cases], dtype=bool)
    return Point(
        threshold=threshold,
        coverage=_mean(answered) or 0.0,
        precision=_mean(right[answered]),
        answered_right=_mean((answered & right)[answerable]),
        refusal=_mean((~answered)[~answerable]),
    )


def _mean(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None
