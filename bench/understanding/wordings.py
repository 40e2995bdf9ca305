"""The shop's knowledge as rows to search, and the questions to search it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kefu.knowledge.entries import Knowledge
from kefu.knowledge.evaluation.questions import Question, read_questions
from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.recall.rows import rows_of
from kefu.text import Language
from understanding import ROOT


@dataclass(frozen=True)
class Shelf:
    """Every way to ask every entry: texts, and the number of the entry of each, into ``ids``."""

    texts: list[str]
    entry: NDArray[np.int64]
    ids: list[str]

    def by_entry(self, likeness: np.ndarray) -> np.ndarray:
        """Give each entry the likeness of its nearest wording, ``[n, texts]`` → ``[n, entries]``."""
        best = np.full((len(likeness), len(self.ids)), -np.inf, dtype=np.float32)
        order = np.argsort(self.entry, kind="stable")
        numbers, starts = np.unique(self.entry[order], return_index=True)
        best[:, numbers] = np.maximum.reduceat(likeness[:, order], starts, axis=1)
        return best

    def right(self, questions: Sequence[Question]) -> list[list[int]]:
        """Give the numbers of the entries that answer each question."""
        number = {name: at for at, name in enumerate(self.ids)}
        return [[number[name] for name in sorted(question.ids)] for question in questions]


def read_knowledge() -> Knowledge:
    """Read this shop's entries."""
    return load_knowledge(ROOT / "data" / "knowledge", ROOT / "data" / "shop" / "policy.yml")


def shelf_of(knowledge: Knowledge, only: Language | None = None) -> Shelf:
    """Lay out the wordings, of one language alone if asked."""
    rows = [row for row in rows_of(knowledge) if row.entry_id and only in (None, row.language)]
    ids = sorted({row.entry_id for row in rows if row.entry_id})
    number = {name: at for at, name in enumerate(ids)}
    entry = np.array([number[row.entry_id] for row in rows if row.entry_id], dtype=np.int64)
    return Shelf([row.text for row in rows], entry, ids)


def answerable(split: str, shelf: Shelf, language: Language | None = None) -> list[Question]:
    """Read the questions of ``test`` or ``dev`` that some entry of the shelf answers."""
    found = read_questions(_file(split), set(read_knowledge().entries))
    known = set(shelf.ids)
    return [
        Question(one.kind, one.language, one.text, one.ids & known)
        for one in found
        if one.ids & known and language in (None, one.language)
    ]


def _file(split: str) -> Path:
    return ROOT / "data" / "eval" / f"{split}.tsv"
