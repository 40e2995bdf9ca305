"""ONNX exports as others publish them: inputs of other names and types, weights of their own, pooled or not."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import load_external_data_for_model

from kefu.errors import ModelError
from kefu.models.loader import build_embedder, model_fingerprint
from kefu.models.onnx_embedder import OnnxEmbedder
from kefu.models.onnx_graph import OnnxGraph
from kefu.models.text_tokens import left_padded
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.settings import EmbeddingSettings

TEXTS = ["我要退货", "where is my parcel?", "hi", "我上周买的耳机坏了，左边没有声音", "运费"]
Change = Callable[[onnx.ModelProto], None]


@pytest.fixture
def publish(tiny_qwen3: Path, export_script: ModuleType, tmp_path: Path) -> Callable[..., Path]:
    """Give a maker of folders without safetensors, whose graph holds its weights and is changed by the test."""

    def make(*changes: Change, place: str = "onnx/model.onnx") -> Path:
        model = export_script.qwen3_graph(tiny_qwen3)
        load_external_data_for_model(model, str(tiny_qwen3))
        del model.metadata_props[:]
        for change in changes:
            change(model)
        folder = tmp_path / "published"
        if not folder.exists():
            shutil.copytree(tiny_qwen3, folder, ignore=shutil.ignore_patterns("*.safetensors"))
        (folder / place).parent.mkdir(exist_ok=True)
        onnx.save(model, str(folder / place))
        return folder

    return make


def without_keep_from(model: onnx.ModelProto) -> None:
    """Make the choice of rows a constant, as in graphs that know nothing of it."""
    (item,) = [item for item in model.graph.input if item.name == "keep_from"]
    model.graph.input.remove(item)


def with_pasts(model: onnx.ModelProto) -> None:
    """Ask for keys and values of a past, and give the present ones, under the names that optimum uses."""
    for kind in ("key", "value"):
        shape = ["batch", 2, "past", 16]
        model.graph.input.append(helper.make_tensor_value_info(f"past_key_values.0.{kind}", TensorProto.FLOAT, shape))
        model.graph.node.append(helper.make_node("Identity", [f"past_key_values.0.{kind}"], [f"present.0.{kind}"]))
        model.graph.output.append(helper.make_tensor_value_info(f"present.0.{kind}", TensorProto.FLOAT, shape))


def with_narrow_numbers(model: onnx.ModelProto) -> None:
    """Take tokens as int32 and give states as float16."""
    for item in model.graph.input:
        if item.name in ("input_ids", "attention_mask", "position_ids"):
            item.type.tensor_type.elem_type = TensorProto.INT32
            for node in model.graph.node:
                node.input[:] = [f"wide_{name}" if name == item.name else name for name in node.input]
            cast = helper.make_node("Cast", [item.name], [f"wide_{item.name}"], to=TensorProto.INT64)
            model.graph.node.insert(0, cast)
    (last,) = [node for node in model.graph.node if "last_hidden_state" in node.output]
    last.op_type = "Cast"
    last.attribute.append(helper.make_attribute("to", TensorProto.FLOAT16))
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT16


def pooled(model: onnx.ModelProto) -> None:
    """Give the last token's state only, under the name that sentence-transformers uses."""
    model.graph.initializer.append(numpy_helper.from_array(np.array(-1), "last"))
    model.graph.node.append(helper.make_node("Gather", ["last_hidden_state", "last"], ["sentence_embedding"], axis=1))
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", 64]))


def blind_to_padding(model: onnx.ModelProto) -> None:
    """Leave the mask out of account, as fused attention does with padding on the left."""
    (item,) = [item for item in model.graph.input if item.name == "attention_mask"]
    model.graph.input.remove(item)
    model.graph.node.insert(0, helper.make_node("Shape", ["input_ids"], ["size"]))
    one = numpy_helper.from_array(np.array([1]), "value")
    model.graph.node.insert(1, helper.make_node("ConstantOfShape", ["size"], ["attention_mask"], value=one))


