"""Confidence in an answer: a share, that more evidence never lowers."""

import math
from dataclasses import astuple, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.knowledge.index.rule import SIGNAL_COUNT, Calibration, Rule, Signals

shares = st.floats(0, 1)
likenesses = st.floats(-1, 1)
signals = st.builds(
    Signals,
    dense=likenesses,
    letters=shares,
    margin=st.floats(-2, 2),
    agreement=shares,
    ahead_of_nowhere=st.floats(-2, 2),
    letters_ahead_of_nowhere=likenesses,
    coverage=shares,
    known=shares,
    other_language=st.booleans(),
)
# A fit gives weights from 0 (kefu/knowledge/index/fit.py), of any size, and any intercept.
calibrations = st.builds(
    Calibration,
    st.lists(st.floats(0, 1e6), min_size=SIGNAL_COUNT, max_size=SIGNAL_COUNT).map(tuple),
    st.floats(-1e6, 1e6),
)
rules = st.builds(Rule, same_language=calibrations, other_language=calibrations) | st.just(Rule())


@given(rules, signals)
def test_it_is_a_share(rule: Rule, found: Signals) -> None:
    confidence = rule.confidence(found)
    assert math.isfinite(confidence) and 0 <= confidence <= 1


@given(rules, signals, st.sampled_from([field.name for field in fields(Signals)][:-1]), st.floats(0, 2))
def test_more_evidence_never_lowers_it(rule: Rule, found: Signals, name: str, more: float) -> None:
    raised = replace(found, **{name: getattr(found, name) + more})
    assert rule.confidence(raised) >= rule.confidence(found)


def test_every_signal_is_one_that_the_rule_of_thumb_may_count() -> None:
    """All but the last, which decides on the calibration, are evidence for an answer."""
    assert [field.name for field in fields(Signals)][-1] == "other_language"
    assert len(astuple(Signals(*[0.0] * SIGNAL_COUNT, other_language=False))) == SIGNAL_COUNT + 1
    assert min(Rule().same_language.weights + Rule().other_language.weights) >= 0


@pytest.mark.parametrize("strict", [False, True])
def test_what_nothing_speaks_for_is_not_answered_and_what_everything_does_is(strict: bool) -> None:
    threshold = Rule().threshold_for(strict=strict)
    assert Rule().confidence(Signals(0, 0, 0, 0, 0, 0, 0, 0, False)) < threshold
    assert Rule().confidence(Signals(1, 1, 1, 1, 1, 1, 1, 1, False)) > threshold
