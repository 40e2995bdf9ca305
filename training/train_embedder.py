"""Train the embedded Qwen3 embedder on a CPU.

    .venv/bin/python training/train_embedder.py --datasets DIR --minutes 75

Method: multilingual knowledge distillation (Reimers & Gurevych 2020): a Chinese sentence, and an English one with
slips, get the vector that a good English encoder gives the clean English sentence. Texts of one topic or intent are
drawn together, away from those of its neighbours (supervised contrastive loss, Khosla et al. 2020). Resumable: the
state is kept every few hundred steps; the learning rate follows the minutes, so that a run always ends annealed.
"""

import argparse
import json
import math
import random
import shutil
import sys
import time
from dataclasses import asdict, dataclass
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
from sentences import ROOT, Corpus, load_corpus
from student import Student, new_student, publish, student_of
from teacher import teacher_vectors, turned_towards
from tokenizer import END, train_tokenizer

SAVE_EVERY = 200


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
    run = Run(student, sampler, torch.from_numpy(targets), recipe, work / "state.pt")
    rng.seed(f"{recipe.seed}-{run.step}")  # what a resumed run draws is not what it has seen
    run.go()
    return student


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


class Run:
    """The steps of a training run, with the state that it keeps."""

    def __init__(self, student: Student, sampler: Sampler, targets: torch.Tensor, recipe: Recipe, file: Path) -> None:
        self._student, self._sampler, self._targets, self._recipe, self._file = student, sampler, targets, recipe, file
        self._optimiser = torch.optim.AdamW(
            student.model.parameters(), lr=recipe.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )
        self.step, self._spent = 0, 0.0
        if file.exists():
            state = torch.load(file, weights_only=True)
            student.model.load_state_dict(state["model"])
            self._optimiser.load_state_dict(state["optimiser"])
            self.step, self._spent = state["step"], state["spent"]
        if shutil.which("g++"):  # joins what runs between the products: a quarter of the time
            student.model.compile(dynamic=True)

    def go(self) -> None:
        """Take steps until the minutes are over."""
        total, before = 60 * self._recipe.minutes, time.monotonic()
        print(json.dumps(asdict(self._recipe)), f"from step {self.step}", flush=True)
        while self._spent < total:
            losses = self._take_step()
            now = time.monotonic()
            self._spent, before = self._spent + now - before, now
            self.step += 1
            if self.step % 50 == 0:
                shown = " ".join(f"{loss:.3f}" for loss in losses)
                print(f"step {self.step} losses {shown} minutes {self._spent / 60:.1f}", flush=True)
            if self.step % SAVE_EVERY == 0 or self._spent >= total:
                self._keep()

    def _take_step(self) -> tuple[float, float]:
        texts, rows = self._sampler.sentences(self._recipe.batch)
        pairs = self._sampler.pairs()
        vectors = self._student(texts + pairs.texts)
        others = self._targets[torch.randint(len(self._targets), (self._recipe.negatives,))]
        imitation = distillation_loss(vectors[: len(texts)], self._targets[rows], others)
        likeness = pair_loss(vectors[len(texts) :], torch.from_numpy(pairs.negative))
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate()
        self._optimiser.zero_grad()
        (imitation + 0.4 * likeness).backward()
        torch.nn.utils.clip_grad_norm_(self._student.model.parameters(), 1.0)
        self._optimiser.step()
        return imitation.item(), likeness.item()

    def _rate(self) -> float:
        done = min(1.0, self._spent / (60 * self._recipe.minutes))
        warm = min(1.0, (self.step + 1) / self._recipe.warm_up)
        return self._recipe.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))

    def _keep(self) -> None:
        state = {
            "model": self._student.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self.step,
            "spent": self._spent,
        }
        partial = self._file.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self._file)


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
