"""The steps of a training run: schedule, state on disk, what is shown. Both recipes use it."""

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

SAVE_EVERY = 200  # steps
_SHOW_EVERY = 50
Losses = tuple[torch.Tensor, dict[str, float]]
"""What to go down, and the figures to show."""
Identity = Mapping[str, str | int | float | None]
"""What decides the outcome of a run, by name: shape, seed, schedule, data, where it started."""


class Kept(Protocol):
    """What a run keeps beside model and optimiser, as torch's modules do."""

    def state_dict(self) -> dict[str, Any]:
        """Give it."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take it back."""


class RecipeError(ValueError):
    """A recipe that does not go with what lies on disk: the state of another run, a checkpoint of another shape."""


@dataclass(frozen=True)
class Schedule:
    """How long a run takes and how fast it learns; the rate falls along half a cosine (Loshchilov & Hutter 2017).

    It follows the minutes spent in steps, or, where the number of steps is given, that: only then do two runs come out
    alike to the bit, as no clock has a say.
    """

    minutes: float
    rate: float
    warm_up: int  # steps
    steps: int | None = None

    def done(self, step: int, spent: float) -> float:
        """Give the share of the run, 0 to 1, that is behind after so many steps and seconds."""
        return min(1.0, step / self.steps if self.steps else spent / (60 * self.minutes))

    def rate_at(self, step: int, spent: float) -> float:
        """Give the learning rate of a step after so many seconds."""
        warm = min(1.0, (step + 1) / self.warm_up)
        return self.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * self.done(step, spent))))

    def progress(self, step: int, spent: float) -> str:
        """Say how far the run is."""
        if self.steps:
            return f"step {step} of {self.steps}, {spent / 60:.1f} minutes"
        return f"step {step}, {spent / 60:.1f} of {self.minutes:g} minutes"


class Run:
    """A resumable run: it ends when its minutes or steps are over, in however many starts, and always annealed.

    What a step draws depends on the seed and its number alone, so that an interrupted run goes on as if it never had
    been. Optimiser: AdamW (Loshchilov & Hutter 2019).
    """

    def __init__(
        self,
        model: torch.nn.Module,
        schedule: Schedule,
        file: Path,
        rng: random.Random,
        seed: int,
        recipe: Identity,
        beside: Kept | None = None,
    ) -> None:
        """Go on from the state in `file`, if there is one.

        :param rng: the generator that the losses draw from, beside torch's own.
        :param beside: what else the losses remember from step to step.
        :raises RecipeError: if the state is of a run with another recipe or schedule.
        """
        self._model, self._schedule, self._file = model, schedule, file
        self._rng, self._seed, self._beside = rng, seed, beside
        self._recipe = {"seed": seed, **vars(schedule), **recipe}
        self._optimiser = torch.optim.AdamW(
            model.parameters(), lr=schedule.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )
        self._step, self._spent = 0, 0.0
        if file.exists():
            state = torch.load(file, weights_only=True, map_location=next(model.parameters()).device)
            self._refuse_another(state.get("recipe", {}))
            model.load_state_dict(state["model"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._step, self._spent = state["step"], state["spent"]
            if beside:
                beside.load_state_dict(state["beside"])

    def go(self, losses: Callable[[], Losses]) -> None:
        """Take steps down the loss until the run is over."""
        before = time.monotonic()
        print(f"{self._schedule} from step {self._step}", flush=True)
        while not self._is_over():
            shown = self._take_step(losses)
            now = time.monotonic()
            self._spent, before = self._spent + now - before, now
            self._step += 1
            if self._step % _SHOW_EVERY == 0 or self._is_over():
                figures = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
                print(f"{self._schedule.progress(self._step, self._spent)}: {figures}", flush=True)
            if self._step % SAVE_EVERY == 0 or self._is_over():
                self._keep()

    def _is_over(self) -> bool:
        return self._schedule.done(self._step, self._spent) >= 1

    def _take_step(self, losses: Callable[[], Losses]) -> dict[str, float]:
        self._rng.seed(f"{self._seed}-{self._step}")
        torch.manual_seed(self._seed + self._step)
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
            "recipe": self._recipe,
            "model": self._model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self._step,
            "spent": self._spent,
            "beside": self._beside.state_dict() if self._beside else {},
        }
        partial = self._file.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self._file)

    def _refuse_another(self, recipe: Identity) -> None:
        names = sorted({*recipe, *self._recipe})
        if other := [name for name in names if recipe.get(name) != self._recipe.get(name)]:
            told = "; ".join(f"{name} {recipe.get(name)} there, {self._recipe.get(name)} here" for name in other)
            raise RecipeError(
                f"{self._file} is the state of another run: {told}. Finish that one with its own options, begin anew "
                "in another folder (--work), or delete the file."
            )
