"""The ONNX engine: the same vectors as transformers, from the same files, without importing it."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kefu.errors import ModelError
from kefu.models.checkpoint import EMBEDDED_EMBEDDER, locate
from kefu.models.loader import build_embedder
from kefu.models.onnx_embedder import OnnxEmbedder
from kefu.models.onnx_files import shares_weights
from kefu.models.onnx_graph import OnnxGraph
from kefu.models.text_tokens import left_padded
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.settings import EmbeddingSettings

TEXTS = [
    "我要退货",
    "where is my parcel?",
    "hi",
    "发票怎么开，抬头能不能改成公司的，税号在订单备注里写了",
    "My headphones arrived broken: the left side is silent. Can I send them back, and who pays the postage?",
    "我上周买的耳机坏了",
]


def both(folder: Path | str, **options: object) -> tuple[OnnxEmbedder, TransformersEmbedder]:
    settings = {"model": str(folder), "device": "cpu", "dtype": "float32", **options}
    return OnnxEmbedder(EmbeddingSettings(**settings)), TransformersEmbedder(EmbeddingSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("task", [None, "faq", "Find the colour"])
@pytest.mark.parametrize("model", ["tiny", "embedded"])
def test_vectors_equal_those_of_transformers(model: str, task: str | None, exported_qwen3: Path) -> None:
    onnx, reference = both(EMBEDDED_EMBEDDER if model == "embedded" else exported_qwen3)
    assert np.abs(onnx.embed(TEXTS, task=task) - reference.embed(TEXTS, task=task)).max() <= 1e-5
    for text in TEXTS:
        assert np.abs(onnx.embed([text], task=task) - reference.embed([text], task=task)).max() <= 1e-5


@pytest.mark.parametrize("options", [{"max_length": 8}, {"dimension": 32}, {"batch_size": 1}, {"threads": 2}])
def test_options_count_as_with_transformers(options: dict[str, int], exported_qwen3: Path) -> None:
    onnx, reference = both(exported_qwen3, **options)
    np.testing.assert_allclose(onnx.embed(TEXTS), reference.embed(TEXTS), atol=1e-5)
    assert onnx.identity() == reference.identity()


def test_token_vectors_equal_those_of_transformers(exported_qwen3: Path) -> None:
    onnx, reference = both(exported_qwen3)
    for text in [*TEXTS, "", "👌 ok"]:
        (rows, spans), (expected, expected_spans) = onnx.embed_tokens(text), reference.embed_tokens(text)
        assert spans == expected_spans
        np.testing.assert_allclose(rows, expected, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_weights_stored_in_half_are_computed_in_full(
    dtype: str, tiny_qwen3: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModel

    folder = tmp_path / dtype
    shutil.copytree(tiny_qwen3, folder)
    AutoModel.from_pretrained(tiny_qwen3, dtype=getattr(torch, dtype)).save_pretrained(folder)
    assert export_script.export(folder).stat().st_size < 40_000
    onnx, reference = both(folder)
    np.testing.assert_allclose(onnx.embed(TEXTS), reference.embed(TEXTS), atol=1e-5)


@pytest.mark.parametrize("shape", [{"num_key_value_heads": 4}, {"num_key_value_heads": 1, "rope_theta": 1e6}])
def test_other_shapes_and_a_causal_model_export_too(
    shape: dict[str, float], tiny_qwen3: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    """Qwen3-Reranker is stored so: as a language model, whose weights' names begin with ``model.``."""
    import torch
    from transformers import AutoConfig, Qwen3ForCausalLM

    folder = tmp_path / "causal"
    shutil.copytree(tiny_qwen3, folder)
    torch.manual_seed(3)
    Qwen3ForCausalLM(AutoConfig.from_pretrained(tiny_qwen3, **shape)).save_pretrained(folder)
    export_script.export(folder)
    onnx, reference = both(folder)
    np.testing.assert_allclose(onnx.embed(TEXTS), reference.embed(TEXTS), atol=1e-5)


