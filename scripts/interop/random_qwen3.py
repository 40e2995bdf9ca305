"""A small Qwen3 language model with random weights, in the published layout, with the embedded tokenizer."""

import shutil
import sys
from pathlib import Path

from environments import ROOT
from tokenizers import Tokenizer

from kefu.models.checkpoint import EMBEDDED_EMBEDDER

sys.path.append(str(ROOT / "training"))

_LONGEST = 2048  # tokens
_SPREAD = 0.1  # of the random weights: far enough apart that texts are answered and judged differently


def random_language_model(folder: Path, seed: int, *, is_tied: bool) -> Path:
    """Write a model of two layers of width 64, in place of whatever the folder holds.

    :param is_tied: whether input and output embeddings are one matrix, as in the small Qwen3 models.
    """
    import torch
    from tokenizer import for_reranker, save_tokenizer
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = for_reranker(Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json")))
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=_LONGEST,
        initializer_range=_SPREAD,
        tie_word_embeddings=is_tied,
        eos_token_id=tokenizer.token_to_id("<|im_end|>"),
        pad_token_id=tokenizer.token_to_id("<|endoftext|>"),
    )
    torch.manual_seed(seed)
    shutil.rmtree(folder, ignore_errors=True)
    Qwen3ForCausalLM(config).save_pretrained(folder)
    save_tokenizer(tokenizer, folder, _LONGEST)
    return folder
