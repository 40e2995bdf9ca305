"""What a training step is judged by: every prefix of the vector counts, and what is no negative is never one."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from batches import _negatives as negatives_of  # noqa: E402
from losses import distillation_loss, pair_loss, prefixes  # noqa: E402


def _rows(count: int, width: int, seed: int) -> torch.Tensor:
    rows = torch.randn(count, width, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(rows, dim=1)


@pytest.mark.parametrize(
    ("width", "sizes"),
    [(256, (64, 128, 256)), (384, (64, 128, 256, 384)), (128, (64, 128)), (64, (64,)), (32, (32,)), (100, (64, 100))],
)
def test_vectors_are_judged_whole_and_at_shorter_sizes_each_once(width: int, sizes: tuple[int, ...]) -> None:
    assert prefixes(width) == sizes


@pytest.mark.parametrize("width", [256, 384])
def test_a_fault_of_one_part_of_the_vector_pulls_at_every_prefix_that_has_it(width: int) -> None:
    """The target differs from the vector in one part only: prefixes before it have nothing to mend."""
    targets, others = _rows(4, width, 1), _rows(8, width, 2)
    starts = (0, *prefixes(width)[:-1])
    for start, end in zip(starts, prefixes(width), strict=True):
        vectors = targets.clone()
        vectors[:, start:end] = -vectors[:, start:end]
        vectors.requires_grad_()
        sizes = [size for size in prefixes(width) if size >= end]
        distance = sum(
            1 - torch.cosine_similarity(vectors[:, :size], targets[:, :size]).mean().item() for size in sizes
        )
        loss = distillation_loss(vectors, targets, others)
        loss.backward()
        assert loss.item() > 4 * distance / len(prefixes(width))
        assert vectors.grad is not None and vectors.grad[:, start:end].norm() > 0.1


def test_the_shortest_prefix_gets_the_most_of_the_gradient() -> None:
    """It is part of every other: the first components are drawn by all the losses."""
    vectors = _rows(16, 256, 3).requires_grad_()
    distillation_loss(vectors, _rows(16, 256, 4), _rows(32, 256, 5)).backward()
    assert vectors.grad is not None
    first, second, rest = (
        vectors.grad[:, part].norm(dim=0).mean() for part in (slice(64), slice(64, 128), slice(128, 256))
    )
    assert first > second > rest > 0


def test_the_target_is_the_best_and_its_double_no_negative() -> None:
    targets, others = _rows(4, 256, 6), _rows(8, 256, 7)
    right = distillation_loss(targets, targets, others)
    assert right < distillation_loss(targets.roll(1, 0), targets, others)
    doubled = torch.cat([others, targets])
    assert distillation_loss(targets, targets, doubled) == pytest.approx(right.item(), abs=1e-6)


def test_pairs_that_are_no_negatives_do_not_push() -> None:
    """Two pairs in one place: held apart where they are negatives, left alone where they are not."""
    one = _rows(1, 256, 8)
    near = torch.nn.functional.normalize(torch.cat([one] * 4) + 0.02 * _rows(4, 256, 9), dim=1)
    negative, none = ~torch.eye(2, dtype=torch.bool), torch.zeros(2, 2, dtype=torch.bool)
    assert _pair_loss(near, none).item() == pytest.approx(0, abs=1e-6)
    assert _pair_loss(near, negative).item() > 0.5
    apart = torch.cat([one, one, -one, -one])
    assert _pair_loss(apart, negative).item() == pytest.approx(0, abs=1e-6)


def test_a_mined_text_pushes_the_pairs_that_it_is_a_negative_for() -> None:
    one = _rows(1, 256, 8)
    vectors, none = torch.cat([one, one, -one, -one]), torch.zeros(2, 2, dtype=torch.bool)
    for against, pushed in (([True, False], True), ([False, True], False), ([False, False], False)):
        loss = pair_loss(vectors, none, one, torch.tensor(against)[:, None])
        assert loss.item() == pytest.approx(math.log(2) / 2 if pushed else 0, abs=1e-4)


def test_the_loss_of_pairs_reaches_every_part() -> None:
    vectors, mined = _rows(8, 256, 10).requires_grad_(), _rows(3, 256, 11).requires_grad_()
    pair_loss(vectors, ~torch.eye(4, dtype=torch.bool), mined, torch.ones(4, 3, dtype=torch.bool)).backward()
    assert vectors.grad is not None and mined.grad is not None
    for part in (slice(64), slice(64, 128), slice(128, 256)):
        assert vectors.grad[:, part].norm() > 0
        assert mined.grad[:, part].norm() > 0


def _pair_loss(vectors: torch.Tensor, negative: torch.Tensor) -> torch.Tensor:
    return pair_loss(vectors, negative, vectors[:0], torch.zeros(len(negative), 0, dtype=torch.bool))


KINDS = ["topic", "topic", "topic", "intent", "intent", "clinc", "clinc", "bitext", "multidogo", "alone", "alone"]
NAMES = [
    "return_window", "return_window", "invoice", "intent_cancel_order", "intent_thanks",
    "alarm", "alarm", "refund", "refund", "谢谢", "在吗",
]  # fmt: skip


def _negatives() -> np.ndarray:
    groups = list(zip(KINDS, NAMES, strict=True))
    return negatives_of(groups, groups)


def test_the_same_label_is_never_a_negative() -> None:
    negative = _negatives()
    assert (negative == negative.T).all()
    for one, name in enumerate(NAMES):
        for other, another in enumerate(NAMES):
            if name == another:
                assert not negative[one, other], (name, KINDS[one], KINDS[other])


def test_only_what_cannot_mean_the_same_is_a_negative() -> None:
    negative = _negatives()
    at = {(kind, name): place for place, (kind, name) in enumerate(zip(KINDS, NAMES, strict=True))}
    window, invoice = at["topic", "return_window"], at["topic", "invoice"]
    cancel, thanks = at["intent", "intent_cancel_order"], at["intent", "intent_thanks"]
    assert negative[window, invoice]  # topics among themselves
    assert negative[window, thanks] and not negative[window, cancel]  # small talk is about no topic, a wish may be
    assert negative[at["clinc", "alarm"], invoice]  # CLINC150 has no shop
    assert not negative[at["bitext", "refund"], invoice]  # other people's labels may be a topic of ours
    assert not negative[at["alone", "谢谢"], thanks]
    assert negative[at["alone", "谢谢"], at["alone", "在吗"]]


def test_labels_of_different_sets_that_mean_the_same_are_no_negatives() -> None:
    shop = [("topic", "order_cancel_how"), ("bitext", "track_order"), ("intent", "intent_thanks")]
    clinc = [("clinc", "cancel"), ("clinc", "order_status"), ("clinc", "thank_you"), ("clinc", "tire_change")]
    assert negatives_of(shop, clinc).tolist() == [[False, False, True, True]] * 2 + [[False] * 4]
    assert (negatives_of(shop, clinc) == negatives_of(clinc, shop).T).all()


def test_turns_of_multidogo_that_share_an_intent_are_no_negatives() -> None:
    turns = [
        ("multidogo", name)
        for name in ("finance thankyou", "media thankyou", "finance closeaccount<div>thankyou", "airline outofdomain")
    ]
    assert not negatives_of(turns, turns).any()
    assert negatives_of([("multidogo", "finance closeaccount")], turns)[0].tolist() == [True, True, False, False]


def test_no_mined_texts_are_a_matrix_without_columns() -> None:
    assert negatives_of([("topic", "invoice"), ("topic", "coupon")], []).shape == (2, 0)
