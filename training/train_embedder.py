"""Train the embedded Qwen3 embedder on a CPU, in under half an hour.

    .venv/bin/python training/train_embedder.py --datasets DIR

Method: multilingual knowledge distillation (Reimers & Gurevych 2020): a Chinese sentence, and an English one with
slips, get the vector that a good English encoder gives the clean English sentence; each also has to be told from the
other sentences of its batch (InfoNCE, van den Oord et al. 2018). Loss at several prefixes of the vector (Matryoshka
representation learning, Kusupati et al. 2022). Questions of one help entry are drawn together (supervised
contrastive loss, Khosla et al. 2020). Resumable: the state is kept every few hundred steps.
"""

import argparse
import json
import math
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn.functional import normalize
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

sys.path.insert(0, str(Path(__file__).resolve().parent))

from noise import slip
from sentences import ROOT, Corpus, Sentence, load_corpus
from teacher import teacher_vectors
from tokenizer import END, save_tokenizer, train_tokenizer

# How often a set is drawn, beside the others: the shop's own sentences most, for their number.
SHARES = {
    "service-zh": 0.20, "service-en": 0.06, "tatoeba-zh": 0.24, "i18n-zh": 0.12, "tatoeba-en": 0.06, "i18n-en": 0.04,
    "bitext": 0.08, "multidogo": 0.06, "clinc": 0.08, "own": 0.06,
}  # fmt: skip
PREFIXES = (64, 128, 256)
TEMPERATURE = 0.05
LONGEST = 40  # tokens, in training
SAVE_EVERY = 250


@dataclass(frozen=True)
class Recipe:
    """What decides the outcome, besides the data."""

    steps: int
    batch: int = 128
    groups: int = 24
    rate: float = 1.2e-3
    warm_up: int = 150
    slips: float = 0.3
    seed: int = 20261120
    vocabulary: int = 12_000
    width: int = 256
    layers: int = 4


def new_student(recipe: Recipe, tokens: int, end: int) -> Qwen3Model:
    """Make a Qwen3 model of about 6.5 million parameters."""
    config = Qwen3Config(
        vocab_size=tokens,
        hidden_size=recipe.width,
        intermediate_size=3 * recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=2048,
        rope_theta=10_000.0,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        use_cache=False,
    )
    return Qwen3Model(config)


class Sampler:
    """Draws batches: sentences by the shares of their sets and near in length, and pairs of questions of one entry."""

    def __init__(self, corpus: Corpus, targets: dict[str, int], recipe: Recipe) -> None:
        self._rng = random.Random(recipe.seed)
        self._recipe = recipe
        self._targets = targets
        self._groups = [group for group in corpus.groups if len(group) > 1]
        self._sets: dict[str, list[Sentence]] = {name: [] for name in SHARES}
        for sentence in corpus.sentences:
            self._sets[sentence.source].append(sentence)
        self._pool: list[list[Sentence]] = []

    def sentences(self) -> tuple[list[str], np.ndarray]:
        """Give texts (some with slips) and the rows of their targets."""
        if not self._pool:
            names = self._rng.choices(list(SHARES), list(SHARES.values()), k=self._recipe.batch * 8)
            drawn = sorted((self._rng.choice(self._sets[name]) for name in names), key=lambda item: len(item.text))
            size = self._recipe.batch
            self._pool = [drawn[start : start + size] for start in range(0, len(drawn), size)]
            self._rng.shuffle(self._pool)
        batch = self._pool.pop()
        return [self._slip(item.text) for item in batch], np.array([self._targets[item.target] for item in batch])

    def pairs(self) -> list[str]:
        """Give two texts of each of some entries, next to each other."""
        chosen = self._rng.sample(self._groups, min(self._recipe.groups, len(self._groups)))
        return [self._slip(text) for group in chosen for text in self._rng.sample(group, 2)]

    def _slip(self, text: str) -> str:
        return slip(text, self._rng) if self._rng.random() < self._recipe.slips else text


class Student:
    """The model with its tokenizer, from texts to vectors."""

    def __init__(self, model: Qwen3Model, tokenizer: PreTrainedTokenizerFast) -> None:
        self.model = model
        self.tokenizer = tokenizer

    def __call__(self, texts: list[str]) -> torch.Tensor:
        batch = self.tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        return hidden.last_hidden_state[:, -1].float()


