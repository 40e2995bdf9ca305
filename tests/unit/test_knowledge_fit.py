"""The rule of decision and how it is fitted."""

import dataclasses
import math

import numpy as np
import pytest

from kefu.knowledge.entries import Entry
from kefu.knowledge.index.fit import Fitted, Sample, fit_rule, measure_rule, own_samples
from kefu.knowledge.index.rule import SIGNAL_COUNT, Calibration, Rule, Signals
from kefu.knowledge.recall.reranking import SecondLook
from kefu.knowledge.recall.rows import rows_of_entry
from kefu.knowledge.recall.unanswerable import SENTENCES
from kefu.protocols import RerankerIdentity, Scores
from tests.unit.test_knowledge_search import TOPICS, Asker, few_unanswerable, search_of, topics

NO_LOOK = SecondLook(None, None, 1.0)


def test_confidence_is_the_logistic_function_of_the_weighted_signals() -> None:
    calibration = Calibration(tuple(range(1, SIGNAL_COUNT + 1)), -1.0)
    signals = Signals(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, False)
    total = sum(weight * value for weight, value in zip(range(1, 9), signals.vector(), strict=True)) - 1
    assert calibration.confidence(signals) == pytest.approx(1 / (1 + math.exp(-total)))
    huge = Calibration((1e6,) * SIGNAL_COUNT, 0.0)
    assert huge.confidence(signals) == pytest.approx(1)


def test_a_foreign_best_row_has_a_calibration_of_its_own() -> None:
    zero = Calibration((0.0,) * SIGNAL_COUNT, 0.0)
    rule = Rule(same_language=dataclasses.replace(zero, intercept=9.0), other_language=zero)
    signals = Signals(0, 0, 0, 0, 0, 0, 0, 0, True)
    assert rule.confidence(signals) == 0.5
    assert rule.confidence(dataclasses.replace(signals, other_language=False)) > 0.99


def test_a_rule_survives_json() -> None:
    rule = Rule(keyword_weight=0.3, threshold=0.42, ask_threshold=0.2)
    assert Rule.from_json(dataclasses.asdict(rule)) == rule


@pytest.mark.parametrize(("margin", "confidence", "asks"), [(0.0, 0.3, True), (0.5, 0.3, False), (0.0, 0.1, False)])
def test_the_customer_is_asked_only_between_two_that_are_close_and_not_too_unlikely(
    margin: float, confidence: float, asks: bool
) -> None:
    signals = Signals(0.5, 0.5, margin, 0.4, 0, 0, 0.5, 0.5, False)
    assert Rule(ask_threshold=0.2).asks_back(signals, confidence) is asks


def dev_samples() -> list[Sample]:
    asked = [
        Sample(f"{opening}{text}{end}", language, frozenset({name}))  # type: ignore[arg-type]
        for name, texts in TOPICS.items()
        for text, language in zip(texts, ("zh", "en"), strict=True)
        for opening in ("", "hi ")
        for end in ("", "?", "!!")
    ]
    refused = [
        Sample(f"{text}!", code, frozenset())  # type: ignore[arg-type]
        for code in ("zh", "en")
        for text in SENTENCES[code][:15]  # type: ignore[index]
    ]
    return asked + refused


def fit(shop: Asker, samples: list[Sample], precision: float = 0.97, look: SecondLook = NO_LOOK) -> Fitted:
    return fit_rule(shop.search, shop.embedder, samples, precision, look)


def test_the_fitted_rule_answers_and_refuses_and_is_stricter_when_asked() -> None:
    shop = search_of(*topics())
    fitted = fit(shop, dev_samples())
    reached = fitted.at_threshold
    assert reached.answered_right is not None and reached.answered_right > 0.9
    assert reached.refusal is not None and reached.refusal > 0.9
    assert 0 < fitted.rule.threshold < fitted.rule.strict_threshold < 1
    assert fitted.rule.ask_threshold <= fitted.rule.threshold
    assert min(fitted.rule.same_language.weights) >= 0
    assert fit(shop, dev_samples()) == fitted


def hard_samples() -> list[Sample]:
    """Samples of which some are mistaken: every fourth one is said to be about something else."""
    names = list(TOPICS)
    return [
        dataclasses.replace(sample, ids=frozenset({names[(names.index(next(iter(sample.ids))) + 1) % 4]}))
        if sample.ids and number % 4 == 0
        else sample
        for number, sample in enumerate(dev_samples())
    ]


def test_a_higher_precision_costs_answers_and_the_curve_tells_how_many() -> None:
    shop = search_of(*topics())
    low, high = fit(shop, hard_samples(), 0.5), fit(shop, hard_samples(), 0.999)
    assert low.rule.threshold < high.rule.threshold
    coverages = [point.coverage for point in low.curve]
    assert coverages == sorted(coverages, reverse=True) and coverages[0] > coverages[-1]
    assert low.at_threshold.precision is not None and low.at_threshold.precision >= 0.5


class Oracle:
    """A reranker that knows which documents are meant."""

    def __init__(self, right: dict[str, tuple[str | None, str | None]]) -> None:
        self._right = right

    def warm_up(self) -> None: ...

    def identity(self) -> RerankerIdentity:
        return RerankerIdentity("oracle", "oracle")

    def score(self, query: str, documents: list[str], *, instruction: str | None = None) -> Scores:
        right = [question for question in self._right.get(query, ()) if question]
        return np.array([any(question in text for question in right) for text in documents], dtype=np.float32)


def test_a_reranker_that_knows_better_gets_weight() -> None:
    """Where the search takes each sample for another entry, only the reranker puts the right one first."""
    samples = hard_samples()
    shop = search_of(*topics())
    right = {sample.text: TOPICS[next(iter(sample.ids))] for sample in samples if sample.ids}
    look = SecondLook(Oracle(right), None, 9.0)
    with_oracle, without = fit(shop, samples, 0.5, look), fit(shop, samples, 0.5)
    assert with_oracle.rule.reranker_weight > Rule().reranker_weight == without.rule.reranker_weight
    assert with_oracle.at_threshold.precision is not None and without.at_threshold.precision is not None
    assert with_oracle.at_threshold.precision > without.at_threshold.precision


def test_too_few_questions_leave_weights_and_thresholds_of_the_rule_of_thumb() -> None:
    fitted = fit(search_of(*topics()), [Sample("怎么开发票", "zh", frozenset({"invoice"}))])
    thumb = Rule()
    assert (fitted.rule.keyword_weight, fitted.rule.threshold) == (thumb.keyword_weight, thumb.threshold)
    assert (fitted.at_threshold.answered_right, fitted.at_threshold.refusal) == (1.0, None)


def test_without_dev_questions_the_rule_of_thumb_is_measured_on_questions_kept_from_themselves() -> None:
    shop = search_of(*topics())
    entries: list[Entry] = topics()
    rows = [row for entry in entries for row in rows_of_entry(entry)]
    samples = own_samples(rows, few_unanswerable())
    assert all(sample.without for sample in samples) and len(samples) == len(rows) + 30
    measured = measure_rule(shop.search, shop.embedder, samples)
    assert measured.rule == Rule()
    assert measured.at_threshold.answered_right is not None and measured.at_threshold.refusal is not None
