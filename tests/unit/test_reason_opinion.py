"""The second opinion on a reason: fitted on its own examples, silent where it is not sure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kefu.dialogue.reasons.reason_opinion import ReasonOpinion
from kefu.dialogue.words.examples import NONE, Examples, load_examples
from kefu.errors import DataError
from kefu.protocols import ModelIdentity, Vectors
from kefu.shop.policy import load_policy
from kefu.text import LANGUAGES

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "shop" / "reason_examples.yml"
REASONS = load_policy(ROOT / "data" / "shop" / "policy.yml").reasons


class Letters:
    """Embeds a text by the letters that it is made of: texts of the same letters are alike."""

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.embedded: list[str] = []

    def warm_up(self) -> None:
        """Nothing to load."""

    def identity(self) -> ModelIdentity:
        return ModelIdentity(self.name, self.name, 27)

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
        self.embedded += texts
        counts = np.array([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] + [0.1] for text in texts])
        return (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)


def examples(**groups: str) -> Examples:
    pairs = [(text, group) for group, texts in groups.items() for text in texts.split()]
    return Examples(tuple(text for text, _ in pairs), tuple(group for _, group in pairs))


APART = examples(
    defect="aaab aabb aaac abab aaba abaa",
    damage="xxxy xxyy xxxz xyxy xyyx yxxx",
    none="mmmn mmnn mnmn nmnm nnmm mmnm",
)


def opinion(of: Examples = APART) -> ReasonOpinion:
    embedder = Letters()
    return ReasonOpinion(of, embedder.embed(of.texts), embedder)


def test_the_nearest_examples_give_the_reason():
    assert opinion()(["aabaab", "xyxxyx"]) == ["defect", "damage"]


def test_what_gives_no_reason_is_none():
    assert opinion()(["mnmmnn"]) == [None]


@pytest.mark.parametrize("text", ["kkk", "axby", "abxy"])
def test_what_is_far_from_all_or_between_two_is_not_taken(text: str):
    assert opinion()([text]) == [None]


def test_no_text_no_reason():
    assert opinion()([]) == []


def test_examples_that_cannot_be_told_apart_accept_nothing():
    mixed = examples(defect="abc bca cab acb", damage="abc bca cab acb", none="abc bca cab acb")
    found = opinion(mixed)
    assert found.bar.right == found.bar.wrong == 0.0
    assert found(["abc", "cba"]) == [None, None]


def test_the_bar_is_fitted_and_not_a_score_of_one_model():
    """The same examples in vectors that are all much alike: another bar, the same reasons."""
    plain = Letters().embed(APART.texts)

    class Alike(Letters):
        def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
            vectors = super().embed(texts) + 3.0 / np.sqrt(27)
            return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    alike = Alike()
    found = ReasonOpinion(APART, alike.embed(APART.texts), alike)
    assert found.bar.likeness > opinion().bar.likeness or found.bar.margin < opinion().bar.margin
    assert found(["aabaab", "xyxxyx", "mnmmnn"]) == ["defect", "damage", None]
    assert plain.shape == (len(APART.texts), 27)


def test_vectors_are_kept_for_the_model_and_the_examples_that_made_them(tmp_path: Path):
    cache, first = tmp_path / "index" / "reasons.npz", Letters()
    made = ReasonOpinion.open(APART, first, cache)
    assert first.embedded == list(APART.texts)
    again = Letters()
    kept = ReasonOpinion.open(APART, again, cache)
    assert again.embedded == [] and kept.bar == made.bar
    other = Letters("another model")
    ReasonOpinion.open(APART, other, cache)
    assert other.embedded == list(APART.texts)
    more = Letters("another model")
    ReasonOpinion.open(examples(defect="ab ba", damage="xy yx"), more, cache)
    assert more.embedded == ["ab", "ba", "xy", "yx"]


def test_a_damaged_file_of_vectors_is_made_anew(tmp_path: Path):
    cache, embedder = tmp_path / "reasons.npz", Letters()
    cache.write_bytes(b"PK no archive")
    assert ReasonOpinion.open(APART, embedder, cache)(["aabaab"]) == ["defect"]
    assert len(embedder.embedded) == len(APART.texts) + 1


def test_the_shipped_examples_are_enough_of_each_and_no_two_alike():
    found = load_examples(SHIPPED, REASONS)
    assert set(found.groups) == {*REASONS, NONE}
    assert len({text.casefold() for text in found.texts}) == len(found.texts)
    for reason in {*REASONS, NONE}:
        chinese = sum(
            group == reason and not text.isascii() for text, group in zip(*vars(found).values(), strict=True)
        )
        english = found.groups.count(reason) - chinese
        assert chinese >= 25 and english >= 25, reason


def test_reasons_that_the_policy_lacks_are_left_out():
    found = load_examples(SHIPPED, {"defect", "damage"})
    assert set(found.groups) == {"defect", "damage", NONE}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("- a list", "must map groups"),
        ("defect: {zh: [坏了]}", "fewer than two"),
        ("defect: [坏了]", "must map languages"),
        (f"defect: {{{LANGUAGES[0]}: [''], en: [broken]}}", "must be a sentence"),
        ("defect: {zh: [1]}", "must be a sentence"),
        ("defect: {fr: [cassé]}", "must map languages"),
        ("a: b: c", "cannot be read"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, content: str, complaint: str):
    file = tmp_path / "examples.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_examples(file, REASONS)