def distillation_loss(vectors: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Compare with the teacher at every prefix: distance to the own target, and telling it from the others'."""
    total = torch.zeros(())
    own = torch.arange(len(vectors))
    same = (targets @ targets.T > 0.9).fill_diagonal_(False)
    for size in PREFIXES:
        mine, wanted = normalize(vectors[:, :size], dim=1), normalize(targets[:, :size], dim=1)
        likeness = mine @ wanted.T
        contrast = torch.nn.functional.cross_entropy((likeness / TEMPERATURE).masked_fill(same, -1e4), own)
        total = total + 4 * (1 - likeness.diagonal()).mean() + 0.25 * contrast
    return total / len(PREFIXES)


def pair_loss(vectors: torch.Tensor) -> torch.Tensor:
    """Draw the two questions of an entry together, away from the others in the batch."""
    total = torch.zeros(())
    own = torch.arange(len(vectors) // 2)
    for size in PREFIXES:
        rows = normalize(vectors[:, :size], dim=1)
        likeness = rows[0::2] @ rows[1::2].T / TEMPERATURE
        total = total + torch.nn.functional.cross_entropy(likeness, own) / 2
        total = total + torch.nn.functional.cross_entropy(likeness.T, own) / 2
    return total / len(PREFIXES)


def train(recipe: Recipe, datasets: Path, work: Path) -> Student:
    """Run the recipe from where the last run stopped."""
    torch.manual_seed(recipe.seed)
    corpus = load_corpus(datasets, recipe.seed)
    english = sorted({sentence.target for sentence in corpus.sentences})
    print(f"{len(corpus.sentences)} sentences onto {len(english)} targets, {len(corpus.groups)} entries")
    targets = torch.from_numpy(teacher_vectors(english, recipe.width, work))
    core = train_tokenizer((sentence.text for sentence in corpus.sentences), recipe.vocabulary)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, pad_token=END, eos_token=END, padding_side="left")
    student = Student(new_student(recipe, len(tokenizer), tokenizer.convert_tokens_to_ids(END)), tokenizer)
    sampler = Sampler(corpus, {text: row for row, text in enumerate(english)}, recipe)
    optimise(student, sampler, targets, recipe, work / "state.pt")
    return student


def optimise(student: Student, sampler: Sampler, targets: torch.Tensor, recipe: Recipe, state_file: Path) -> None:
    """Take the recipe's steps, keeping the state on the way."""
    optimiser = torch.optim.AdamW(student.model.parameters(), lr=recipe.rate, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe))
    first = 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        student.model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("Student", total=recipe.steps, completed=first)
        for step in range(first, recipe.steps):
            texts, rows = sampler.sentences()
            loss = distillation_loss(student(texts), targets[rows])
            if step % 2 == 0:
                loss = loss + 0.5 * pair_loss(student(sampler.pairs()))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            progress.update(task, advance=1, description=f"Student  loss {loss.item():.3f}")
            if (step + 1) % SAVE_EVERY == 0:
                print(f"step {step + 1} loss {loss.item():.3f}", flush=True)
                _keep(state_file, student, optimiser, schedule, step + 1)


def _rate(step: int, recipe: Recipe) -> float:
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))


def _keep(file: Path, student: Student, optimiser: torch.optim.Optimizer, schedule: object, step: int) -> None:
    state = {
        "model": student.model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),  # type: ignore[attr-defined]
        "step": step,
    }
    partial = file.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(file)


def publish(student: Student, folder: Path, longest: int = 2048) -> None:
    """Write the checkpoint in the layout of Qwen3-Embedding (sentence-transformers' modules beside the weights)."""
    folder.mkdir(parents=True, exist_ok=True)
    student.model.half().save_pretrained(folder)
    save_tokenizer(student.tokenizer.backend_tokenizer, folder, longest)
    size = int(student.model.config.hidden_size)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    pooling = {
        "word_embedding_dimension": size,
        "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": False,
        "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False,
        "pooling_mode_weightedmean_tokens": False,
        "pooling_mode_lasttoken": True,
        "include_prompt": True,
    }
    # This student learned without instructions: its tasks have empty prompts, which win over Qwen's form.
    prompts = {"prompts": {"query": "", "document": "", "intent": "", "faq": ""}, "default_prompt_name": None}
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", pooling)
    _write(folder / "config_sentence_transformers.json", {**prompts, "similarity_fn_name": "cosine"})


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the options, train, publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=Path, required=True, help="folder with tatoeba_cmn_eng, bitext, …")
    parser.add_argument("--steps", type=int, default=3500)
    parser.add_argument("--work", type=Path, default=ROOT / ".kefu" / "training" / "embedder")
    parser.add_argument("--out", type=Path, default=ROOT / "kefu" / "checkpoints" / "embedder")
    options = parser.parse_args()
    started = time.monotonic()
    student = train(Recipe(steps=options.steps), options.datasets, options.work)
    publish(student, options.out)
    print(f"{options.out} after {(time.monotonic() - started) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
