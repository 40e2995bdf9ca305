"""The ONNX export of a reranker: two logits instead of a vocabulary, from the same files as transformers."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import load_external_data_for_model

from kefu.errors import ModelError
from kefu.models.loader import build_reranker, model_fingerprint
from kefu.models.onnx_embedder import OnnxEmbedder
from kefu.models.onnx_graph import OnnxGraph
from kefu.models.onnx_reranker import OnnxReranker
from kefu.models.text_tokens import left_padded
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.models.transformers_reranker import TransformersReranker
from kefu.settings import EmbeddingSettings, RerankerSettings

QUERY = "运费多少钱"
DOCUMENTS = ["满99元包邮。", "hi", "发票在订单页面申请", "Returns are free within thirty days of delivery. " * 5]


def onnx_scores(folder: Path, **options: Any) -> np.ndarray:
    return OnnxReranker(RerankerSettings(model=str(folder), **options)).score(QUERY, DOCUMENTS)


def reference_scores(folder: Path) -> np.ndarray:
    settings = RerankerSettings(model=str(folder), device="cpu", dtype="float32")
    return TransformersReranker(settings).score(QUERY, DOCUMENTS)


@pytest.mark.parametrize(
    ("dtype", "shape"),
    [
        ("float32", {"tie_word_embeddings": False}),
        ("float16", {}),
        ("bfloat16", {"tie_word_embeddings": False, "num_key_value_heads": 1}),
    ],
    ids=["own head", "half", "own head in bfloat16"],
)
def test_scores_equal_those_of_transformers(make_reranker: Any, dtype: str, shape: dict[str, Any]) -> None:
    folder = make_reranker(dtype, **shape)
    assert (folder / "model.onnx").stat().st_size < 40_000, "the weights stay in their own files"
    np.testing.assert_allclose(onnx_scores(folder), reference_scores(folder), atol=1e-5)


def test_the_graph_gives_no_logits_but_the_two(reranker_folder: Path) -> None:
    graph = OnnxGraph(reranker_folder / "model.onnx", threads=1, outputs=["answer_logits"])
    ids, mask = left_padded([[5, 6, 7, 8], [9, 10]])
    every, last = graph.run(ids, mask), graph.run(ids, mask, last_only=True)
    assert every.shape == last.shape == (2, 2)
    np.testing.assert_allclose(every, last, atol=1e-6)


def test_the_states_of_the_same_graph_are_an_embedders(reranker_folder: Path) -> None:
    settings = EmbeddingSettings(model=str(reranker_folder), device="cpu")
    rows, expected = OnnxEmbedder(settings).embed(DOCUMENTS), TransformersEmbedder(settings).embed(DOCUMENTS)
    np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_eight_bit_weights_run_by_option_and_are_another_model(
    reranker_folder: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    folder = tmp_path / "quantised"
    shutil.copytree(reranker_folder, folder)
    export_script.export_int8(folder)
    small = RerankerSettings(model=str(folder), onnx_file="onnx/model_quantized.onnx")
    scores, expected = onnx_scores(folder, onnx_file=small.onnx_file), onnx_scores(folder)
    assert 1e-6 < np.abs(scores - expected).max() < 0.1, "near those of the full weights, not equal"
    assert model_fingerprint(small) != model_fingerprint(RerankerSettings(model=str(folder)))


def test_a_head_that_the_configuration_promises_is_missed(
    reranker_folder: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    folder = tmp_path / "headless"
    shutil.copytree(reranker_folder, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": False}))
    with pytest.raises(ValueError, match=r"no lm_head\.weight"):
        export_script.export(folder)


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_an_embedder_is_no_reranker(exported_qwen3: Path, engine: str) -> None:
    reranker = build_reranker(RerankerSettings(model=str(exported_qwen3), engine=engine, device="cpu"))
    assert reranker is not None
    with pytest.raises(ModelError, match=r"needed is one of answer_logits|holds no reranker.*Qwen3Model"):
        reranker.warm_up()


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_a_vocabulary_without_the_answers_is_refused(reranker_folder: Path, engine: str, tmp_path: Path) -> None:
    folder = tmp_path / "mute"
    shutil.copytree(reranker_folder, folder)
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    content["model"]["merges"] = [pair for pair in content["model"]["merges"] if "yes" not in "".join(pair)]
    content["model"]["vocab"] = {
        name: number for name, number in content["model"]["vocab"].items() if "yes" not in name
    }
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    reranker = build_reranker(RerankerSettings(model=str(folder), engine=engine, device="cpu"))
    assert reranker is not None
    with pytest.raises(ModelError, match="vocabulary lacks one of no and yes"):
        reranker.warm_up()


def as_published(model: onnx.ModelProto, kind: str) -> None:
    """Change the graph to give what others export: a language model's logits of all tokens, or a classifier's one."""
    table = numpy_helper.to_array(
        next(item for item in model.graph.initializer if item.name.endswith("tokens.weight"))
    )
    del model.graph.output[:]
    if kind == "language model":
        model.graph.initializer.append(numpy_helper.from_array(table.T.copy(), "head"))
        model.graph.node.append(helper.make_node("MatMul", ["last_hidden_state", "head"], ["logits"]))
        shape: list[str | int] = ["batch", "tokens", table.shape[0]]
    else:
        model.graph.initializer.append(numpy_helper.from_array(np.array([[-1.0], [1.0]], np.float32), "difference"))
        model.graph.node.append(helper.make_node("MatMul", ["answer_logits", "difference"], ["logits"]))
        shape = ["batch", 1]
    model.graph.output.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape))


@pytest.mark.parametrize("kind", ["language model", "classifier"])
def test_graphs_that_others_publish_work_too(
    reranker_folder: Path, export_script: ModuleType, tmp_path: Path, kind: str
) -> None:
    model = export_script.qwen3_graph(reranker_folder)
    load_external_data_for_model(model, str(reranker_folder))
    del model.metadata_props[:]
    as_published(model, kind)
    folder = tmp_path / "published"
    shutil.copytree(reranker_folder, folder, ignore=shutil.ignore_patterns("*.safetensors", "*.onnx"))
    (folder / "onnx").mkdir()
    onnx.save(model, str(folder / "onnx" / "model.onnx"))
    np.testing.assert_allclose(onnx_scores(folder), onnx_scores(reranker_folder), atol=1e-5)


def test_neither_torch_nor_transformers_is_imported(reranker_folder: Path) -> None:
    program = f"""
import sys
from kefu.models import build_reranker
from kefu.settings import RerankerSettings
reranker = build_reranker(RerankerSettings(model={str(reranker_folder)!r}))
assert reranker.score("运费", ["包邮", "hello"]).shape == (2,)
print(type(reranker).__name__, [name for name in ("torch", "transformers", "tensorflow") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "OnnxReranker []", done.stderr
