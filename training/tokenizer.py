"""A byte-level BPE of Qwen's kind with a small vocabulary, in the layout of the published models.

Sources: byte-pair encoding for text, Sennrich et al. 2016; on bytes, Radford et al. 2019.
"""

import json
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from kefu.models.prompts import INSTRUCTIONS, query_prefix
from kefu.models.rerank_prompt import AFTER, ANSWERS, BEFORE, INSTRUCTION, body

# How Qwen's tokenizers cut text before merging (letters, single digits, marks, spaces); a fact of the published
# tokenizer.json files.
_PIECES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
END = "<|endoftext|>"
SPECIAL = [END, "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
_GAP = "\0"


def _prompt_parts() -> list[str]:
    between_marks = re.split("|".join(map(re.escape, SPECIAL)), BEFORE + AFTER)
    parts = [*between_marks, *body(_GAP, _GAP, _GAP).split(_GAP), INSTRUCTION]
    return [part for part in dict.fromkeys(parts) if len(part) > 1]


# The fixed parts of Qwen3-Reranker's published prompt, each one token here: a small model pays for every token.
PROMPT_PARTS = _prompt_parts()
# The instructions of the query side, each one token for the same reason.
TASKS = {task: query_prefix(task, {}) for task in INSTRUCTIONS}


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Learn merges; every text is closed by END, whose hidden state is the sentence vector."""
    tokenizer = Tokenizer(models.BPE())
    # As Kefu normalises texts before it embeds them (NFKC); and a small model has no room for two cases.
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    trainer.vocab_size = vocabulary - len(PROMPT_PARTS) - len(TASKS)
    tokenizer.train_from_iterator(chain(texts, [*ANSWERS] * 10_000), trainer)
    add_whole(tokenizer, [*PROMPT_PARTS, *TASKS.values()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A {END} $B {END}", special_tokens=[(END, tokenizer.token_to_id(END))]
    )
    return tokenizer


def add_whole(tokenizer: Tokenizer, parts: Iterable[str]) -> None:
    """Make each text one token, where it is none yet."""
    tokenizer.add_tokens([AddedToken(part, normalized=False) for part in parts])


def for_reranker(tokenizer: Tokenizer) -> Tokenizer:
    """Give the tokenizer that a reranker is published with: nothing closes a text, as with Qwen3-Reranker's own.

    A prompt has the same tokens in one piece (as servers read it) and in its three parts (as the model card does).
    Tokenizers that were trained with a part which spans two of them lose it; its number stays, unused.
    """
    content = json.loads(tokenizer.to_str())
    content["post_processor"] = json.loads(processors.ByteLevel(trim_offsets=False).__getstate__())
    for token in content["added_tokens"]:
        if token["content"] == "user\n<Instruct>: ":
            token["content"] = f"<|unused_{token['id']}|>"
    return Tokenizer.from_str(json.dumps(content))


def save_tokenizer(tokenizer: Tokenizer, folder: Path, longest: int) -> None:
    """Write tokenizer.json and tokenizer_config.json."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": longest,
        "padding_side": "left",
        "pad_token": END,
        "eos_token": END,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
