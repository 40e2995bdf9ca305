"""Which test rows are looked at together: all, by kind, by language, by both; Bitext's by its flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALL = "all"
# Letters of Bitext's TAGS.md, and which of our kinds they are like.
BITEXT_FLAGS: Mapping[str, tuple[str, str]] = {
    "Q": ("colloquial (Q)", "colloquial"),
    "Z": ("typos (Z)", "typo"),
    "K": ("keywords (K)", "keywords"),
}


@dataclass(frozen=True)
class Slice:
    """Some test rows: their numbers, and ``tags`` of what they have in common (kinds and languages)."""

    name: str
    tags: frozenset[str]
    rows: NDArray[np.int64]


def by_kind_and_language(kinds: Sequence[str], languages: Sequence[str]) -> list[Slice]:
    """List the whole, each kind, each language and each pair of them that has a row; one language is no slice."""
    kind, language = np.array(kinds), np.array(languages)
    kind_names, language_names = sorted(set(kinds)), sorted(set(languages), reverse=True)
    common = frozenset(language_names) if len(language_names) == 1 else frozenset()
    found = [Slice(ALL, common | {ALL}, np.arange(len(kind)))]
    if len(kind_names) > 1:
        found += [Slice(name, common | {name}, np.flatnonzero(kind == name)) for name in kind_names]
    if len(language_names) > 1:
        found += [Slice(name, frozenset({name}), np.flatnonzero(language == name)) for name in language_names]
    if len(kind_names) > 1 and len(language_names) > 1:
        pairs = [(one, other) for one in kind_names for other in language_names]
        found += [
            Slice(f"{one}, {other}", frozenset({one, other}), np.flatnonzero((kind == one) & (language == other)))
            for one, other in pairs
        ]
    return [one for one in found if len(one.rows)]


def by_flag(flags: Sequence[str]) -> list[Slice]:
    """List Bitext's rows: all, and those with each of the flags that are looked at. A row may be in several."""
    found = [Slice(ALL, frozenset({ALL, "en"}), np.arange(len(flags)))]
    for letter, (name, kind) in BITEXT_FLAGS.items():
        rows = np.array([at for at, letters in enumerate(flags) if letter in letters], dtype=np.int64)
        if len(rows):
            found.append(Slice(name, frozenset({kind, "en"}), rows))
    return found
