"""The linear head: what it learns, when it doubts, and what it stores."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from threadpoolctl import threadpool_info, threadpool_limits

from kefu.errors import DataError, ModelError
from kefu.models import linear_head_fit
from kefu.models.linear_head import LinearHead, SparseScaler, unit_rows
from kefu.models.linear_head_fit import fit_linear_head

WIDTH = 50


def dense_rows(labels: list[str], *, noise: float = 0.3, seed: int = 0) -> np.ndarray:
    """One direction a label, with noise."""
    random = np.random.default_rng(seed)
    names = sorted(set(labels))
    rows = np.zeros((len(labels), 8), dtype=np.float32)
    rows[np.arange(len(labels)), [names.index(label) for label in labels]] = 1
    return rows + noise * random.standard_normal(rows.shape).astype(np.float32)


def sparse_rows(labels: list[str]) -> sp.csr_matrix:
    """One column a label, and one that all have."""
    names = sorted(set(labels))
    counts = np.zeros((len(labels), WIDTH))
    counts[np.arange(len(labels)), [names.index(label) for label in labels]] = 1
    counts[:, 10] = 2
    return sp.csr_matrix(counts)


LABELS = ["greet", "return", "track"] * 12


def predicted(head: LinearHead, dense: np.ndarray | None, sparse: sp.csr_matrix | None) -> list[str]:
    return [head.labels[index] for index in head.probabilities(dense, sparse).argmax(axis=1)]


@pytest.mark.parametrize("with_dense", [True, False])
@pytest.mark.parametrize("with_sparse", [True, False])
def test_learns_from_either_block_or_both(with_dense: bool, with_sparse: bool) -> None:
    dense = dense_rows(LABELS, noise=0.1) if with_dense else None
    sparse = sparse_rows(LABELS) if with_sparse else None
    if dense is None and sparse is None:
        with pytest.raises(DataError):
            fit_linear_head(LABELS, dense, sparse)
        return
    head = fit_linear_head(LABELS, dense, sparse)
    assert predicted(head, dense, sparse) == LABELS
    np.testing.assert_allclose(head.probabilities(dense, sparse).sum(axis=1), 1, atol=1e-5)


def test_two_utterances_a_label_are_enough() -> None:
    labels = ["a", "a", "b", "b", "c", "c"]
    head = fit_linear_head(labels, dense_rows(labels, noise=0.1), sparse_rows(labels))
    assert predicted(head, dense_rows(labels, noise=0.1, seed=1), None) == labels
    assert np.isfinite(head.temperature)


@pytest.mark.parametrize("labels", [["a"], ["a", "a"], ["a", "b"], ["a", "a", "b"]])
def test_hardly_any_data_does_not_fail(labels: list[str]) -> None:
    head = fit_linear_head(labels, dense_rows(labels, noise=0.0), sparse_rows(labels))
    assert predicted(head, dense_rows(labels, noise=0.0), sparse_rows(labels)) == labels


def test_search_trusts_the_block_that_knows() -> None:
    labels = LABELS * 3
    noise = np.random.default_rng(5).standard_normal((len(labels), 8))
    by_words = fit_linear_head(labels, noise, sparse_rows(labels))
    no_words = sp.csr_matrix(np.random.default_rng(6).integers(0, 2, (len(labels), WIDTH)).astype(float))
    by_vectors = fit_linear_head(labels, dense_rows(labels), no_words)
    assert by_words.dense_share < by_vectors.dense_share


@pytest.fixture
def strengths(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The inverse regularisation of each final fit; those of the search are rough ones."""
    seen: list[float] = []
    real = linear_head_fit._fit_weights

    def fit(sample: Any, setting: Any, *, start: np.ndarray | None, precise: bool) -> np.ndarray:
        if precise:
            seen.append(setting.c)
        return real(sample, setting, start=start, precise=precise)

    monkeypatch.setattr(linear_head_fit, "_fit_weights", fit)
    return seen


