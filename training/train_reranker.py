"""Train the embedded Qwen3 reranker on a CPU, from the embedder's weights.

    .venv/bin/python training/train_reranker.py --datasets DIR --minutes 25

Pairs of a question and a document go through the published prompt of Qwen3-Reranker; the score is the softmax over the
last logits of `no` and `yes`. Loss: the right document against its neighbours (listwise, Cao et al. 2007, as softmax
cross-entropy over the log-odds of a question's documents), and each pair by itself (binary cross-entropy). The trunk
starts from the embedder's, whose tokenizer it shares. Resumable, as `train_embedder.py` is.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize
from transformers import Qwen3ForCausalLM, Qwen3Model

sys.path.insert(0, str(Path(__file__).resolve().parent))

from grammar import Grammar
from noise import Noise
from rerank_data import RerankSampler
from run import Losses, Run, Schedule, joined
from sentences import ROOT, Corpus, load_corpus
from student import Student, chunks_by_length
from tokenizer import for_reranker, save_tokenizer

from kefu.models.rerank_prompt import AFTER, ANSWERS, BEFORE, body

SEED = 20261126
QUESTIONS, NEGATIVES = 12, 5
RATE, WARM_UP = 6e-4, 100
_LONGEST_BODY = 110  # tokens


class Reranker:
    """A language model that is asked for `yes` or `no`."""

    def __init__(self, model: Qwen3ForCausalLM, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer
        self._answers = torch.tensor([tokenizer.token_to_id(word) for word in ANSWERS])
        self._before = tokenizer.encode(BEFORE, add_special_tokens=False).ids
        self._after = tokenizer.encode(AFTER, add_special_tokens=False).ids

    def __call__(self, pairs: list[tuple[str, str]]) -> torch.Tensor:
        """Give the log-odds of `yes`, `float32[n]`; right padding, as in `Student`."""
        bodies = self.tokenizer.encode_batch([body(*pair) for pair in pairs], add_special_tokens=False)
        rows = [self._before + item.ids[:_LONGEST_BODY] + self._after for item in bodies]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        found = []
        with torch.autocast("cpu", torch.bfloat16):
            for chunk in chunks_by_length(order, rows, 2048):
                longest = len(rows[chunk[-1]])
                ids = torch.tensor([rows[at] + [0] * (longest - len(rows[at])) for at in chunk])
                last = torch.tensor([len(rows[at]) - 1 for at in chunk])
                found.append(self.model.model(input_ids=ids).last_hidden_state[torch.arange(len(chunk)), last].float())
        back = torch.empty(len(rows), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(rows))
        logits = torch.cat(found)[back] @ self.model.get_input_embeddings().weight[self._answers].T
        return logits[:, 1] - logits[:, 0]


def start(embedder: Path) -> tuple[Reranker, Student]:
    """Take the embedder's trunk; input and output embeddings are one matrix."""
    trunk = Qwen3Model.from_pretrained(embedder, dtype=torch.float32)
    tokenizer = Tokenizer.from_file(str(embedder / "tokenizer.json"))
    trunk.config.tie_word_embeddings = True
    model = Qwen3ForCausalLM(trunk.config)
    model.model.load_state_dict(trunk.state_dict())
    model.tie_weights()
    return Reranker(model, for_reranker(tokenizer)), Student(trunk, tokenizer)


def sampler(student: Student, corpus: Corpus, rng: random.Random) -> RerankSampler:
    """Make the questions; near is what the embedder takes for near."""

    def embed(texts: list[str]) -> np.ndarray:
        with torch.inference_mode():
            pieces = [student(texts[at : at + 512]) for at in range(0, len(texts), 512)]
        return normalize(torch.cat(pieces), dim=1).numpy()

    return RerankSampler(corpus, embed, Noise(corpus.texts(), Grammar().words(), rng), rng)


def losses(reranker: Reranker, questions: RerankSampler) -> Losses:
    """Draw questions and judge what the model says of their documents."""
    drawn = [questions.question(NEGATIVES) for _ in range(QUESTIONS)]
    odds = reranker([(item.query, text) for item in drawn for text in item.documents]).view(QUESTIONS, -1)
    right = torch.zeros_like(odds)
    right[:, 0] = 1
    listwise = cross_entropy(odds, torch.zeros(QUESTIONS, dtype=torch.long))
    pointwise = binary_cross_entropy_with_logits(odds, right, pos_weight=torch.tensor(float(NEGATIVES)))
    hits = (odds.argmax(1) == 0).float().mean()
    shown = {"listwise": listwise.item(), "pointwise": pointwise.item(), "right": hits.item()}
    return listwise + 0.3 * pointwise, shown


def publish(reranker: Reranker, folder: Path) -> None:
    """Write the checkpoint in the layout of Qwen3-Reranker."""
    folder.mkdir(parents=True, exist_ok=True)
    reranker.model.half().save_pretrained(folder)
    save_tokenizer(reranker.tokenizer, folder, 2048)
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**json.loads((folder / "tokenizer_config.json").read_text()), "padding_side": "left"}, indent=2)
        + "\n"
    )


def main() -> None:
    """Read the options, train, publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=Path, required=True, help="folder with tatoeba_cmn_eng, bitext, …")
    parser.add_argument("--embedder", type=Path, default=ROOT / "kefu" / "checkpoints" / "embedder")
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--work", type=Path, default=ROOT / ".kefu" / "training" / "reranker")
    parser.add_argument("--out", type=Path, default=ROOT / "kefu" / "checkpoints" / "reranker")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    reranker, student = start(options.embedder)
    rng = random.Random(SEED)
    questions = sampler(student, load_corpus(options.datasets, SEED), rng)
    run = Run(reranker.model, Schedule(options.minutes, RATE, WARM_UP), options.work / "state.pt", rng, SEED)
    joined(reranker.model.model)
    run.go(lambda: losses(reranker, questions))
    publish(reranker, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
