"""Tiny models of Qwen3's true architecture with random weights, in the published layout."""

import os

os.environ.setdefault("USE_TF", "0")

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

WORDS = ["我要退货", "where is my parcel", "发票怎么开", "hello", "运费多少钱", "return policy please", "耳机坏了"]


@pytest.fixture(scope="session")
def tiny_qwen3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen3 model of two layers, with a byte-level tokenizer that closes each text with ``<|endoftext|>``."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

    folder = tmp_path_factory.mktemp("tiny-qwen3")
    end = "<|endoftext|>"
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    core.train_from_iterator(
        WORDS, trainers.BpeTrainer(vocab_size=300, special_tokens=[end], initial_alphabet=alphabet)
    )
    core.post_processor = processors.TemplateProcessing(single=f"$A {end}", special_tokens=[(end, 0)])
    PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token=end, eos_token=end, padding_side="left", model_max_length=512
    ).save_pretrained(folder)
    torch.manual_seed(7)
    config = Qwen3Config(
        vocab_size=len(core.get_vocab()),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        tie_word_embeddings=True,
    )
    Qwen3Model(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def export_script() -> ModuleType:
    """The script that writes ONNX exports; `training` is no package."""
    spec = importlib.util.spec_from_file_location("kefu_export_onnx", ROOT / "training" / "export_onnx.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def exported_qwen3(tiny_qwen3: Path, export_script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with its ONNX export beside the weights."""
    folder = tmp_path_factory.mktemp("exported") / "tiny-qwen3"
    shutil.copytree(tiny_qwen3, folder)
    export_script.export(folder)
    return folder
