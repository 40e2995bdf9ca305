"""Whether the best entry found is good enough to answer with: a fitted rule over a few signals."""

import math
from dataclasses import astuple, dataclass, fields
from typing import Any

from kefu.knowledge.recall.routes import DENSE


@dataclass(frozen=True)
class Signals:
    """What speaks for the best entry. Likenesses are cosines, shares are in [0, 1]."""

    dense: float  # of meaning, to any row of its own
    letters: float  # of letters, to any row of its own
    margin: float  # `dense` less that of the entry that is next by meaning (negative: others are nearer)
    agreement: float  # share of the rows nearest in meaning that are its own
    ahead_of_nowhere: float  # `dense` less the likeness of meaning to the nearest sentence that nothing answers
    letters_ahead_of_nowhere: float  # the same of letters
    coverage: float  # share of the question's letters and words that its rows found have
    known: float  # share of them that any entry's texts have
    other_language: bool  # whether the row that it is most alike to is not in the question's language

    def vector(self) -> list[float]:
        """Give what confidence is calculated from, in the order of the fields."""
        return list(astuple(self))[:-1]


# Two entries are close when the likenesses of meaning differ by no more; then the customer may say which is meant.
_CLOSE = 0.1
SIGNAL_COUNT = len(fields(Signals)) - 1


@dataclass(frozen=True)
class Calibration:
    """Turns signals into a confidence: the logistic function of their weighted sum (weights as in
    :meth:`Signals.vector`) plus ``intercept``."""

    weights: tuple[float, ...]
    intercept: float

    def confidence(self, signals: Signals) -> float:
        """Estimate the chance, in [0, 1], that the best entry is the right one (were half of all questions
        unanswerable)."""
        total = self.intercept + sum(
            weight * value for weight, value in zip(self.weights, signals.vector(), strict=True)
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Calibration":
        """Read one from JSON.

        :raises ValueError: if it has not one weight for each signal, or a value is not a finite number.
        """
        weights = tuple(float(value) for value in content["weights"])
        intercept = float(content["intercept"])
        if len(weights) != SIGNAL_COUNT:
            raise ValueError(f"{len(weights)} weights for {SIGNAL_COUNT} signals")
        _check_finite(*weights, intercept)
        return cls(weights, intercept)


@dataclass(frozen=True)
class Rule:
    """How routes are fused, and from which confidence on an answer is given; fitted with the index it belongs to.

    The defaults are a rule of thumb, for where there is too little to fit on. ``smoothing`` is the constant of
    reciprocal rank fusion; ``keyword_temperature`` how near, in shares of the best one's, scores by words must be to
    share a place. ``popularity_weight`` orders entries that are otherwise alike, and no more. ``profile_weight`` is a
    prior that no questions fit (:func:`profile_prior`). A question and an entry in different languages share no
    letters, so that they have a calibration of their own. From ``ask_threshold`` to ``threshold`` the customer is
    asked which of two entries was meant, if they are close.
    """

    smoothing: float = 5.0
    keyword_weight: float = 0.3
    keyword_temperature: float = 0.2
    rules_weight: float = 0.171
    profile_weight: float = 0.26
    reranker_weight: float = 0.5
    popularity_weight: float = 0.001
    language_bonus: float = 0.02
    same_language: Calibration = Calibration((4.0, 1.0, 3.0, 1.5, 2.0, 3.0, 6.0, 0.0), -6.5)
    other_language: Calibration = Calibration((7.0, 0.0, 4.0, 1.5, 4.0, 0.0, 0.0, 0.0), -6.5)
    threshold: float = 0.6
    strict_threshold: float = 0.8
    ask_threshold: float = 0.6

    def weight(self, route: str) -> float:
        """Give the weight of a route beside that by meaning, which has 1."""
        return 1.0 if route == DENSE else float(getattr(self, f"{route}_weight"))

    def confidence(self, signals: Signals) -> float:
        """Estimate the chance, in [0, 1], that the best entry is the right one."""
        calibration = self.other_language if signals.other_language else self.same_language
        return calibration.confidence(signals)

    def threshold_for(self, *, strict: bool) -> float:
        """Give the confidence from which an answer is given."""
        return self.strict_threshold if strict else self.threshold

    def asks_back(self, signals: Signals, confidence: float) -> bool:
        """Say whether to ask which of two entries is meant, where the confidence is too low for an answer."""
        return signals.margin <= _CLOSE and self.ask_threshold <= confidence

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Rule":
        """Read what ``dataclasses.asdict`` made of a rule.

        :raises ValueError: if a calibration does not fit the signals, or a value is not a finite number.
        """
        numbers = {name: float(content[name]) for name in _NUMBERS}
        _check_finite(*numbers.values())
        return cls(
            same_language=Calibration.from_json(content["same_language"]),
            other_language=Calibration.from_json(content["other_language"]),
            **numbers,
        )


def profile_prior(smoothing: float) -> float:
    """Give the weight of the route by profile: what concerns the customer rises by almost two places at the top.

    Questions to fit on come from nobody in particular, so that nothing can be learnt of it. The first and the second
    place by meaning lie 1 / (s + 1) − 1 / (s + 2) apart.
    """
    return round(_PROFILE_LIFT / (smoothing + 2), 2)


_PROFILE_LIFT = 1.8  # places
_NUMBERS = tuple(item.name for item in fields(Rule) if isinstance(item.default, float))


def _check_finite(*values: float) -> None:
    if not all(map(math.isfinite, values)):
        raise ValueError("a value of the rule is not finite")
