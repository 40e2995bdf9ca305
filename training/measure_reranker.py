"""Measure a reranker on the questions of `dev`: recall@1 of the search alone, reranked, and of both scores together.

    .venv/bin/python training/measure_reranker.py --endpoints FILE RERANKER

The endpoints file names the embedder and its index (`kefu index`), as for `kefu eval`.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import Qwen3ForCausalLM

os.environ.setdefault("USE_TF", "0")
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rerank_data import document
from sentences import ROOT
from train_reranker import Reranker

from kefu.cli.knowledge_options import open_base, settings_of
from kefu.knowledge.entries import load_knowledge
from kefu.knowledge.questions import read_questions

CANDIDATES = 50
WEIGHTS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)  # of the log-odds beside the search's score


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reranker", type=Path)
    parser.add_argument("--endpoints", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=ROOT / "data" / "eval" / "dev.tsv")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = Qwen3ForCausalLM.from_pretrained(options.reranker, dtype=torch.float32).eval()
    reranker = Reranker(model, Tokenizer.from_file(str(options.reranker / "tokenizer.json")))
    settings = settings_of(options.endpoints)
    base = open_base(settings)
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    questions = [question for question in read_questions(options.questions, base.entry_ids) if question.ids]
    decisions = base.answer_many([(item.text, item.language) for item in questions], explain=True)
    right: dict[str, list[bool]] = {}
    spent = []
    for question, decision in zip(questions, decisions, strict=True):
        found = decision.candidates[:CANDIDATES]
        wordings = [knowledge.entries[one.entry_id].wordings[question.language] for one in found]
        started = time.perf_counter()
        with torch.inference_mode():
            odds = reranker([(question.text, document(item.question, item.answer)) for item in wordings]).numpy()
        spent.append(time.perf_counter() - started)
        score = np.array([one.score for one in found])
        names = {f"search + {weight} log-odds": score + weight * odds for weight in WEIGHTS} | {"reranker": odds}
        for name, values in names.items():
            right.setdefault(name, []).append(found[int(values.argmax())].entry_id in question.ids)
    typo = np.array([question.kind == "typo" for question in questions])
    for name, values in right.items():
        print(f"{name:26} recall@1 {np.mean(values):.3f}  typo {np.array(values)[typo].mean():.3f}")
    print(f"{1000 * np.median(spent):.0f} ms a question of {CANDIDATES} candidates, one thread")


if __name__ == "__main__":
    main()
