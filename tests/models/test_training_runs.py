"""A run of a recipe: seeded, resumable to the bit, within its time, and never going on from another one's state."""

import itertools
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import mining  # noqa: E402
import run  # noqa: E402
import sentences  # noqa: E402
import train_embedder  # noqa: E402
import train_reranker  # noqa: E402
from batches import SHARES  # noqa: E402
from sentences import Corpus, Sentence  # noqa: E402

from kefu.models.checkpoint import EMBEDDED_EMBEDDER  # noqa: E402

Weights = dict[str, torch.Tensor]
CPU = torch.device("cpu")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step take six seconds."""
    ticks = itertools.count(0, 6)
    monkeypatch.setattr(run.time, "monotonic", lambda: next(ticks))


@pytest.fixture
def step(tmp_path: Path) -> Callable[..., tuple[Weights, list[float]]]:
    """Run a small model down a random loss; give its weights and what was drawn. It breaks off where told to."""

    def go(
        schedule: run.Schedule, name: str = "state.pt", seed: int = 1, stop_at: int | None = None, **recipe: str
    ) -> tuple[Weights, list[float]]:
        torch.manual_seed(7)
        model, rng, drawn = torch.nn.Linear(3, 2), random.Random(), []
        going = run.Run(model, schedule, tmp_path / name, rng, seed, recipe)

        def losses() -> run.Losses:
            drawn.append(rng.random())
            if len(drawn) == stop_at:
                raise KeyboardInterrupt
            loss = (model(torch.randn(4, 3)) - rng.random()).square().sum()
            return loss, {"distance": loss.item()}

        try:
            going.go(losses)
        except KeyboardInterrupt:
            assert stop_at
        return {name: tensor.clone() for name, tensor in model.state_dict().items()}, drawn

    return go


def _equal(one: Weights, other: Weights) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


STEPS = run.Schedule(minutes=1, rate=1e-2, warm_up=3, steps=12)


def test_a_seed_gives_the_same_weights_again_and_another_one_others(step: Callable) -> None:
    first, again, other = step(STEPS, "a"), step(STEPS, "b"), step(STEPS, "c", seed=2)
    assert first[1] == again[1] and len(set(first[1])) == 12
    assert _equal(first[0], again[0])
    assert not _equal(first[0], other[0])


@pytest.mark.parametrize("stop_at", [5, 6, 8])
def test_an_interrupted_run_comes_out_as_if_it_had_not_been(
    step: Callable, stop_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SAVE_EVERY", 4)
    whole, drawn = step(STEPS, "whole")
    step(STEPS, stop_at=stop_at)
    resumed, later = step(STEPS)
    assert later == drawn[(stop_at - 1) // 4 * 4 :]
    assert _equal(resumed, whole)
    assert step(STEPS)[1] == []  # it is over


@pytest.mark.usefixtures("clock")
def test_a_run_ends_when_its_minutes_are_spent_over_all_its_starts(
    step: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "SAVE_EVERY", 1)
    minutes = run.Schedule(minutes=1.0, rate=1e-2, warm_up=3)
    assert len(step(minutes, stop_at=5)[1]) == 5  # the fifth is broken off
    assert len(step(minutes)[1]) == 6
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    assert (state["step"], state["spent"]) == (10, 60)
    assert state["optimiser"]["param_groups"][0]["lr"] < minutes.rate * 0.05  # annealed


@pytest.mark.usefixtures("clock")
def test_a_run_shows_how_far_it_is(step: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    step(run.Schedule(minutes=12, rate=1e-2, warm_up=3))
    shown = capsys.readouterr().out
    assert "step 50, 5.0 of 12 minutes: distance" in shown
    assert "step 120, 12.0 of 12 minutes: distance" in shown
    step(STEPS, "steps.pt")
    assert "step 12 of 12, 1.2 minutes: distance" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schedule": run.Schedule(2, 1e-2, 3, 12)}, "minutes 1 there, 2 here"),
        ({"schedule": run.Schedule(1, 1e-2, 3)}, "steps 12 there, None here"),
        ({"schedule": run.Schedule(1, 1e-3, 3, 12)}, "rate 0.01 there, 0.001 here"),
        ({"seed": 2}, "seed 1 there, 2 here"),
        ({"data": "efgh"}, "data abcd there, efgh here"),
        ({"start": "1234"}, "start None there, 1234 here"),
    ],
)
def test_a_state_of_another_run_is_refused_with_the_remedy(
    step: Callable, change: dict, said: str, tmp_path: Path
) -> None:
    before = {"schedule": STEPS, "data": "abcd"}
    step(**before)
    kept = (tmp_path / "state.pt").read_bytes()
    with pytest.raises(run.RecipeError) as caught:
        step(**{**before, **change})
    assert said in str(caught.value)
    assert str(tmp_path / "state.pt") in str(caught.value) and "--work" in str(caught.value)
    assert (tmp_path / "state.pt").read_bytes() == kept


def test_a_state_that_does_not_say_its_recipe_is_refused(step: Callable, tmp_path: Path) -> None:
    step(STEPS)
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    del state["recipe"]
    torch.save(state, tmp_path / "state.pt")
    with pytest.raises(run.RecipeError, match="seed None there, 1 here"):
        step(STEPS)


# --- the recipe of the embedder as a whole, small

SMALL = train_embedder.Recipe(steps=3, batch=6, negatives=8, warm_up=2, width=32, layers=1, vocabulary=500)


@pytest.fixture
def small_corpus(monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A few sentences of each set and kind, and vectors for targets that need no teacher."""
    pytest.importorskip("pypinyin", reason="training/requirements.txt is not installed")
    pytest.importorskip("opencc", reason="training/requirements.txt is not installed")
    texts = [("我要退货", "I want to return it"), ("运费多少钱", "how much is shipping"), ("你好", "hello there")]
    each = [
        Sentence(chinese if source.endswith("zh") else english, english, source)
        for source in SHARES
        for chinese, english in texts
    ]
    named = {f"one_{number}": list(pair) for number, pair in enumerate(texts)}
    groups = {kind: dict(named) for kind in ("topic", "intent", "clinc", "bitext", "multidogo")}
    corpus = Corpus(each, {**groups, "topic-said": {}}, [chinese for chinese, _ in texts] * 2)

    def vectors(texts: list[str], dim: int, *_: object) -> np.ndarray:
        torch.randn(3)  # as making a model may draw
        return np.random.default_rng(1).normal(size=(len(texts), dim)).astype(np.float32)

    monkeypatch.setattr(train_embedder, "load_corpus", lambda *_: corpus)
    monkeypatch.setattr(train_embedder, "teacher_vectors", vectors)
    monkeypatch.setattr(train_embedder, "joined", lambda *_: None)  # compiling takes a minute
    return corpus


