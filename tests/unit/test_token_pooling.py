"""Vectors of a model's tokens, moved to the tokens of Rasa."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.models.token_pooling import places_in_normalised, pool_tokens
from kefu.text import normalise, tokens


@pytest.mark.parametrize(
    "text", ["我要 退货", "  ＳＯ１２ 还没到\u200b呢", "hello   world", "①好", "ﬁne thanks", "👨\u200d👩\u200d👧 hi"]
)
def test_places_hold_what_the_tokens_say(text: str) -> None:
    spans = [(token.start, token.end) for token in tokens(text)]
    normal = normalise(text)
    for (start, end), (place_start, place_end) in zip(spans, places_in_normalised(text, spans), strict=True):
        assert normal[place_start:place_end] == normalise(text[start:end])


@given(st.text())
def test_any_text_has_ascending_places_inside_it(text: str) -> None:
    spans = [(token.start, token.end) for token in tokens(text)]
    places = places_in_normalised(text, spans)
    assert len(places) == len(spans)
    ends = [0, *(end for _, end in places)]
    assert all(before <= start <= end for before, (start, end) in zip(ends, places, strict=False))
    assert ends[-1] <= len(normalise(text))


def test_a_place_gets_the_mean_of_the_rows_that_overlap_it() -> None:
    rows = np.eye(3, dtype=np.float32)
    pooled = pool_tokens(rows, [(0, 2), (2, 4), (4, 6)], [(0, 1), (1, 4), (6, 6), (8, 9)])
    np.testing.assert_allclose(pooled[0], [1, 0, 0])
    np.testing.assert_allclose(pooled[1], np.array([1, 1, 0]) / np.sqrt(2), atol=1e-6)
    assert not pooled[2].any()
    assert not pooled[3].any()


def test_without_rows_everything_is_zero() -> None:
    assert pool_tokens(np.zeros((0, 4), np.float32), [], [(0, 1)]).tolist() == [[0.0] * 4]
