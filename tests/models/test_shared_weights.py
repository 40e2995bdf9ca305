"""The weights of a model are in memory once, however many embedders read it in their own ways."""

import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kefu.models import loader, onnx_engine, shared_embedder, shared_reranker, transformers_engine
from kefu.models.onnx_graph import OnnxGraph
from kefu.models.shared_weights import SharedWeights
from kefu.settings import EmbeddingSettings, RerankerSettings

TEXTS = ["我要退货", "where is my parcel", "发票怎么开 " * 20, "hello"]


@pytest.fixture
def onnx_loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The graphs that ONNX Runtime really loads in a process that has loaded nothing yet."""
    monkeypatch.setattr(loader, "_shared", {})
    monkeypatch.setattr(onnx_engine, "_graphs", SharedWeights())
    seen: list[Path] = []

    class Counted(OnnxGraph):
        def __init__(self, file: Path, **options: Any) -> None:
            seen.append(file)
            super().__init__(file, **options)

    monkeypatch.setattr(onnx_engine, "OnnxGraph", Counted)
    return seen


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The folders that transformers really loads from in a process that has loaded nothing yet."""
    from transformers import AutoModel

    monkeypatch.setattr(loader, "_shared", {})
    monkeypatch.setattr(transformers_engine, "_weights", SharedWeights())
    seen: list[Any] = []
    real = AutoModel.from_pretrained

    def counted(folder: Any, **options: Any) -> Any:
        seen.append(folder)
        return real(folder, **options)

    monkeypatch.setattr(AutoModel, "from_pretrained", counted)
    return seen


def in_process(folder: Path, **options: Any) -> Any:
    return shared_embedder(EmbeddingSettings(model=str(folder), device="cpu", **options))


@pytest.mark.parametrize(
    "options",
    [{"batch_size": 16}, {"dimension": 32}, {"max_length": 8}, {"cache_size": 0}, {"threads": 1}, {"retries": 0}],
    ids=lambda options: next(iter(options)),
)
def test_what_is_no_matter_of_the_weights_loads_no_second_copy(
    tiny_qwen3: Path, loads: list[Any], options: dict[str, Any]
) -> None:
    first, second = in_process(tiny_qwen3, batch_size=2), in_process(tiny_qwen3, **options)
    assert first is not second
    first.embed(TEXTS), second.embed(TEXTS)
    assert loads == [tiny_qwen3]


@pytest.mark.parametrize("options", [{"batch_size": 16}, {"dimension": 32}, {"max_length": 8}, {"threads": 1}])
def test_a_graph_is_loaded_once_too(exported_qwen3: Path, onnx_loads: list[Path], options: dict[str, Any]) -> None:
    first, second = in_process(exported_qwen3, batch_size=2), in_process(exported_qwen3, **options)
    assert first is not second
    first.embed(TEXTS), second.embed(TEXTS)
    assert onnx_loads == [exported_qwen3 / "model.onnx"]


def test_a_graph_for_more_threads_is_another_one(exported_qwen3: Path, onnx_loads: list[Path]) -> None:
    one, two = in_process(exported_qwen3, threads=1), in_process(exported_qwen3, threads=2)
    one.warm_up(), two.warm_up()
    assert len(onnx_loads) == 2


def test_rerankers_share_a_graph_and_threads_may_share_a_reranker(
    reranker_folder: Path, onnx_loads: list[Path]
) -> None:
    one, other = (
        shared_reranker(RerankerSettings(model=str(reranker_folder), max_length=length)) for length in (512, 64)
    )
    assert one is not None and other is not None and one is not other
    expected = one.score("运费", TEXTS), other.score("运费", TEXTS)
    assert onnx_loads == [reranker_folder / "model.onnx"]
    found: list[tuple[Any, Any]] = []
    threads = [
        threading.Thread(target=lambda: found.append((one.score("运费", TEXTS), other.score("运费", TEXTS))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for pair in found:
        np.testing.assert_allclose(pair, expected, atol=1e-6)


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_each_embedder_keeps_its_own_ways(engine: str, exported_qwen3: Path) -> None:
    whole, short, cut = (
        in_process(exported_qwen3, engine=engine),
        in_process(exported_qwen3, engine=engine, dimension=32),
        in_process(exported_qwen3, engine=engine, max_length=8),
    )
    full = whole.embed(TEXTS)
    small = short.embed(TEXTS)
    assert (whole.identity().dim, short.identity().dim) == (64, 32)
    np.testing.assert_allclose(small, full[:, :32] / np.linalg.norm(full[:, :32], axis=1, keepdims=True), atol=1e-5)
    np.testing.assert_allclose(cut.embed([TEXTS[3]]), whole.embed([TEXTS[3]]), atol=1e-5)
    assert not np.allclose(cut.embed([TEXTS[2]]), whole.embed([TEXTS[2]]), atol=1e-3)


def test_other_numbers_or_another_attention_are_other_weights(tiny_qwen3: Path, loads: list[Any]) -> None:
    one, other, third = (
        in_process(tiny_qwen3),
        in_process(tiny_qwen3, dtype="bfloat16"),
        in_process(tiny_qwen3, attention="eager"),
    )
    for each in (one, other, third):
        each.warm_up()
    assert loads == [tiny_qwen3] * 3


class Thing:
    """What weights stand for in the tests of the table itself."""


def test_threads_that_ask_at_once_get_one_copy() -> None:
    table: SharedWeights[Thing] = SharedWeights()
    entered, made, found = threading.Barrier(8), [], []

    def load() -> Thing:
        made.append(Thing())
        return made[-1]

    def ask() -> None:
        entered.wait(30)
        found.append(table.get("key", load))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(found) == 8
    assert {id(thing) for thing in found} == {id(made[0])}


def test_weights_that_nobody_uses_any_more_are_let_go() -> None:
    table: SharedWeights[Thing] = SharedWeights()
    thing = table.get("key", Thing)
    gone = weakref.ref(thing)
    del thing
    gc.collect()
    assert gone() is None
    assert isinstance(table.get("key", Thing), Thing)


def test_a_load_that_fails_is_tried_again() -> None:
    table: SharedWeights[Thing] = SharedWeights()

    def fail() -> Thing:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        table.get("key", fail)
    assert isinstance(table.get("key", Thing), Thing)
