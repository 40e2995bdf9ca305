"""A second opinion on what a customer gives as his reason, by meaning: for wordings that no table of words has.

The reason of the example sentences nearest to his words is taken if they are near enough, and no other reason is
about as near. How near is fitted on the examples themselves, each judged by all others (leave one out), whenever
examples or model change; scores of different models have nothing in common.
"""

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from kefu.errors import DataError
from kefu.models.prompts import INSTRUCTIONS, INTENT
from kefu.protocols import Embedder, Vectors
from kefu.text import LANGUAGES
from kefu.yaml_text import load_yaml

logger = logging.getLogger(__name__)

NONE = "none"  # the group of sentences that give no reason
_NEAREST = 3  # examples of a reason that speak for it
# A wrong reason costs the customer's trust, an unread one a question: so many right ones make up for a wrong one.
_WRONG_COSTS = 8
_STEPS = 40  # thresholds tried of each kind


@dataclass(frozen=True)
class Examples:
    """Sentences and the reason that each gives, :data:`NONE` where it gives none."""

    texts: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Tell these examples from others."""
        return hashlib.sha256(repr((self.texts, self.reasons)).encode()).hexdigest()


@dataclass(frozen=True)
class Bar:
    """What a reason must reach: likeness to its examples, and distance to the next reason (both of cosines).

    ``right`` and ``wrong``: shares of the examples that give a reason, judged by all others, whose reason was then
    accepted, rightly and wrongly.
    """

    likeness: float
    margin: float
    right: float
    wrong: float


class ReasonOpinion:
    """Gives reasons by meaning; safe between threads."""

    def __init__(self, examples: Examples, vectors: Vectors, embedder: Embedder) -> None:
        """Fit the bar; ``vectors`` are those of the examples, ``float32[n, dim]``."""
        self._embedder = embedder
        self._vectors = vectors
        self._keys, self._members = _groups(examples.reasons)
        self.bar = _fit(vectors @ vectors.T, np.array(examples.reasons), self._keys, self._members)

    @classmethod
    def open(cls, examples: Examples, embedder: Embedder, cache: Path) -> "ReasonOpinion":
        """Embed the examples, or take their vectors from ``cache`` (.npz) where the same model has made them.

        :raises ModelError: if the model cannot embed them.
        """
        made_by = f"{embedder.identity()} {INSTRUCTIONS[INTENT]} {examples.digest}"
        vectors = _cached(cache, made_by)
        if vectors is None:
            vectors = embedder.embed(examples.texts, task=INTENT)
            _keep(cache, made_by, vectors)
        return cls(examples, vectors, embedder)

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Give the reason of each text, None where it is not sure or there is none.

        :raises ModelError: if the model cannot embed them.
        """
        if not texts:
            return []
        likeness = self._embedder.embed(texts, task=INTENT) @ self._vectors.T
        scores = _scores(likeness, self._members)
        best, score, margin = _best(scores)
        accepted = (score >= self.bar.likeness) & (margin >= self.bar.margin)
        return [
            self._keys[group] if is_accepted and self._keys[group] != NONE else None
            for group, is_accepted in zip(best, accepted, strict=True)
        ]


def load_examples(file: Path, reasons: Collection[str]) -> Examples:
    """Read the examples of those reasons that the policy has, and the sentences that give none.

    :raises DataError: if the file is not one of lists of sentences by reason and language.
    """
    try:
        content = load_yaml(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise DataError(f"{file} must map reasons to sentences by language.")
    known = [(group, content[group]) for group in content if group in reasons or group == NONE]
    pairs = [(text, group) for group, sentences in known for text in _sentences(file, group, sentences)]
    if len({group for _, group in pairs}) < 2:
        raise DataError(f"{file} has sentences of fewer than two of the policy's reasons.")
    return Examples(tuple(text for text, _ in pairs), tuple(group for _, group in pairs))


def _sentences(file: Path, group: str, sentences: object) -> list[str]:
    if not isinstance(sentences, dict) or not set(sentences) <= set(LANGUAGES):
        raise DataError(f"{file}: `{group}` must map languages ({', '.join(LANGUAGES)}) to lists of sentences.")
    found = [text for language in sentences for text in sentences[language] or ()]
    if not all(isinstance(text, str) and text.strip() for text in found):
        raise DataError(f"{file}: every example of `{group}` must be a sentence.")
    return found


def _groups(reasons: Sequence[str]) -> tuple[list[str], list[NDArray[np.intp]]]:
    """Give the reasons, and the numbers of the examples of each."""
    keys = list(dict.fromkeys(reasons))
    named = np.array(reasons)
    return keys, [np.flatnonzero(named == key) for key in keys]


def _scores(likeness: NDArray[np.float32], members: Sequence[NDArray[np.intp]]) -> NDArray[np.float32]:
    """Give the mean likeness to the nearest examples of each reason: ``[n, examples]`` → ``[n, reasons]``."""
    return np.stack([np.sort(likeness[:, group], axis=1)[:, -_NEAREST:].mean(axis=1) for group in members], axis=1)


def _best(scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """Give the best reason of each row, its score, and how far the next one is behind."""
    ordered = np.sort(scores, axis=1)
    return scores.argmax(axis=1), ordered[:, -1], ordered[:, -1] - ordered[:, -2]


def _fit(
    likeness: NDArray[np.float32], reasons: NDArray[np.str_], keys: list[str], members: list[NDArray[np.intp]]
) -> Bar:
    """Find the bar that is worth most on the examples, each judged by all others."""
    apart = likeness.copy()
    np.fill_diagonal(apart, -1.0)
    best, score, margin = _best(_scores(apart, members))
    found = np.array(keys)[best]
    gives, right = found != NONE, found == reasons
    total = max(1, int((reasons != NONE).sum()))
    # Beyond all scores: accept nothing, which is worth nothing.
    worth, bar = 0.0, Bar(float("inf"), float("inf"), 0.0, 0.0)
    for low in np.quantile(score, np.linspace(0.0, 0.98, _STEPS)):
        for gap in np.quantile(margin, np.linspace(0.0, 0.98, _STEPS)):
            accepted = gives & (score >= low) & (margin >= gap)
            hits, misses = int((accepted & right).sum()), int((accepted & ~right).sum())
            if hits - _WRONG_COSTS * misses > worth:
                worth = hits - _WRONG_COSTS * misses
                bar = Bar(float(low), float(gap), hits / total, misses / total)
    return bar


def _cached(cache: Path, made_by: str) -> Vectors | None:
    try:
        with np.load(cache) as stored:
            return stored["vectors"] if str(stored["made_by"]) == made_by else None
    except (OSError, KeyError, ValueError):
        return None


def _keep(cache: Path, made_by: str, vectors: Vectors) -> None:
    """Keep the vectors for the next process; where that cannot be done, it embeds them again."""
    draft = cache.with_suffix(".draft.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(draft, vectors=vectors, made_by=np.array(made_by))
        draft.replace(cache)
    except OSError as error:
        logger.warning("The vectors of the reasons' examples are not kept: %s", error)
