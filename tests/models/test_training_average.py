"""The average of two embedders' weights, and what is none."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from average import WEIGHTS, average  # noqa: E402

from kefu.models import build_embedder  # noqa: E402
from kefu.settings import EmbeddingSettings  # noqa: E402


@pytest.fixture
def changed(tiny_qwen3: Path, tmp_path: Path) -> Path:
    """The tiny model with every number one more."""
    folder = tmp_path / "changed"
    shutil.copytree(tiny_qwen3, folder)
    weights = {name: tensor + 1 for name, tensor in load_file(folder / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    return folder


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_every_number_lies_between_in_the_share_asked_for(
    tiny_qwen3: Path, changed: Path, tmp_path: Path, share: float
) -> None:
    average(tiny_qwen3, changed, tmp_path / "out", share)
    mixed = load_file(tmp_path / "out" / WEIGHTS)
    for name, tensor in load_file(tiny_qwen3 / WEIGHTS).items():
        assert mixed[name].dtype == torch.float16
        assert torch.allclose(mixed[name].float(), tensor + share, atol=2e-3), name


def test_an_average_is_a_checkpoint(tiny_qwen3: Path, changed: Path, tmp_path: Path) -> None:
    average(tiny_qwen3, changed, tmp_path / "out")
    settings = EmbeddingSettings(model=str(tmp_path / "out"), engine="transformers")
    assert build_embedder(settings).embed(["hello"]).shape == (1, 64)


def test_models_of_another_vocabulary_are_refused(tiny_qwen3: Path, changed: Path, tmp_path: Path) -> None:
    file = changed / "tokenizer.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    first, second = list(content["model"]["vocab"])[-2:]
    vocabulary = content["model"]["vocab"]
    vocabulary[first], vocabulary[second] = vocabulary[second], vocabulary[first]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="different shapes or vocabularies"):
        average(tiny_qwen3, changed, tmp_path / "out")
    assert not (tmp_path / "out").exists()