@pytest.mark.parametrize(
    "change", [{"rope_scaling": {"type": "yarn"}}, {"model_type": "bert"}, {"hidden_act": "gelu"}]
)
def test_a_model_that_the_graph_cannot_compute_is_not_exported(
    change: dict[str, object], exported_qwen3: Path, export_script: ModuleType, tmp_path: Path
) -> None:
    import json

    folder = tmp_path / "odd"
    shutil.copytree(exported_qwen3, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(ValueError, match=next(iter(change))):
        export_script.export(folder)


def test_the_last_token_alone_is_what_it_is_among_all(exported_qwen3: Path) -> None:
    graph = OnnxGraph(exported_qwen3 / "model.onnx", threads=1, outputs=["last_hidden_state"])
    ids, mask = left_padded([[5, 6, 7, 8], [9, 10]])
    every, last = graph.run(ids, mask), graph.run(ids, mask, last_only=True)
    assert every.shape[:2] == (2, 4) and last.shape[:2] == (2, 1)
    np.testing.assert_allclose(last[:, 0], every[:, -1], atol=1e-6)


def test_threads_may_share_one_model(exported_qwen3: Path) -> None:
    embedder = OnnxEmbedder(EmbeddingSettings(model=str(exported_qwen3), cache_size=0))
    expected = embedder.embed(TEXTS)
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.extend(embedder.embed(TEXTS) for _ in range(10))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    for vectors in found:
        np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_neither_torch_nor_transformers_is_imported() -> None:
    program = """
import sys
from kefu.models import build_embedder
from kefu.settings import EmbeddingSettings
embedder = build_embedder(EmbeddingSettings())
assert embedder.embed(["我要退货"], task="intent").shape == (1, embedder.identity().dim)
assert len(embedder.embed_tokens("我要退货")[0])
print(type(embedder).__name__, [name for name in ("torch", "transformers", "tensorflow") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "OnnxEmbedder []", done.stderr


def test_new_weights_of_the_same_layout_need_no_new_export(exported_qwen3: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "trained-on"
    shutil.copytree(exported_qwen3, folder)
    torch.manual_seed(11)
    weights = {
        name: value + 0.1 * torch.randn_like(value) for name, value in load_file(folder / "model.safetensors").items()
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    onnx, reference = both(folder)
    np.testing.assert_allclose(onnx.embed(TEXTS), reference.embed(TEXTS), atol=1e-5)
    assert not np.allclose(onnx.embed(TEXTS), both(exported_qwen3)[0].embed(TEXTS), atol=1e-3)


@pytest.mark.parametrize("change", ["vocabulary", "configuration"])
def test_an_export_for_another_layout_is_refused(change: str, exported_qwen3: Path, tmp_path: Path) -> None:
    import json

    from safetensors.numpy import load_file, save_file

    folder = tmp_path / change
    shutil.copytree(exported_qwen3, folder)
    if change == "vocabulary":
        weights = load_file(folder / "model.safetensors")
        weights["embed_tokens.weight"] = weights["embed_tokens.weight"][:-1].copy()
        save_file(weights, folder / "model.safetensors")
    else:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "rope_theta": 5e5}))
    with pytest.raises(ModelError, match="other weights or another configuration"):
        build_embedder(EmbeddingSettings(model=str(folder))).warm_up()


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "model.safetensors", "config.json"])
def test_damaged_files_are_refused(file: str, exported_qwen3: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(exported_qwen3, folder)
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(b"{}" if file == "config.json" else content[: len(content) // 2])
    with pytest.raises(ModelError):
        build_embedder(EmbeddingSettings(model=str(folder), engine="onnx")).warm_up()


def test_a_folder_without_a_tokenizer_is_refused(exported_qwen3: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mute"
    shutil.copytree(exported_qwen3, folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        OnnxEmbedder(EmbeddingSettings(model=str(folder))).warm_up()


def test_the_shipped_export_fits_the_shipped_weights() -> None:
    folder = locate("embedded")
    assert shares_weights(folder / "model.onnx", folder)