def fine_rows(labels: list[str], seed: int) -> np.ndarray:
    """Labels that differ by a twentieth of a direction all share, hardly noisy: only large weights tell them apart."""
    rows = 0.05 * dense_rows(labels, noise=0.1, seed=seed)
    rows[:, 7] = 1
    return rows


def partly_wrong(labels: list[str]) -> list[str]:
    """Draw two labels of five anew: large weights would learn the slips."""
    random = np.random.default_rng(9)
    names = sorted(set(labels))
    return [str(random.choice(names)) if random.random() < 0.4 else label for label in labels]


def test_cross_validation_chooses_the_regularisation_that_the_data_need(strengths: list[float]) -> None:
    labels = ["a", "b", "c", "d"] * 30
    fine = fit_linear_head(labels, fine_rows(labels, seed=1), None)
    fit_linear_head(partly_wrong(labels), dense_rows(labels, noise=0.2), None)
    weak, strong = strengths
    assert weak >= 100 > 10 >= strong
    fresh, truth = fine_rows(labels, seed=2), np.arange(len(labels)) % 4

    def loss(head: LinearHead) -> float:
        return -float(np.log(head.probabilities(fresh, None)[np.arange(len(labels)), truth]).mean())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear_head_fit, "_CS", (strong,))
        held_down = fit_linear_head(labels, fine_rows(labels, seed=1), None)
    assert loss(fine) < loss(held_down) / 10


def test_without_the_search_the_regularisation_is_fixed(strengths: list[float]) -> None:
    labels = ["a", "b", "c", "d"] * 30
    fit_linear_head(labels, fine_rows(labels, seed=1), None, search=False)
    fit_linear_head(partly_wrong(labels), dense_rows(labels, noise=0.2), None, search=False)
    assert strengths == [linear_head_fit.DEFAULT_C] * 2


def test_a_rare_label_is_not_drowned_by_a_frequent_one() -> None:
    random = np.random.default_rng(1)
    labels = ["often"] * 300 + ["rare"] * 15
    centre = np.where(np.array(labels) == "rare", 1.0, -1.0)[:, None]
    rows = np.hstack([0.6 * centre + random.standard_normal((315, 1)), np.ones((315, 1))])
    head = fit_linear_head(labels, rows, None)
    recall = np.mean([name == "rare" for name in predicted(head, rows[300:], None)])
    assert recall > 0.5


def test_confidence_means_what_it_says() -> None:
    """On fresh data of a problem that cannot be solved perfectly, mean confidence is near accuracy."""
    labels = ["a", "b", "c", "d"] * 100
    head = fit_linear_head(labels, dense_rows(labels, noise=0.8, seed=1), None)
    fresh = dense_rows(labels, noise=0.8, seed=2)
    confidence = head.probabilities(fresh, None).max(axis=1).mean()
    accuracy = np.mean([one == other for one, other in zip(predicted(head, fresh, None), labels, strict=True)])
    assert 0.4 < accuracy < 0.95
    assert abs(confidence - accuracy) < 0.07


def test_fitting_is_reproducible() -> None:
    one, other = (fit_linear_head(LABELS, dense_rows(LABELS), sparse_rows(LABELS)) for _ in range(2))
    np.testing.assert_array_equal(one.dense_weights, other.dense_weights)
    assert one.temperature == other.temperature


