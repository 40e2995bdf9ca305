"""Train the embedded Qwen3 embedder on a CPU.

    .venv/bin/python training/train_embedder.py --datasets DIR --minutes 75

Method: multilingual knowledge distillation (Reimers & Gurevych 2020): a Chinese sentence, and an English one with
slips, get the vector that a good English encoder gives the clean English sentence. Texts of one topic or intent are
drawn together, away from those of its neighbours (supervised contrastive loss, Khosla et al. 2020). Resumable: the
state is kept every few hundred steps; the learning rate follows the minutes, so that a run always ends annealed.
"""

import argparse
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import normalize

sys.path.insert(0, str(Path(__file__).resolve().parent))

from batches import Sampler
from grammar import Grammar
from losses import distillation_loss, pair_loss
from noise import Noise
from run import Losses, Run, Schedule, joined
from sentences import ROOT, Corpus, load_corpus
from student import Student, new_student, publish, student_of
from teacher import teacher_vectors, turned_towards
from tokenizer import END, train_tokenizer


@dataclass(frozen=True)
class Recipe:
    """What decides the outcome, besides the data."""

    minutes: float
    batch: int = 128
    negatives: int = 2048  # further targets to tell the right one from
    rate: float = 1.2e-3
    warm_up: int = 150
    seed: int = 20261125
    vocabulary: int = 16_000
    width: int = 256
    layers: int = 4
    start: str | None = None  # a published checkpoint to go on from; None: from nothing


def train(recipe: Recipe, datasets: Path, work: Path) -> Student:
    """Run the recipe from where the last run stopped."""
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    print(recipe, flush=True)
    corpus = load_corpus(datasets, recipe.seed)
    english = sorted({sentence.target for sentence in corpus.sentences})
    print(f"{len(corpus.sentences)} sentences onto {len(english)} targets", flush=True)
    targets = teacher_vectors(english, recipe.width, work)
    student = _student(corpus, recipe, work / "tokenizer.json")
    if recipe.start:
        rows = np.array(random.Random(recipe.seed).sample(range(len(english)), 8000))
        with torch.inference_mode():
            own = normalize(student([english[row] for row in rows]), dim=1).numpy()
        targets = turned_towards(targets, rows, own)
    rng = random.Random(recipe.seed)
    noise = Noise(corpus.texts(), Grammar().words(), rng)
    sampler = Sampler(corpus, {text: row for row, text in enumerate(english)}, noise, rng)
    schedule = Schedule(recipe.minutes, recipe.rate, recipe.warm_up)
    run = Run(student.model, schedule, work / "state.pt", rng, recipe.seed)
    joined(student.model)
    run.go(lambda: _losses(student, sampler, torch.from_numpy(targets), recipe))
    return student


def _losses(student: Student, sampler: Sampler, targets: torch.Tensor, recipe: Recipe) -> Losses:
    texts, rows = sampler.sentences(recipe.batch)
    pairs = sampler.pairs()
    vectors = student(texts + pairs.texts)
    others = targets[torch.randint(len(targets), (recipe.negatives,))]
    imitation = distillation_loss(vectors[: len(texts)], targets[rows], others)
    likeness = pair_loss(vectors[len(texts) :], torch.from_numpy(pairs.negative))
    return imitation + 0.4 * likeness, {"imitation": imitation.item(), "likeness": likeness.item()}


def _student(corpus: Corpus, recipe: Recipe, file: Path) -> Student:
    if recipe.start:
        return student_of(Path(recipe.start))
    tokenizer = _tokenizer(corpus, recipe, file)
    tokens, end = tokenizer.get_vocab_size(), tokenizer.token_to_id(END)
    return Student(new_student(recipe.width, recipe.layers, tokens, end), tokenizer)


def _tokenizer(corpus: Corpus, recipe: Recipe, file: Path) -> Tokenizer:
    if not file.exists():
        train_tokenizer(corpus.texts(), recipe.vocabulary).save(str(file))
    return Tokenizer.from_file(str(file))


def main() -> None:
    """Read the options, train, publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=Path, required=True, help="folder with tatoeba_cmn_eng, bitext, …")
    parser.add_argument("--minutes", type=float, default=75.0, help="of training, over all its runs")
    parser.add_argument("--start", metavar="FOLDER", help="a published checkpoint to go on from")
    parser.add_argument("--work", type=Path, default=ROOT / ".kefu" / "training" / "embedder")
    parser.add_argument("--out", type=Path, default=ROOT / "kefu" / "checkpoints" / "embedder")
    options = parser.parse_args()
    student = train(Recipe(minutes=options.minutes, start=options.start), options.datasets, options.work)
    publish(student, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
