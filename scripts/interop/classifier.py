"""A sequence classifier of Qwen3 architecture with random weights, which stands for a converted Qwen3-Reranker.

One label, its score the sigmoid of the logit: the form in which servers take a reranker. What is compared is what they
do to texts before the model, and to logits behind it; for that, no training is needed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, processors

from kefu.models.checkpoint import EMBEDDED_EMBEDDER

_END = "<|endoftext|>"
_SEED = 20261127
_SPREAD = 0.15  # of the head's weights: logits of a few units, so that scores fill the range between 0 and 1
# The prompt of Qwen3-Reranker's model card, cut where the query and the document stand.
BEFORE = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n<Instruct>: Given a web '
    "search query, retrieve relevant passages that answer the query\n<Query>: "
)
BETWEEN = "\n<Document>: "
AFTER = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"

Pair = tuple[str, str]


def make_classifier(folder: Path, *, applies_prompt: bool) -> Path:
    """Write one with the embedded tokenizer, without the mark that embedders put behind each text.

    :param applies_prompt: let the tokenizer itself put the prompt around a pair; otherwise it only joins the two.
    """
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForSequenceClassification

    tokenizer = Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json"))
    tokenizer.post_processor = _prompt_around(tokenizer) if applies_prompt else processors.ByteLevel()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=_END, eos_token=_END, padding_side="left", model_max_length=2048
    )
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=2048,
        pad_token_id=tokenizer.token_to_id(_END),
        num_labels=1,
    )
    torch.manual_seed(_SEED)
    model = Qwen3ForSequenceClassification(config)
    torch.nn.init.normal_(model.score.weight, std=_SPREAD)
    model.save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return folder


def scores(folder: Path, texts: Sequence[str] | Sequence[Pair]) -> np.ndarray:
    """Give transformers' own scores ``float32[n]``, 0 to 1, of texts, or of pairs as the tokenizer joins them."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    found = []
    for text in texts:
        parts = (text,) if isinstance(text, str) else text
        encoded = tokenizer(*parts, return_tensors="pt", truncation="longest_first", return_token_type_ids=False)
        with torch.inference_mode():
            found.append(torch.sigmoid(model(**encoded).logits[0, 0]).item())
    return np.array(found, dtype=np.float32)


def whole_prompt(pair: Pair) -> str:
    """Give what Qwen3-Reranker is to read for a query and a document."""
    return BEFORE + pair[0] + BETWEEN + pair[1] + AFTER


def halves(pair: Pair) -> Pair:
    """Cut the prompt into a query and a document, for a server that joins the two and knows no prompt.

    The cut is where vLLM's documentation has it.
    """
    return f"{BEFORE}{pair[0]}\n", BETWEEN.removeprefix("\n") + pair[1] + AFTER


def _prompt_around(tokenizer: Tokenizer) -> processors.TemplateProcessing:
    """Put the prompt around a pair, after its texts were cut to length: no server has to know it, none cuts it off."""
    parts = {"[before]": BEFORE, "[between]": BETWEEN, "[after]": AFTER}
    special = []
    for name, text in parts.items():
        encoded = tokenizer.encode(text, add_special_tokens=False)
        special.append({"id": name, "ids": encoded.ids, "tokens": encoded.tokens})
    return processors.TemplateProcessing(
        single="[before] $A [after]", pair="[before] $A [between] $B:0 [after]", special_tokens=special
    )