def test_it_is_reproducible_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums over several threads are rounded otherwise; a handful of messages would be taken for something else."""
    import torch

    at_work: list[tuple[set[int], int]] = []
    minimise = linear_head_fit.minimise

    def noted(*arguments: Any, **options: Any) -> np.ndarray:
        def objective(point: np.ndarray) -> tuple[float, np.ndarray]:
            threads = {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}
            at_work.append((threads, torch.get_num_threads()))
            found: tuple[float, np.ndarray] = arguments[0](point)
            return found

        return minimise(objective, *arguments[1:], **options)

    monkeypatch.setattr(linear_head_fit, "minimise", noted)
    torch.set_num_threads(2)
    with threadpool_limits(limits=2):
        fit_linear_head(LABELS, dense_rows(LABELS), sparse_rows(LABELS), search=False)
    assert at_work and all(one == ({1}, 1) for one in at_work)
    assert torch.get_num_threads() == 2, "what others use is as before"


def test_the_less_is_known_the_lower_the_confidence() -> None:
    head = fit_linear_head(LABELS, None, sparse_rows(LABELS))
    known = np.zeros((2, WIDTH))
    known[:, 0] = 1
    known[1, 30:45] = 1  # columns that training never saw
    confidences = head.probabilities(None, sp.csr_matrix(known)).max(axis=1)
    assert confidences[1] < confidences[0]


def test_says_what_it_knows_nothing_of() -> None:
    head = fit_linear_head(LABELS, None, sparse_rows(LABELS))
    rows = sp.csr_matrix(([1.0, 1.0], ([0, 1], [0, 40])), shape=(3, WIDTH))
    assert head.knows(rows).tolist() == [True, False, False]
    dense_only = fit_linear_head(LABELS, dense_rows(LABELS), None)
    assert not dense_only.knows(rows).any()


def test_stored_and_read_back_it_predicts_the_same(tmp_path: Path) -> None:
    dense, sparse = dense_rows(LABELS), sparse_rows(LABELS)
    head = fit_linear_head(LABELS, dense, sparse)
    head.save(tmp_path)
    again = LinearHead.load(tmp_path)
    np.testing.assert_array_equal(again.probabilities(dense, sparse), head.probabilities(dense, sparse))
    assert again.labels == head.labels
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".npz"]


def test_read_back_without_a_sparse_block(tmp_path: Path) -> None:
    head = fit_linear_head(LABELS, dense_rows(LABELS), None)
    head.save(tmp_path)
    assert LinearHead.load(tmp_path).scaler is None


@pytest.mark.parametrize("fault", ["missing", "cut", "no json", "pickle", "other format"])
def test_a_damaged_file_is_refused_with_the_command(tmp_path: Path, fault: str) -> None:
    fit_linear_head(LABELS, dense_rows(LABELS), None).save(tmp_path)
    arrays, facts = tmp_path / "head.npz", tmp_path / "head.json"
    if fault == "missing":
        arrays.unlink()
    elif fault == "cut":
        arrays.write_bytes(arrays.read_bytes()[:100])
    elif fault == "no json":
        facts.write_text("{", encoding="utf-8")
    elif fault == "pickle":
        np.savez(arrays, bias=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    else:
        facts.write_text(facts.read_text(encoding="utf-8").replace('"format": 1', '"format": 99'), encoding="utf-8")
    with pytest.raises(ModelError, match="kefu train --force"):
        LinearHead.load(tmp_path)


def test_features_of_another_width_are_refused() -> None:
    head = fit_linear_head(LABELS, dense_rows(LABELS), sparse_rows(LABELS))
    with pytest.raises(ModelError, match="8"):
        head.probabilities(np.ones((1, 9), np.float32), None)
    with pytest.raises(ModelError, match="50"):
        head.probabilities(None, sp.csr_matrix((1, 51)))


def test_scaled_rows_have_length_one_where_everything_is_known() -> None:
    counts = sparse_rows(LABELS)
    scaled = SparseScaler.fit(counts, min_rows=1).transform(counts)
    np.testing.assert_allclose(np.sqrt(scaled.multiply(scaled).sum(axis=1)), 1, atol=1e-5)


def test_rare_columns_are_left_out() -> None:
    counts = sp.csr_matrix(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 1]], dtype=float))
    assert SparseScaler.fit(counts, min_rows=2).columns.tolist() == [0, 2]


def test_a_row_of_rare_columns_only_keeps_them() -> None:
    counts = sp.csr_matrix(np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], dtype=float))
    assert SparseScaler.fit(counts, min_rows=2).columns.tolist() == [0, 2, 3]


def test_a_row_of_zeros_stays_one() -> None:
    assert not unit_rows(np.zeros((1, 3))).any()
