"""Example sentences in groups, and their vectors: what opinions by meaning are fitted on."""

import hashlib
import logging
import os
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from kefu.errors import DataError
from kefu.models.prompts import INSTRUCTIONS, INTENT
from kefu.protocols import Embedder, Vectors
from kefu.text import LANGUAGES
from kefu.yaml_text import load_yaml

logger = logging.getLogger(__name__)

NONE = "none"  # the group of sentences that belong to no other


@dataclass(frozen=True)
class Examples:
    """Sentences and the group that each belongs to, :data:`NONE` where it belongs to none."""

    texts: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Tell these examples from others."""
        return hashlib.sha256(repr((self.texts, self.groups)).encode()).hexdigest()


def load_examples(file: Path, groups: Collection[str]) -> Examples:
    """Read the examples of those groups that are wanted, and the sentences that belong to none.

    :raises DataError: if the file is not one of lists of sentences by group and language.
    """
    try:
        content = load_yaml(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise DataError(f"{file} must map groups to sentences by language.")
    known = [(group, content[group]) for group in content if group in groups or group == NONE]
    pairs = [(text, group) for group, sentences in known for text in _sentences(file, group, sentences)]
    if len({group for _, group in pairs}) < 2:
        raise DataError(f"{file} has sentences of fewer than two of these groups: {', '.join([*groups, NONE])}.")
    return Examples(tuple(text for text, _ in pairs), tuple(group for _, group in pairs))


def vectors_of(examples: Examples, embedder: Embedder, cache: Path) -> Vectors:
    """Embed the examples, or take their vectors from ``cache`` (.npz) where the same model has made them.

    :return: ``float32[n, dim]``
    :raises ModelError: if the model cannot embed them.
    """
    made_by = made_of(examples, embedder)
    stored = kept_arrays(cache, made_by)
    if stored is not None:
        return stored["vectors"]
    vectors = embedder.embed(examples.texts, task=INTENT)
    keep_arrays(cache, made_by, vectors=vectors)
    return vectors


def made_of(examples: Examples, embedder: Embedder) -> str:
    """Name what is made of these examples by this model."""
    return f"{embedder.identity()} {INSTRUCTIONS[INTENT]} {examples.digest}"


def kept_arrays(cache: Path, made_by: str) -> dict[str, NDArray[Any]] | None:
    """Give what was kept in ``cache`` (.npz) under the same name; None where there is nothing of the kind."""
    try:
        with np.load(cache) as stored:
            return dict(stored) if str(stored["made_by"]) == made_by else None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def keep_arrays(cache: Path, made_by: str, **arrays: NDArray[Any]) -> None:
    """Keep arrays for the next process; where that cannot be done, it makes them again."""
    draft = cache.with_suffix(f".{os.getpid()}.draft.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(draft, made_by=np.array(made_by), **arrays)
        draft.replace(cache)
    except OSError as error:
        logger.warning("What was made of the examples of %s is not kept: %s", cache.stem, error)


def _sentences(file: Path, group: str, sentences: object) -> list[str]:
    if not isinstance(sentences, dict) or not set(sentences) <= set(LANGUAGES):
        raise DataError(f"{file}: `{group}` must map languages ({', '.join(LANGUAGES)}) to lists of sentences.")
    found = [text for language in sentences for text in sentences[language] or ()]
    if not all(isinstance(text, str) and text.strip() for text in found):
        raise DataError(f"{file}: every example of `{group}` must be a sentence.")
    return found