@pytest.mark.parametrize(
    ("changes", "tolerance"),
    [
        ([], 1e-5),
        ([without_keep_from], 1e-5),
        ([without_keep_from, with_pasts], 1e-5),
        ([without_keep_from, with_narrow_numbers], 2e-3),
        ([without_keep_from, pooled], 1e-5),
        ([blind_to_padding], 1e-5),
    ],
    ids=["plain", "all rows", "pasts", "narrow numbers", "pooled", "blind to padding"],
)
def test_vectors_equal_those_of_transformers(
    publish: Callable[..., Path], changes: list[Change], tolerance: float, tiny_qwen3: Path
) -> None:
    embedder = build_embedder(EmbeddingSettings(model=str(publish(*changes))))
    assert isinstance(embedder, OnnxEmbedder)
    expected = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu")).embed(TEXTS, task="faq")
    np.testing.assert_allclose(embedder.embed(TEXTS, task="faq"), expected, atol=tolerance)


def test_eight_bit_weights_run_by_option_and_are_another_model(
    exported_qwen3: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    folder = tmp_path / "quantised"
    shutil.copytree(exported_qwen3, folder)
    export_script.export_int8(folder)
    full = EmbeddingSettings(model=str(folder))
    small = EmbeddingSettings(model=str(folder), onnx_file="onnx/model_quantized.onnx")
    rows, expected = build_embedder(small).embed(TEXTS), build_embedder(full).embed(TEXTS)
    likeness = (rows * expected).sum(axis=1)
    assert likeness.min() > 0.97
    assert likeness.min() < 0.99999, "they are computed with, not the full ones"
    assert build_embedder(small).identity().fingerprint == model_fingerprint(small)
    assert model_fingerprint(small) != model_fingerprint(full)
    graph = OnnxGraph(folder / "onnx" / "model_quantized.onnx", threads=1, outputs=["last_hidden_state"])
    assert graph.run(*left_padded([[5, 6, 7, 8]]), last_only=True).shape[1] == 1, "the last layer is spared here too"


def test_weights_beside_the_graph_count_for_its_fingerprint(publish: Callable[..., Path]) -> None:
    folder = publish()
    (folder / "onnx" / "model.onnx_data").write_bytes(b"weights")
    before = model_fingerprint(EmbeddingSettings(model=str(folder)))
    (folder / "onnx" / "model.onnx_data").write_bytes(b"other ones")
    assert model_fingerprint(EmbeddingSettings(model=str(folder))) != before


def test_a_pooled_graph_has_no_vectors_of_tokens(publish: Callable[..., Path]) -> None:
    embedder = OnnxEmbedder(EmbeddingSettings(model=str(publish(without_keep_from, pooled))))
    with pytest.raises(ModelError, match="sentence_embedding only"):
        embedder.embed_tokens("我要退货")


def with_input(name: str, kind: int) -> Change:
    def change(model: onnx.ModelProto) -> None:
        model.graph.input.append(helper.make_tensor_value_info(name, kind, ["one"]))
        model.graph.node.append(helper.make_node("Identity", [name], ["unused"]))

    return change


def with_another_output(model: onnx.ModelProto) -> None:
    (last,) = [node for node in model.graph.node if "last_hidden_state" in node.output]
    last.output[0] = model.graph.output[0].name = "logits"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (with_input("use_cache_branch", TensorProto.BOOL), r"use_cache_branch \(tensor\(bool\)\)"),
        (with_input("inputs_embeds", TensorProto.FLOAT), "inputs_embeds"),
        (with_input("past_key_values.0.key", TensorProto.BFLOAT16), r"past_key_values\.0\.key \(tensor\(bfloat16\)\)"),
        (with_another_output, "gives logits; needed is one of last_hidden_state"),
    ],
)
def test_graphs_that_are_not_understood_are_refused(
    publish: Callable[..., Path], change: Change, complaint: str
) -> None:
    with pytest.raises(ModelError, match=complaint):
        build_embedder(EmbeddingSettings(model=str(publish(change)))).warm_up()
