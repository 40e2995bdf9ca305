"""A Qwen3-Reranker as a sequence classifier, the form in which servers take one, by what its tokenizer adds to a pair.

The classifier has one logit, whose sigmoid is the score; `training/to_classifier.py` makes it.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from environments import ROOT
from random_qwen3 import random_language_model
from tokenizers import Tokenizer, processors

from kefu.models.rerank_prompt import AFTER, BEFORE, INSTRUCTION, body, document_side, query_side

sys.path.append(str(ROOT / "training"))

_SEED = 20261127
_BETWEEN = "\n<Document>: "

Pair = tuple[str, str]
Change = Callable[[Tokenizer], Tokenizer]


def random_reranker(folder: Path) -> Path:
    """Write a reranker with random weights, in the published layout with the embedded tokenizer."""
    return random_language_model(folder, _SEED, is_tied=True)


def make_classifier(reranker: Path, folder: Path, change: Change) -> Path:
    """Convert a reranker, with another tokenizer."""
    from to_classifier import convert

    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "reranker"
        shutil.copytree(reranker, copy)
        change(Tokenizer.from_file(str(copy / "tokenizer.json"))).save(str(copy / "tokenizer.json"))
        convert(copy, folder)
    return folder


def joins(tokenizer: Tokenizer) -> Tokenizer:
    """Let it join query and document as they come, as rerankers' tokenizers do."""
    return tokenizer


def restores_ends(tokenizer: Tokenizer) -> Tokenizer:
    """Let it put back the line breaks at the ends of both halves of a prompt, for servers that strip white space.

    :raises ValueError: for another tokenizer than those that this project trains, in which what stands before a
        document is one token, line break included. With Qwen's own, a line break is one token with a mark before it:
        no tokenizer can put it back, and the whole prompt is right only where the server words it.
    """
    content = json.loads(tokenizer.to_str())
    before_document = [token for token in content["added_tokens"] if token["content"] == _BETWEEN]
    if not before_document:
        raise ValueError(f"The tokenizer has no token {_BETWEEN!r}.")
    before_document[0]["content"] = _BETWEEN.lstrip()
    changed = Tokenizer.from_str(json.dumps(content))
    return _around(changed, pair="$A $B:0 [end]", end=AFTER[len(AFTER.rstrip()) :])


def words_prompt(tokenizer: Tokenizer) -> Tokenizer:
    """Let it put the whole prompt around a pair, after its texts were cut to length: no server has to know it."""
    before = BEFORE + query_side("", INSTRUCTION).rstrip("\n")
    pair = "[before] $A [between] $B:0 [after]"
    return _around(tokenizer, pair=pair, before=before, between=_BETWEEN, after=AFTER)


def _around(tokenizer: Tokenizer, *, pair: str, **parts: str) -> Tokenizer:
    special = []
    for name, text in parts.items():
        encoded = tokenizer.encode(text, add_special_tokens=False)
        special.append({"id": f"[{name}]", "ids": encoded.ids, "tokens": encoded.tokens})
    tokenizer.post_processor = processors.TemplateProcessing(single="$A", pair=pair, special_tokens=special)
    return tokenizer


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
    return BEFORE + body(*pair) + AFTER


def halves(pair: Pair) -> Pair:
    """Cut the prompt into a query and a document, as Kefu's client sends them with `template: client`."""
    return BEFORE + query_side(pair[0]), document_side(pair[1]) + AFTER
