"""Hard negatives of the embedder's training: near, of another meaning, the same after an interruption."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import mining  # noqa: E402
from mining import Mined, Miner, nearest_apart, own_likeness  # noqa: E402
from sentences import Corpus  # noqa: E402

ANGLES = {"a": 0, "b": 20, "c": 45, "d": 180}  # degrees between the middles of four groups


def _on_circle(degrees: list[float]) -> np.ndarray:
    turned = np.deg2rad(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def _embed(texts: list[str]) -> np.ndarray:
    """Put `b 3` three degrees beside the middle of its group."""
    return _on_circle([ANGLES[text[0]] + float(text[2:]) for text in texts])


@pytest.fixture
def corpus() -> Corpus:
    topics = {name: [f"{name} {beside}" for beside in (-15, 0, 15)] for name in ANGLES}
    return Corpus([], {"topic": topics, "topic-said": {"a": ["a 7", "a 8"]}, "intent": {}, "clinc": {}, "bitext": {}})


def _near(miner: Miner, name: str, text: str, draws: int = 200) -> set[Mined]:
    rng = random.Random(1)
    return {found for _ in range(draws) if (found := miner.near("topic", name, text, rng))}


def test_the_nearest_of_other_groups_are_found_and_the_farther_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining, "KEPT", 2)
    vectors, of = _on_circle([0, 40, 60, 80, 100, 180]), np.array([0, 0, 1, 2, 2, 3])
    found = nearest_apart(vectors, of)
    assert (found.shape, found.dtype) == ((6, 2), np.int32)
    assert set(found[0].tolist()) == {2, 3}
    assert set(found[5].tolist()) == {3, 4}


def test_what_is_nearer_than_a_share_of_the_own_group_counts_as_of_the_same_meaning() -> None:
    """Row 0 is alike to its group by cos 30°, 0.87; row 2 lies 31° away and row 3 36°: 0.95 of 0.87 is cos 34.6°."""
    vectors, of = _on_circle([0, 30, -31, -36]), np.array([0, 0, 1, 2])
    assert own_likeness(vectors, of)[:2] == pytest.approx([np.cos(np.deg2rad(30))] * 2)
    assert [at for at in nearest_apart(vectors, of)[0].tolist() if at >= 0] == [3]


def test_a_text_alone_in_its_group_has_all_but_its_doubles_for_negatives() -> None:
    vectors, of = _on_circle([0, 1, 40]), np.array([0, 1, 2])
    assert own_likeness(vectors, of).tolist() == [1, 1, 1]
    assert [at for at in nearest_apart(vectors, of)[0].tolist() if at >= 0] == [2]


def test_a_text_gets_near_ones_of_other_groups_only(corpus: Corpus) -> None:
    miner = Miner(corpus, seed=1)
    assert not _near(miner, "a", "a 0")  # nothing has been searched
    miner.step(_embed)
    found = _near(miner, "a", "a 0")
    assert Mined("topic", "c", "c -15") in found
    assert not [item for item in found if item.name == "a" or not item.text.startswith(item.name)]
    assert Mined("topic", "b", "b 0") not in found  # 20° away, where its own group is 11° away on average
    assert not miner.near("multidogo", "a", "a 0", random.Random(1))


def test_a_text_beyond_the_sample_gets_what_is_near_to_its_group(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mining, "EACH", 4)
    miner = Miner(corpus, seed=1)
    asked: list[str] = []
    miner.step(lambda texts: _embed(asked.extend(texts) or texts))
    assert {"a -15", "a 0", "a 15"} <= set(asked)  # written in full, before what templates say
    assert len([text for text in asked if text.startswith("a")]) == 4
    assert _near(miner, "a", "a 99") == set.union(*(_near(miner, "a", text) for text in asked if text[0] == "a"))


def test_the_search_comes_back_at_intervals_and_an_interrupted_one_goes_on(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mining, "EVERY", 3)
    searched: list[int] = []

    def steps(miner: Miner, numbers: range) -> None:
        for number in numbers:
            miner.step(lambda texts, number=number: _embed(searched.append(number) or texts))

    whole = Miner(corpus, seed=1)
    steps(whole, range(7))
    assert searched == [0, 3, 6]
    broken, resumed = Miner(corpus, seed=1), Miner(corpus, seed=1)
    steps(broken, range(5))
    resumed.load_state_dict(broken.state_dict())
    assert _near(resumed, "a", "a 0") == _near(broken, "a", "a 0") != set()
    searched.clear()
    steps(resumed, range(5, 7))
    assert searched == [6]
    assert torch.equal(resumed.state_dict()["found"], whole.state_dict()["found"])


def test_a_seed_samples_the_same_texts(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining, "EACH", 2)
    asked: list[list[str]] = []
    for seed in (1, 1, 2, 3):
        Miner(corpus, seed).step(lambda texts: _embed(asked.append(texts) or texts))
    assert asked[0] == asked[1]
    assert asked[0] != asked[2] or asked[0] != asked[3]
