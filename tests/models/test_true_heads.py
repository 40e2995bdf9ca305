"""Small models with the heads of Qwen3-Embedding-0.6B, 4B and 8B through `model: DIR`; their numbers and attention.

Everything that the published `config.json` says of one layer's attention stands here as it is there: 16 or 32 query
heads that share 8 key and value heads, of 128 each, so that they are wider than the hidden size (but those of 8B);
query and key norms; rope_theta 1e6. What makes them small is fewer layers, a narrow MLP, a small vocabulary and a
shorter text.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kefu.models import build_embedder
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.protocols import Vectors
from kefu.settings import EmbeddingSettings, load_settings
from kefu.text import normalise

TEXTS = ["我要退货", "where is my parcel?", "hi", "我上周买的耳机坏了，左边没有声音", "My parcel never came " * 6]
COMMON = {
    "num_key_value_heads": 8,
    "head_dim": 128,
    "rms_norm_eps": 1e-6,
    "rope_theta": 1000000,
    "attention_bias": False,
}
TRUE_HEADS = {
    "0.6B": {**COMMON, "hidden_size": 1024, "num_attention_heads": 16, "tie_word_embeddings": True},
    "4B": {**COMMON, "hidden_size": 2560, "num_attention_heads": 32, "tie_word_embeddings": True},
    "8B": {**COMMON, "hidden_size": 4096, "num_attention_heads": 32, "tie_word_embeddings": False},
}
# The published embedders are saved without the head of a language model; others' copies have one.
MODELS = [("0.6B", "Qwen3Model"), ("0.6B", "Qwen3ForCausalLM"), ("4B", "Qwen3Model"), ("8B", "Qwen3ForCausalLM")]


@pytest.fixture(scope="module", params=MODELS, ids=" ".join)
def true_heads(request: pytest.FixtureRequest, tiny_qwen3: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save such a model in bfloat16, as the published ones are, with or without the head of a language model."""
    import torch
    import transformers

    size, kind = request.param
    folder = tmp_path_factory.mktemp("true-heads") / kind
    shutil.copytree(tiny_qwen3, folder, ignore=shutil.ignore_patterns("*.safetensors", "config.json"))
    vocabulary = transformers.AutoTokenizer.from_pretrained(tiny_qwen3).vocab_size + 1
    config = transformers.Qwen3Config(
        vocab_size=vocabulary,
        intermediate_size=256,
        num_hidden_layers=2,
        max_position_embeddings=2048,
        **TRUE_HEADS[size],
    )
    torch.manual_seed(3)
    model = getattr(transformers, kind)(config)
    for name, parameter in model.named_parameters():
        if "norm" in name:  # ones, if nobody has trained them: a norm that is left out would go unnoticed
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    model.to(torch.bfloat16).save_pretrained(folder)
    return folder


def width(folder: Path) -> int:
    hidden_size: int = json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"]
    return hidden_size


def through_endpoints(folder: Path, tmp_path: Path, options: str = "") -> EmbeddingSettings:
    """Read the settings of a project whose endpoints.yml names the folder."""
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"embedding: {{model: {folder}{options}}}\n", encoding="utf-8")
    return load_settings(endpoints).embedding


def published_way(folder: Path) -> Vectors:
    """Embed the texts one by one as the model card does: the last token's hidden state, scaled to length 1."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        rows = [model(**tokenizer(normalise(text), return_tensors="pt")).last_hidden_state[0, -1] for text in TEXTS]
    vectors: Vectors = torch.nn.functional.normalize(torch.stack(rows), dim=1).numpy()
    return vectors


def test_a_folder_with_the_true_heads_loads_by_its_name(true_heads: Path, tmp_path: Path) -> None:
    embedder = build_embedder(through_endpoints(true_heads, tmp_path, ", device: cpu"))
    assert isinstance(embedder, TransformersEmbedder)
    assert embedder.identity().dim == width(true_heads) in (1024, 2560, 4096)
    np.testing.assert_allclose(embedder.embed(TEXTS), published_way(true_heads), atol=2e-5)


def test_so_does_its_export(true_heads: Path, export_script: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    shutil.copytree(true_heads, folder)
    export_script.export(folder)
    embedder = build_embedder(through_endpoints(folder, tmp_path))
    assert type(embedder).__name__ == "OnnxEmbedder"
    np.testing.assert_allclose(embedder.embed(TEXTS), published_way(folder), atol=2e-5)


@pytest.mark.parametrize(
    ("options", "near"),
    [
        (", attention: eager", lambda one, other: np.abs(one - other).max() < 2e-5),
        # A number in bfloat16 has eight bits: some thousandths in a vector's direction, and no more.
        (", dtype: bfloat16", lambda one, other: 0.99 < (one * other).sum(axis=1).min() < 1 - 1e-6),
        (", dtype: bfloat16, attention: eager", lambda one, other: 0.99 < (one * other).sum(axis=1).min() < 1 - 1e-6),
    ],
    ids=["eager", "bfloat16", "bfloat16 eager"],
)
def test_numbers_and_attention_change_the_vectors_hardly(
    options: str, near: Callable[[Vectors, Vectors], bool], true_heads: Path, tmp_path: Path
) -> None:
    usual, other = (
        build_embedder(through_endpoints(true_heads, tmp_path, f", device: cpu{option}")) for option in ("", options)
    )
    found, expected = other.embed(TEXTS, task="faq"), usual.embed(TEXTS, task="faq")
    assert found.dtype == np.float32
    assert near(found, expected), np.abs(found - expected).max()
