"""The model in training: texts to vectors, fast on a CPU, and the checkpoint in the published layout."""

import json
from pathlib import Path

import torch
from tokenizer import END, TASKS, add_whole, save_tokenizer
from tokenizers import Tokenizer
from transformers import Qwen3Config, Qwen3Model

from kefu.models.prompts import FAQ

LONGEST = 40  # tokens, in training
_TOGETHER = 1024  # tokens of one forward pass, about


def new_student(width: int, layers: int, tokens: int, end: int) -> Qwen3Model:
    """Make a Qwen3 model of some seven million parameters."""
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
    # On a CPU, torch's fused attention takes a third longer forward and back than plain products on short sequences.
    return Qwen3Model._from_config(config, attn_implementation="eager")


def student_of(folder: Path) -> "Student":
    """Go on from a published checkpoint; instructions that its tokenizer does not know yet become tokens."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    add_whole(tokenizer, TASKS.values())
    model = Qwen3Model.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    model.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
    return Student(model, tokenizer)


class Student:
    """The model with its tokenizer."""

    def __init__(self, model: Qwen3Model, tokenizer: Tokenizer) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self._end = tokenizer.token_to_id(END)
        tokenizer.no_padding()
        tokenizer.no_truncation()

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Give the vectors as `float32[n, width]`, not yet of length 1.

        Texts near in length go through together, padded at the end: with causal attention and the vector taken at the
        last real token nothing sees the padding, so that no mask is needed.
        """
        rows = [
            [*item.ids[: LONGEST - 1], self._end] if len(item.ids) > LONGEST else item.ids
            for item in self.tokenizer.encode_batch(texts)
        ]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        found: list[torch.Tensor] = []
        with torch.autocast("cpu", torch.bfloat16):
            for chunk in chunks_by_length(order, rows, _TOGETHER):
                longest = len(rows[chunk[-1]])
                ids = torch.tensor([rows[at] + [self._end] * (longest - len(rows[at])) for at in chunk])
                last = torch.tensor([len(rows[at]) - 1 for at in chunk])
                hidden = self.model(input_ids=ids).last_hidden_state
                found.append(hidden[torch.arange(len(chunk)), last].float())
        back = torch.empty(len(rows), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(rows))
        return torch.cat(found)[back]


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
