"""Train the embedded Qwen3 embedder, on a GPU where there is one.

    .venv/bin/python training/train_embedder.py --datasets DIR --minutes 75

Method: multilingual knowledge distillation (Reimers & Gurevych 2020): a Chinese sentence, and an English one with
slips, get the vector that a good English encoder gives the clean English sentence. Texts of one topic or intent are
drawn together, away from those of its neighbours (supervised contrastive loss, Khosla et al. 2020). Resumable: the
state is kept every few hundred steps; the learning rate follows the minutes (or steps), so that a run always ends
annealed. Sources of the parts stand beside them: `losses.py`, `teacher.py`, `noise.py`, `tokenizer.py`, `run.py`.
"""

import argparse
import json
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parent))

from batches import Sampler
from device import joined
from grammar import Grammar
from losses import distillation_loss, pair_loss
from mining import Miner
from noise import Noise
from options import recipe_parser, whole
from run import Losses, RecipeError, Run, Schedule
from sentences import Corpus, load_corpus
from student import Student, new_student, publish, student_of
from teacher import DIMENSIONS, teacher_vectors, turned_towards
from tokenizer import END, train_tokenizer

from kefu.models.checkpoint import fingerprint


@dataclass(frozen=True)
class Recipe:
    """What decides the outcome, besides the data."""

    minutes: float = 75.0
    steps: int | None = None  # instead of minutes
    batch: int = 128
    negatives: int = 2048  # further targets to tell the right one from
    rate: float = 1.2e-3
    warm_up: int = 150
    seed: int = 20261125
    vocabulary: int = 16_000
    width: int = 256
    layers: int = 4
    start: Path | None = None  # a published checkpoint, whose shape counts, to go on from; None: from nothing

    def identity(self, corpus: Corpus) -> dict[str, str | int | float | None]:
        """Give what a state of a run with this recipe belongs to."""
        start = fingerprint(self.start) if self.start else None
        return {**asdict(self), "start": start, "data": corpus.digest()}


def train(recipe: Recipe, datasets: Path, work: Path, device: torch.device, cache: Path | None = None) -> Student:
    """Run the recipe from where the last run stopped.

    :param cache: folder of what runs of any size share; `work` where it is not given.
    :raises RecipeError: if the state in `work` is of a run with another one.
    """
    work.mkdir(parents=True, exist_ok=True)
    cache = cache or work
    print(f"{recipe} on {device}", flush=True)
    corpus = load_corpus(datasets, recipe.seed)
    english = sorted({sentence.target for sentence in corpus.sentences})
    targets = teacher_vectors(english, recipe.width, cache, device)
    student = _student(corpus, recipe, cache, device)
    if recipe.start:
        rows = np.array(random.Random(recipe.seed).sample(range(len(english)), min(8000, len(english))))
        targets = turned_towards(targets, rows, student.embed([english[row] for row in rows]))
    rng = random.Random(recipe.seed)
    noise, miner = Noise(corpus.texts(), Grammar().words(), rng), Miner(corpus, recipe.seed)
    sampler = Sampler(corpus, {text: row for row, text in enumerate(english)}, noise, miner, rng)
    schedule = Schedule(recipe.minutes, recipe.rate, recipe.warm_up, recipe.steps)
    run = Run(student.model, schedule, work / "state.pt", rng, recipe.seed, recipe.identity(corpus), miner)
    joined(student.model, device)
    pool = torch.from_numpy(targets).to(device)

    def losses() -> Losses:
        miner.step(student.embed)
        return _losses(student, sampler, pool, recipe)

    run.go(losses)
    return student


def _losses(student: Student, sampler: Sampler, targets: torch.Tensor, recipe: Recipe) -> Losses:
    texts, rows = sampler.sentences(recipe.batch)
    pairs = sampler.pairs()
    device = targets.device
    sizes = len(texts), len(pairs.texts), len(pairs.mined)
    sentences, paired, mined = student(texts + pairs.texts + pairs.mined).split(sizes)
    others = targets[torch.randint(len(targets), (recipe.negatives,), device=device)]
    imitation = distillation_loss(sentences, targets[torch.from_numpy(rows).to(device)], others)
    negative, against = (torch.from_numpy(one).to(device) for one in (pairs.negative, pairs.mined_negative))
    likeness = pair_loss(paired, negative, mined, against)
    return imitation + 0.4 * likeness, {"imitation": imitation.item(), "likeness": likeness.item()}


def _student(corpus: Corpus, recipe: Recipe, cache: Path, device: torch.device) -> Student:
    if recipe.start:
        return student_of(recipe.start, device)
    tokenizer = _tokenizer(corpus, recipe, cache)
    tokens, end = tokenizer.get_vocab_size(), tokenizer.token_to_id(END)
    torch.manual_seed(recipe.seed)
    return Student(new_student(recipe.width, recipe.layers, tokens, end, device), tokenizer)


def _tokenizer(corpus: Corpus, recipe: Recipe, cache: Path) -> Tokenizer:
    file = cache / f"tokenizer-{corpus.digest()}-{recipe.vocabulary}.json"
    if not file.exists():
        train_tokenizer(corpus.texts(), recipe.vocabulary).save(str(file))
    return Tokenizer.from_file(str(file))


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = recipe_parser(__doc__, "embedder", Recipe.minutes)
    made.add_argument("--width", type=whole(32, DIMENSIONS), help=f"32 to {DIMENSIONS} (default {Recipe.width})")
    made.add_argument("--layers", type=whole(1), help=f"default {Recipe.layers}")
    made.add_argument("--start", type=Path, metavar="FOLDER", help="a published checkpoint to go on from")
    made.add_argument("--cache", type=Path, metavar="FOLDER", help="what runs share, the targets (default: --work)")
    made.add_argument("--rate", type=float, default=Recipe.rate, help=f"of learning, at most (default {Recipe.rate})")
    return made


def recipe_of(options: argparse.Namespace) -> Recipe:
    """Give the recipe that the options ask for; what goes on from a checkpoint keeps its shape.

    :raises RecipeError: if they ask for another shape than that of the checkpoint.
    """
    width, layers = options.width, options.layers
    if options.start:
        config = json.loads((options.start / "config.json").read_text(encoding="utf-8"))
        shape = config["hidden_size"], config["num_hidden_layers"]
        if (width or shape[0], layers or shape[1]) != shape:
            raise RecipeError(
                f"{options.start} has width {shape[0]} and {shape[1]} layers: leave out --width, --layers."
            )
        width, layers = shape
    chosen = {"width": width or Recipe.width, "layers": layers or Recipe.layers}
    return Recipe(options.minutes, options.steps, rate=options.rate, start=options.start, **chosen)


def main() -> None:
    """Read the options, train, publish."""
    made = parser()
    options = made.parse_args()
    try:
        student = train(recipe_of(options), options.datasets, options.work, options.device, options.cache)
    except RecipeError as error:
        made.error(str(error))
    publish(student, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
