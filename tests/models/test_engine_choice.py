"""Which engine computes a model in this process: by the options, and by what lies in its folder."""

from pathlib import Path

import pytest

from kefu.errors import ModelError
from kefu.models.loader import build_embedder, chosen_engine, model_fingerprint
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.settings import EmbeddingSettings


@pytest.mark.parametrize(
    ("options", "engine"),
    [
        ({}, "onnx"),
        ({"device": "cpu", "dtype": "float32"}, "onnx"),
        ({"device": "cuda"}, "transformers"),
        ({"dtype": "bfloat16"}, "transformers"),
        ({"engine": "transformers"}, "transformers"),
        ({"engine": "onnx"}, "onnx"),
        ({"onnx_file": "onnx/model_quantized.onnx"}, "onnx"),
        ({"model": "Qwen/Qwen3-Embedding-0.6B"}, "transformers"),
        ({"model": "onnx-community/Qwen3-Embedding-0.6B-ONNX", "engine": "onnx"}, "onnx"),
    ],
)
def test_the_engine_follows_from_the_options(options: dict[str, str], engine: str, exported_qwen3: Path) -> None:
    assert chosen_engine(EmbeddingSettings(**{"model": str(exported_qwen3), **options})) == engine  # type: ignore[arg-type]


def test_without_an_export_transformers_computes(tiny_qwen3: Path) -> None:
    assert isinstance(build_embedder(EmbeddingSettings(model=str(tiny_qwen3))), TransformersEmbedder)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"engine": "tensorrt"}, "must be one of auto, onnx, transformers"),
        ({"engine": "transformers", "onnx_file": "model.onnx"}, "remove one of them"),
        ({"engine": "onnx", "device": "cuda"}, "runs on the CPU"),
        ({"engine": "onnx", "dtype": "bfloat16"}, "computes in float32"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, str], complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        build_embedder(EmbeddingSettings(**options))  # type: ignore[arg-type]


def test_a_missing_export_is_said_with_what_to_do(tiny_qwen3: Path, exported_qwen3: Path) -> None:
    with pytest.raises(ModelError, match=r"export_onnx\.py"):
        build_embedder(EmbeddingSettings(model=str(tiny_qwen3), engine="onnx")).warm_up()
    with pytest.raises(ModelError, match=r"onnx/model_int8\.onnx.*has model\.onnx"):
        build_embedder(EmbeddingSettings(model=str(exported_qwen3), onnx_file="onnx/model_int8.onnx")).warm_up()


def test_the_engines_have_one_identity(exported_qwen3: Path) -> None:
    """Else a change of engine would throw away index and Rasa model for nothing."""
    expected = TransformersEmbedder(EmbeddingSettings(model=str(exported_qwen3), device="cpu")).identity()
    for engine in ("auto", "onnx", "transformers"):
        settings = EmbeddingSettings(model=str(exported_qwen3), engine=engine, device="cpu")
        assert build_embedder(settings).identity() == expected
        assert model_fingerprint(settings) == expected.fingerprint