def test_a_reranker_is_trained_and_published_alike_from_a_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its command line, on what this repository brings."""
    pytest.importorskip("pypinyin", reason="training/requirements.txt is not installed")
    own = sentences.own_corpus(seed=7)
    few = [item for item in own.sentences if item.source == "service-zh"][:200]
    groups = {kind: {name: texts[:6] for name, texts in own.groups[kind].items()} for kind in own.groups}
    corpus = Corpus(few, {**groups, "clinc": {}, "bitext": {}})
    monkeypatch.setattr(train_reranker, "load_corpus", lambda *_: corpus)
    monkeypatch.setattr(train_reranker, "joined", lambda *_: None)  # compiling takes a minute
    monkeypatch.setattr(train_reranker, "QUESTIONS", 2)
    for name in sentences.SETS:
        (tmp_path / "sets" / name).mkdir(parents=True)
    words = ["train_reranker.py", "--datasets", str(tmp_path / "sets"), "--steps", "2", "--device", "cpu"]
    for name in ("one", "other"):
        monkeypatch.setattr(
            sys, "argv", [*words, "--work", str(tmp_path / name), "--out", str(tmp_path / name / "out")]
        )
        train_reranker.main()
    assert "step 2 of 2" in capsys.readouterr().out
    one, other = (load_file(tmp_path / name / "out" / "model.safetensors") for name in ("one", "other"))
    assert _equal(one, other)
    start = load_file(EMBEDDED_EMBEDDER / "model.safetensors")
    assert not all(torch.equal(one[f"model.{name}"], weights) for name, weights in start.items())
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--steps", "3"])
    with pytest.raises(SystemExit):
        train_reranker.main()
    assert "is the state of another run: steps 2 there, 3 here" in capsys.readouterr().err


def test_two_short_trainings_give_equal_weights(small_corpus: Corpus, tmp_path: Path) -> None:
    torch.manual_seed(1)
    one = train_embedder.train(SMALL, tmp_path, tmp_path / "one", CPU).model.state_dict()
    torch.manual_seed(2)
    other = train_embedder.train(SMALL, tmp_path, tmp_path / "other", CPU).model.state_dict()
    assert _equal(one, other)
    assert one["embed_tokens.weight"].shape[1] == 32


def test_a_training_that_is_interrupted_between_two_searches_comes_out_the_same(
    small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was mined last is in the state: the weights that it was mined with are gone."""
    monkeypatch.setattr(run, "SAVE_EVERY", 1)
    monkeypatch.setattr(mining, "EVERY", 3)
    recipe = replace(SMALL, steps=8)
    whole = train_embedder.train(recipe, tmp_path, tmp_path / "whole", CPU).model.state_dict()
    taken = train_embedder._losses
    steps = itertools.count()

    def losses(*given: object) -> run.Losses:
        if next(steps) == 5:
            raise KeyboardInterrupt
        return taken(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(train_embedder, "_losses", losses)
    with pytest.raises(KeyboardInterrupt):
        train_embedder.train(recipe, tmp_path, tmp_path / "broken", CPU)
    resumed = train_embedder.train(recipe, tmp_path, tmp_path / "broken", CPU).model.state_dict()
    assert _equal(resumed, whole)


def test_a_training_on_other_data_needs_another_folder(small_corpus: Corpus, tmp_path: Path) -> None:
    train_embedder.train(SMALL, tmp_path, tmp_path / "work", CPU)
    small_corpus.sentences.append(Sentence("多少钱", "how much", "own"))
    with pytest.raises(run.RecipeError, match=r"data .* there, .* here"):
        train_embedder.train(SMALL, tmp_path, tmp_path / "work", CPU)


def test_a_recipe_is_its_numbers_its_data_and_its_start(small_corpus: Corpus) -> None:
    identity = SMALL.identity(small_corpus)
    assert {"width", "layers", "vocabulary", "seed", "minutes", "steps", "rate", "batch", "data", "start"} <= set(
        identity
    )
    assert replace(SMALL, start=EMBEDDED_EMBEDDER).identity(small_corpus)["start"] != identity["start"]
