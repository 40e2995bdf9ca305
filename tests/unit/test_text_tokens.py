"""Batches of like length, laid flush right."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kefu.models.text_tokens import buckets, left_padded

LENGTHS = st.lists(st.integers(1, 600), max_size=60)


def test_rows_are_laid_flush_right() -> None:
    ids, mask = left_padded([[5, 6, 7], [8]])
    np.testing.assert_array_equal(ids, [[5, 6, 7], [0, 0, 8]])
    np.testing.assert_array_equal(mask, [[1, 1, 1], [0, 0, 1]])


@given(LENGTHS, st.sampled_from([0.0, 0.15, 1.0]), st.sampled_from([1, 64, 4096]))
def test_every_text_is_in_one_bucket_within_both_bounds(lengths: list[int], slack: float, tokens: int) -> None:
    groups = list(buckets(lengths, slack=slack, tokens=tokens))
    assert sorted(at for group in groups for at in group) == list(range(len(lengths)))
    for group in groups:
        found = [lengths[at] for at in group]
        assert max(found) <= (1 + slack) * min(found)
        assert len(group) == 1 or len(group) * max(found) <= tokens


def test_without_slack_only_equal_lengths_meet() -> None:
    assert list(buckets([3, 2, 3, 2, 9], slack=0.0, tokens=100)) == [[1, 3], [0, 2], [4]]
