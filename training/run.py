"""The steps of a training run: schedule, state on disk, what is shown. Both recipes use it."""

import math
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

SAVE_EVERY = 200  # steps
_SHOW_EVERY = 50
Losses = tuple[torch.Tensor, dict[str, float]]
"""What to go down, and the figures to show."""


@dataclass(frozen=True)
class Schedule:
    """How long a run takes and how fast it learns; the rate falls along half a cosine (Loshchilov & Hutter 2017)."""

    minutes: float
    rate: float
    warm_up: int  # steps

    def rate_at(self, step: int, spent: float) -> float:
        """Give the learning rate of a step after so many seconds."""
        done = min(1.0, spent / (60 * self.minutes))
        warm = min(1.0, (step + 1) / self.warm_up)
        return self.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


class Run:
    """A resumable run: it ends when its minutes are spent, over however many starts, and always annealed."""

    def __init__(self, model: torch.nn.Module, schedule: Schedule, file: Path, rng: random.Random, seed: int) -> None:
        """Go on from the state in `file`, if there is one; `rng` then draws what it has not drawn before."""
        self._model, self._schedule, self._file = model, schedule, file
        self._optimiser = torch.optim.AdamW(
            model.parameters(), lr=schedule.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )
        self._step, self._spent = 0, 0.0
        if file.exists():
            state = torch.load(file, weights_only=True)
            model.load_state_dict(state["model"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._step, self._spent = state["step"], state["spent"]
        rng.seed(f"{seed}-{self._step}")
        torch.manual_seed(seed + self._step)

    def go(self, losses: Callable[[], Losses]) -> None:
        """Take steps down the loss until the minutes are over."""
        total, before = 60 * self._schedule.minutes, time.monotonic()
        print(f"{self._schedule} from step {self._step}", flush=True)
        while self._spent < total:
            shown = self._take_step(losses)
            now = time.monotonic()
            self._spent, before = self._spent + now - before, now
            self._step += 1
            if self._step % _SHOW_EVERY == 0:
                figures = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
                print(f"step {self._step} {figures} minutes {self._spent / 60:.1f}", flush=True)
            if self._step % SAVE_EVERY == 0 or self._spent >= total:
                self._keep()

    def _take_step(self, losses: Callable[[], Losses]) -> dict[str, float]:
        for group in self._optimiser.param_groups:
            group["lr"] = self._schedule.rate_at(self._step, self._spent)
        self._optimiser.zero_grad()
        loss, shown = losses()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        return shown

    def _keep(self) -> None:
        state = {
            "model": self._model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self._step,
            "spent": self._spent,
        }
        partial = self._file.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self._file)


def joined(model: torch.nn.Module) -> None:
    """Join what runs between the matrix products, where there is a compiler: it saves a quarter of the time."""
    if shutil.which("g++"):
        model.compile(dynamic=True)
