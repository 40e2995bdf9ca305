"""How the ONNX engine uses the machine: threads by the setting, batches of like length, the right row to each text."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kefu.models.onnx_engine import OnnxEngine
from kefu.models.onnx_graph import OnnxGraph, threads_for
from kefu.settings import EmbeddingSettings

LENGTHS = [3, 40, 3, 200, 41, 7, 3, 39, 90, 1]
SMALL, LARGE = 15_000_000, 1_200_000_000  # bytes of weights: the embedded model's, and those of 0.6B in bfloat16


def engine_of(folder: Path, **options: int) -> OnnxEngine:
    return OnnxEngine.load(EmbeddingSettings(model=str(folder), **options), ["last_hidden_state"])  # type: ignore[arg-type]


@pytest.fixture
def tokens() -> list[list[int]]:
    """Texts of all lengths, in no order, no two of them alike."""
    random = np.random.default_rng(3)
    return [random.integers(1, 250, length).tolist() for length in LENGTHS]


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, ...]]]:
    """The shape ``(texts, tokens)`` of each run of a graph."""
    seen: list[tuple[int, ...]] = []
    run = OnnxGraph.run

    def recorded(graph: OnnxGraph, ids: np.ndarray, mask: np.ndarray, *, last_only: bool = False) -> np.ndarray:
        seen.append(ids.shape)
        return run(graph, ids, mask, last_only=last_only)

    monkeypatch.setattr(OnnxGraph, "run", recorded)
    yield seen


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_runtime_gets_the_threads_that_the_setting_allows(threads: int, exported_qwen3: Path) -> None:
    options = engine_of(exported_qwen3, threads=threads).graph._session.get_session_options()
    assert options.intra_op_num_threads == threads
    assert options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_a_small_model_gets_one_thread_and_a_large_one_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 1, 5}, raising=False)
    assert threads_for(0, SMALL) == 1
    assert threads_for(0, LARGE) == 3
    assert threads_for(2, SMALL) == threads_for(2, LARGE) == 2


def test_texts_of_like_length_are_computed_together(
    exported_qwen3: Path, tokens: list[list[int]], shapes: list[tuple[int, ...]]
) -> None:
    engine_of(exported_qwen3).last_rows(tokens)
    assert shapes == [(1, 1), (3, 3), (1, 7), (3, 41), (1, 90), (1, 200)]


def test_a_batch_has_no_more_tokens_than_allowed(
    exported_qwen3: Path, tokens: list[list[int]], shapes: list[tuple[int, ...]]
) -> None:
    engine_of(exported_qwen3).last_rows(tokens, tokens=82)
    assert shapes == [(1, 1), (3, 3), (1, 7), (2, 40), (1, 41), (1, 90), (1, 200)]


@pytest.mark.parametrize("limit", [1, 82, 4096])
def test_each_text_gets_its_own_row_whatever_it_is_computed_with(
    limit: int, exported_qwen3: Path, tokens: list[list[int]]
) -> None:
    engine = engine_of(exported_qwen3)
    alone = np.concatenate([engine.last_rows([ids]) for ids in tokens])
    assert alone.shape == (len(tokens), 64)
    np.testing.assert_allclose(engine.last_rows(tokens, tokens=limit), alone, atol=1e-5)
    assert np.abs(alone[0] - alone[2]).max() > 1e-2  # of one length, and yet not the same
