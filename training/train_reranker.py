"""Train the embedded Qwen3 reranker from the embedder's weights.

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

import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import Qwen3ForCausalLM, Qwen3Model

sys.path.insert(0, str(Path(__file__).resolve().parent))

from device import joined
from grammar import Grammar
from noise import Noise
from options import recipe_parser
from rerank_data import RerankSampler
from run import Losses, RecipeError, Run, Schedule
from sentences import Corpus, load_corpus
from student import Student, last_states
from tokenizer import for_reranker, save_tokenizer

from kefu.models.checkpoint import EMBEDDED_EMBEDDER, fingerprint
from kefu.models.rerank_prompt import AFTER, ANSWERS, BEFORE, body

SEED = 20261126
QUESTIONS, NEGATIVES = 12, 5
RATE, WARM_UP = 6e-4, 100
MINUTES = 25.0
_LONGEST_BODY = 110  # tokens
_TOGETHER = 2048  # tokens of one forward pass on a CPU, about


class Reranker:
    """A language model that is asked for `yes` or `no`."""

    def __init__(self, model: Qwen3ForCausalLM, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer
        self._answers = torch.tensor([tokenizer.token_to_id(word) for word in ANSWERS])
        self._before = tokenizer.encode(BEFORE, add_special_tokens=False).ids
        self._after = tokenizer.encode(AFTER, add_special_tokens=False).ids

    def __call__(self, pairs: list[tuple[str, str]]) -> torch.Tensor:
        """Give the log-odds of `yes`, `float32[n]`."""
        bodies = self.tokenizer.encode_batch([body(*pair) for pair in pairs], add_special_tokens=False)
        rows = [self._before + item.ids[:_LONGEST_BODY] + self._after for item in bodies]
        states = last_states(self.model.model, rows, _TOGETHER)
        logits = states @ self.model.get_input_embeddings().weight[self._answers].T
        return logits[:, 1] - logits[:, 0]


def start(embedder: Path, device: torch.device) -> tuple[Reranker, Student]:
    """Take the embedder's trunk; input and output embeddings are one matrix (Press & Wolf 2017)."""
    trunk = Qwen3Model.from_pretrained(embedder, dtype=torch.float32)
    tokenizer = Tokenizer.from_file(str(embedder / "tokenizer.json"))
    trunk.config.tie_word_embeddings = True
    model = Qwen3ForCausalLM(trunk.config)
    model.model.load_state_dict(trunk.state_dict())
    model.tie_weights()
    return Reranker(model.to(device), for_reranker(tokenizer)), Student(trunk.to(device), tokenizer)


def sampler(student: Student, corpus: Corpus, rng: random.Random) -> RerankSampler:
    """Make the questions; near is what the embedder takes for near."""
    return RerankSampler(corpus, student.embed, Noise(corpus.texts(), Grammar().words(), rng), rng)


def losses(reranker: Reranker, questions: RerankSampler) -> Losses:
    """Draw questions and judge what the model says of their documents."""
    drawn = [questions.question(NEGATIVES) for _ in range(QUESTIONS)]
    odds = reranker([(item.query, text) for item in drawn for text in item.documents]).view(QUESTIONS, -1)
    listwise, pointwise = judged(odds)
    hits = (odds.argmax(1) == 0).float().mean()
    shown = {"listwise": listwise.item(), "pointwise": pointwise.item(), "right": hits.item()}
    return listwise + 0.3 * pointwise, shown


def judged(odds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Give the losses of log-odds `float32[questions, documents]`, the right document first.

    Listwise: the right document as the top one of its list (ListNet, Cao et al. 2007). Pointwise: each document by
    itself, the right one with the weight of all its wrong ones.
    """
    right = torch.zeros_like(odds)
    right[:, 0] = 1
    listwise = cross_entropy(odds, odds.new_zeros(len(odds), dtype=torch.long))
    weight = odds.new_full((), odds.shape[1] - 1)
    return listwise, binary_cross_entropy_with_logits(odds, right, pos_weight=weight)


def publish(reranker: Reranker, folder: Path) -> None:
    """Write the checkpoint in the layout of Qwen3-Reranker."""
    folder.mkdir(parents=True, exist_ok=True)
    reranker.model.half().save_pretrained(folder)
    save_tokenizer(reranker.tokenizer, folder, 2048)
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**json.loads((folder / "tokenizer_config.json").read_text()), "padding_side": "left"}, indent=2)
        + "\n"
    )


def train(options: argparse.Namespace) -> Reranker:
    """Go on from where the last run stopped.

    :raises RecipeError: if the state in the folder is of a run with another recipe.
    """
    options.work.mkdir(parents=True, exist_ok=True)
    reranker, student = start(options.embedder, options.device)
    if options.start:
        published = Qwen3ForCausalLM.from_pretrained(options.start, dtype=torch.float32)
        reranker.model.load_state_dict(published.state_dict())
    corpus = load_corpus(options.datasets, SEED)
    rng = random.Random(SEED)
    questions = sampler(student, corpus, rng)
    schedule = Schedule(options.minutes, RATE, WARM_UP, options.steps)
    recipe = {
        "questions": QUESTIONS,
        "negatives": NEGATIVES,
        "start": [fingerprint(folder) for folder in (options.embedder, options.start) if folder],
        "data": corpus.digest(),
    }
    run = Run(reranker.model, schedule, options.work / "state.pt", rng, SEED, recipe)
    joined(reranker.model.model, options.device)
    run.go(lambda: losses(reranker, questions))
    return reranker


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = recipe_parser(__doc__, "reranker", MINUTES)
    made.add_argument("--embedder", type=Path, default=EMBEDDED_EMBEDDER, help="whose weights and neighbours count")
    made.add_argument("--start", type=Path, help="published reranker to go on from (default: the embedder's weights)")
    return made


def main() -> None:
    """Read the options, train, publish."""
    made = parser()
    options = made.parse_args()
    try:
        reranker = train(options)
    except RecipeError as error:
        made.error(str(error))
    publish(reranker, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
