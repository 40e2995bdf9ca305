"""A byte-level BPE of Qwen's kind with a small vocabulary, in the layout of the published models."""

import json
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

# How Qwen's tokenizers cut text before merging (letters, single digits, marks, spaces); a fact of the published
# tokenizer.json files.
_PIECES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
END = "<|endoftext|>"
SPECIAL = [END, "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
ANSWERS = ["yes", "no"]
# The fixed parts of Qwen3-Reranker's published prompt, each one token here: a small model pays for every token.
PROMPT_PARTS = [
    "system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".',
    "user\n<Instruct>: ",
    "user\n",
    "<Instruct>: ",
    "Given a web search query, retrieve relevant passages that answer the query",
    "\n<Query>: ",
    "\n<Document>: ",
    "assistant\n",
    "\n\n",
]


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
    tokenizer.train_from_iterator(chain(texts, ANSWERS * 10_000), trainer)
    add_whole(tokenizer, [*PROMPT_PARTS, *TASKS.values()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A {END} $B {END}", special_tokens=[(END, tokenizer.token_to_id(END))]
    )
    return tokenizer


def add_whole(tokenizer: Tokenizer, parts: Iterable[str]) -> None:
    """Make each text one token, where it is none yet."""
    tokenizer.add_tokens([AddedToken(part, normalized=False) for part in parts])


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
