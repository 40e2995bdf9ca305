"""Which reranker the settings mean: none, an engine in this process, a server; and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from kefu.errors import ModelError, SettingsError
from kefu.models import build_reranker, shared_reranker
from kefu.models.loader import chosen_engine
from kefu.settings import OFF, EmbeddingSettings, RerankerSettings, load_settings


def settings_of(tmp_path: Path, section: str) -> RerankerSettings:
    file = tmp_path / "endpoints.yml"
    file.write_text(f"reranker:\n{section}", encoding="utf-8")
    return load_settings(file).reranker


@pytest.mark.parametrize("section", ["", "  model: off\n", '  model: "off"\n'])
def test_it_is_off_by_default_and_by_word(tmp_path: Path, section: str) -> None:
    """YAML reads the bare word as false."""
    settings = settings_of(tmp_path, section)
    assert settings.model == OFF
    assert build_reranker(settings) is None and shared_reranker(settings) is None


def test_options_are_checked_as_everywhere(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "  model: Qwen/Qwen3-Reranker-0.6B\n  timeout: 3\n").timeout == 3
    with pytest.raises(SettingsError, match=r"no option `modle`\. Did you mean `model`"):
        settings_of(tmp_path, "  modle: embedded\n")
    with pytest.raises(SettingsError, match="must be of type int"):
        settings_of(tmp_path, "  batch_size: off\n")


@pytest.mark.parametrize("option", ["orders:\n  url", "knowledge:\n  index", "embedding:\n  engine"])
def test_off_is_a_word_for_the_reranker_only(tmp_path: Path, option: str) -> None:
    file = tmp_path / "endpoints.yml"
    file.write_text(f"{option}: off\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="must be of type str"):
        load_settings(file)


def test_the_two_models_have_keys_of_their_own_and_like_defaults() -> None:
    embedding, reranker = EmbeddingSettings(), RerankerSettings()
    assert (embedding.api_key_env, reranker.api_key_env) == ("KEFU_EMBEDDING_KEY", "KEFU_RERANKER_KEY")
    assert (embedding.engine, embedding.timeout) == (reranker.engine, reranker.timeout)


@pytest.mark.parametrize(
    ("options", "engine"),
    [
        ({}, "onnx"),
        ({"device": "cuda"}, "transformers"),
        ({"dtype": "bfloat16"}, "transformers"),
        ({"engine": "transformers"}, "transformers"),
        ({"onnx_file": "onnx/model_quantized.onnx"}, "onnx"),
        ({"model": "Qwen/Qwen3-Reranker-0.6B"}, "transformers"),
    ],
)
def test_the_engine_follows_from_the_options(options: dict[str, str], engine: str, reranker_folder: Path) -> None:
    assert chosen_engine(RerankerSettings(**{"model": str(reranker_folder), **options})) == engine  # type: ignore[arg-type]


def test_a_classifier_without_an_export_is_for_transformers(classifier_folder: Path) -> None:
    assert chosen_engine(RerankerSettings(model=str(classifier_folder))) == "transformers"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"engine": "tensorrt"}, "must be one of auto, onnx, transformers"),
        ({"engine": "onnx", "device": "cuda"}, "runs on the CPU"),
        ({"engine": "transformers", "attention": "magic"}, "must be one of sdpa"),
        ({"max_length": 0}, "must be 1 or more"),
        ({"api": "cohere"}, "must be one of jina, tei"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: dict[str, Any], complaint: str, reranker_folder: Path
) -> None:
    with pytest.raises(ModelError, match=complaint):
        build_reranker(RerankerSettings(**{"model": str(reranker_folder), **options}))


def test_an_error_names_a_reranker_of_the_hub() -> None:
    reranker = build_reranker(RerankerSettings(model="./nowhere"))
    assert reranker is not None
    with pytest.raises(ModelError, match=r"Qwen/Qwen3-Reranker-0\.6B"):
        reranker.warm_up()


def test_one_reranker_per_process() -> None:
    assert shared_reranker(RerankerSettings(model="fake")) is shared_reranker(RerankerSettings(model="fake"))
    assert shared_reranker(RerankerSettings(model="fake")) is not shared_reranker(
        RerankerSettings(model="fake", retries=1)
    )
