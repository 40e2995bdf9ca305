"""The model in training: texts to vectors, and the checkpoint in the published layout."""

import json
from pathlib import Path

import numpy as np
import torch
from device import attention_on, half_precision, tokens_together
from tokenizer import END, TASKS, add_whole, save_tokenizer
from tokenizers import Tokenizer
from transformers import Qwen3Config, Qwen3Model

from kefu.models.prompts import FAQ

LONGEST = 40  # tokens, in training
_TOGETHER = 1024  # tokens of one forward pass on a CPU, about


def new_student(width: int, layers: int, tokens: int, end: int, device: torch.device) -> Qwen3Model:
    """Make a Qwen3 model: of seven million parameters with 4 layers of width 256 and 16,000 tokens."""
    config = Qwen3Config(
        vocab_size=tokens,
        hidden_size=width,
        intermediate_size=3 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=2048,
        rope_theta=10_000.0,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        use_cache=False,
    )
    return Qwen3Model._from_config(config, attn_implementation=attention_on(device)).to(device)


def student_of(folder: Path, device: torch.device) -> "Student":
    """Go on from a published checkpoint; instructions that its tokenizer does not know yet become tokens."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    add_whole(tokenizer, TASKS.values())
    model = Qwen3Model.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention_on(device))
    model.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
    return Student(model.to(device), tokenizer)


class Student:
    """The model with its tokenizer."""

    def __init__(self, model: Qwen3Model, tokenizer: Tokenizer) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self._end = tokenizer.token_to_id(END)
        tokenizer.no_padding()
        tokenizer.no_truncation()

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Give the vectors as `float32[n, width]`, not yet of length 1."""
        rows = [
            [*item.ids[: LONGEST - 1], self._end] if len(item.ids) > LONGEST else item.ids
            for item in self.tokenizer.encode_batch(texts)
        ]
        return last_states(self.model, rows, _TOGETHER)

    def embed(self, texts: list[str]) -> np.ndarray:
        """Give the vectors as ``float32[n, width]``, of length 1, and nothing to learn from."""
        with torch.no_grad():
            return torch.nn.functional.normalize(self(texts), dim=1).cpu().numpy()


def last_states(model: Qwen3Model, rows: list[list[int]], on_cpu: int) -> torch.Tensor:
    """Give the hidden states after the last token of each row, `float32[n, width]`, on the model's device.

    Rows near in length go through together, padded at the end: with causal attention and the state taken after the
    last real token nothing sees the padding, so that no mask is needed.

    :param on_cpu: about how many tokens one forward pass has on a CPU.
    """
    device = model.device
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    found: list[torch.Tensor] = []
    with half_precision(device):
        for chunk in chunks_by_length(order, rows, tokens_together(device, on_cpu)):
            longest = len(rows[chunk[-1]])
            ids = torch.tensor([rows[at] + [0] * (longest - len(rows[at])) for at in chunk], device=device)
            last = torch.tensor([len(rows[at]) - 1 for at in chunk], device=device)
            hidden = model(input_ids=ids).last_hidden_state
            found.append(hidden[torch.arange(len(chunk), device=device), last].float())
    back = torch.empty(len(rows), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(rows))
    return torch.cat(found)[back.to(device)]


def chunks_by_length(order: list[int], rows: list[list[int]], together: int) -> list[list[int]]:
    """Cut positions, ordered by the length of their rows, into chunks of about so many tokens when padded."""
    chunks: list[list[int]] = [[]]
    for at in order:
        if chunks[-1] and (len(chunks[-1]) + 1) * len(rows[at]) > together:
            chunks.append([])
        chunks[-1].append(at)
    return chunks


def publish(student: Student, folder: Path, longest: int = 2048) -> None:
    """Write the checkpoint in the layout of Qwen3-Embedding (sentence-transformers' modules beside the weights)."""
    folder.mkdir(parents=True, exist_ok=True)
    student.model.half().save_pretrained(folder)
    save_tokenizer(student.tokenizer, folder, longest)
    size = int(student.model.config.hidden_size)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    pooling = {
        "word_embedding_dimension": size,
        "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": False,
        "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False,
        "pooling_mode_weightedmean_tokens": False,
        "pooling_mode_lasttoken": True,
        "include_prompt": True,
    }
    prompts = {"prompts": {"query": TASKS[FAQ], "document": "", **TASKS}, "default_prompt_name": None}
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", pooling)
    _write(folder / "config_sentence_transformers.json", {**prompts, "similarity_fn_name": "cosine"})


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
