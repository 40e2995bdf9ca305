"""Places in a route, hard and smooth, and their fusion."""

import numpy as np
import pytest

from kefu.knowledge.index.rule import Rule, profile_prior
from kefu.knowledge.recall.fusion import fused, hard_places, smooth_places
from kefu.knowledge.recall.routes import DENSE, KEYWORD

EVERY = np.ones(3, dtype=bool)


def test_the_best_score_has_the_first_place_and_what_was_not_brought_has_none() -> None:
    scores = np.array([0.2, 0.9, 0.5])
    assert hard_places(scores, EVERY).tolist() == [3, 1, 2]
    assert hard_places(scores, np.array([True, False, True])).tolist() == [2, 0, 1]
    assert smooth_places(scores, EVERY, 0.0).tolist() == [3, 1, 2]


def test_equal_scores_share_a_place_and_clear_ones_keep_theirs() -> None:
    assert smooth_places(np.array([1.0, 1.0, 0.0]), EVERY, 0.05) == pytest.approx([1.5, 1.5, 3.0])
    near = smooth_places(np.array([1.0, 0.98, 0.0]), EVERY, 0.05)
    assert 1 < near[0] < 1.5 < near[1] < 2
    assert smooth_places(np.array([1e9, -1e9, 0.0]), EVERY, 1e-9) == pytest.approx([1, 3, 2])


def test_the_fused_score_is_the_weighted_sum_of_reciprocal_places() -> None:
    rule = Rule(smoothing=10.0, keyword_weight=0.5, popularity_weight=0.01)
    places = {DENSE: np.array([1.0, 2.0]), KEYWORD: np.array([0.0, 1.0])}
    score = fused(places, np.array([1.0, 0.0]), rule)
    assert score == pytest.approx([1 / 11 + 0.01, 1 / 12 + 0.5 / 11])
    many = fused({name: np.stack([one, one]) for name, one in places.items()}, np.array([[1.0, 0.0]] * 2), rule)
    assert many == pytest.approx(np.stack([score, score]))


@pytest.mark.parametrize("smoothing", [3.0, 5.0, 10.0, 20.0])
def test_what_concerns_the_customer_rises_by_one_place_and_by_less_than_three(smoothing: float) -> None:
    rule = Rule(smoothing=smoothing, profile_weight=profile_prior(smoothing))
    by_meaning = [1 / (smoothing + place) for place in (1, 2, 3, 4)]
    lift = rule.profile_weight / (smoothing + 1)
    assert by_meaning[1] + lift > by_meaning[0] > by_meaning[3] + lift
    assert Rule().profile_weight == profile_prior(Rule().smoothing)
