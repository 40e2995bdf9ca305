"""Convert a reranker (a language model) to a sequence classifier with one logit, for servers that want one.

    python training/to_classifier.py FOLDER OUT

The logit is the difference of those of `yes` and `no`, so that its sigmoid is the softmax's share of `yes`. Source of
the method: the conversion that vLLM makes with `classifier_from_token` and `is_original_qwen3_reranker`, and its
published result, tomaarsen/Qwen3-Reranker-0.6B-seq-cls.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("USE_TF", "0")

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen3ForSequenceClassification

from kefu.models.rerank_prompt import ANSWERS


def convert(folder: Path, out: Path) -> None:
    """Write the classifier in the published layout; the weights keep their number type, all but the logit's.

    :raises ValueError: if the tokenizer lacks ``no`` or ``yes``.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    vocabulary = tokenizer.get_vocab()
    if missing := [answer for answer in ANSWERS if answer not in vocabulary]:
        raise ValueError(f"The tokenizer of {folder} lacks {' and '.join(missing)}: it is no reranker.")
    language_model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    config = language_model.config
    config.num_labels = 1
    config.pad_token_id = tokenizer.pad_token_id  # the classifier finds the last token by it
    classifier = Qwen3ForSequenceClassification(config).to(language_model.dtype)
    classifier.model.load_state_dict(language_model.model.state_dict())
    no, yes = (language_model.lm_head.weight[vocabulary[answer]].float() for answer in ANSWERS)
    classifier.score.float()  # a difference of two rounded numbers need not be one of their type
    with torch.no_grad():
        classifier.score.weight.copy_((yes - no)[None])
    classifier.save_pretrained(out)
    tokenizer.save_pretrained(out)


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("folder", type=Path)
    made.add_argument("out", type=Path)
    return made


def main() -> None:
    """Read the folders' names and convert."""
    options = parser().parse_args()
    convert(options.folder, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
