"""Keeps what only measures out of training: held-out texts and their near-duplicates.

Two texts are near-duplicates when their letters and digits are the same, or when the character trigrams they share are
most of those that either has (Jaccard). Candidates come from prefix filtering (Chaudhuri et al. 2006; Bayardo et al.
2007): two sets that are alike to a degree t share a member among the rarest (1 - t) of each.
"""

import csv
import hashlib
import json
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

ALIKE = 0.7
TATOEBA_HELD_OUT = 1500
_GRAM = 3


def key(text: str) -> str:
    """Give the form in which two texts count as the same: letters and digits only, lower case, of one width (NFKC, as
    the tokenizer has them)."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


def grams(text: str) -> frozenset[str]:
    """Give the character trigrams of a text's key, with one mark at either end."""
    padded = f"^{key(text)}$"
    return frozenset(padded[at : at + _GRAM] for at in range(max(1, len(padded) - _GRAM + 1)))


class HeldOut:
    """A set of texts that must not be trained on, with a quick test for anything near to one of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._keys = {key(text) for text in texts} - {""}
        self._sets = [grams(text) for text in sorted(self._keys)]
        self._counts = Counter(gram for found in self._sets for gram in found)
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        for number, found in enumerate(self._sets):
            for gram in self._rarest(found):
                self._by_gram[gram].append(number)

    def __len__(self) -> int:
        return len(self._keys)

    def near(self, text: str) -> bool:
        """Tell whether the text is one of the held-out ones or nearly one."""
        if key(text) in self._keys:
            return True
        found = grams(text)
        candidates = {number for gram in self._rarest(found) for number in self._by_gram.get(gram, ())}
        return any(_likeness(found, self._sets[number]) >= ALIKE for number in candidates)

    def _rarest(self, found: frozenset[str]) -> list[str]:
        ordered = sorted(found, key=lambda gram: (self._counts[gram], gram))
        return ordered[: len(ordered) - math.ceil(ALIKE * len(ordered)) + 1]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def evaluation_texts(folder: Path) -> list[str]:
    """Read the questions and utterances of `dev` and `test`."""
    found: list[str] = []
    for file in sorted(folder.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.append(row.get("query") or row.get("text") or "")
    return found


def tatoeba_pairs(datasets: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give (English, Chinese as written) pairs to train on, and the 1,500 held out by a hash of the English."""
    lines = (datasets / "tatoeba_cmn_eng" / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    first: dict[str, str] = {}
    rest: list[tuple[str, str]] = []
    for english, chinese in (line.split("\t")[:2] for line in lines):
        rest.append((english, chinese))
        first.setdefault(english, chinese)
    ordered = sorted(first, key=lambda english: hashlib.sha256(f"kefu {english}".encode()).digest())
    held_out = [(english, first[english]) for english in ordered[:TATOEBA_HELD_OUT]]
    kept_out = {english for english, _ in held_out}
    return [pair for pair in rest if pair[0] not in kept_out], held_out


def benchmark_texts(datasets: Path) -> list[str]:
    """Read the test splits of the public benchmarks: CLINC150's, Bitext's official one, and banking77's if it is there
    (training needs nothing of it)."""
    clinc = json.loads((datasets / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    found = [text for split in ("test", "oos_test") for text, _ in clinc[split]]
    with (datasets / "bitext" / "bitext.csv").open(encoding="utf-8", newline="") as lines:
        found += [row["instruction"] for row in csv.DictReader(lines) if row["split"] == "test"]
    banking = datasets / "banking77" / "test.csv"
    if banking.exists():
        with banking.open(encoding="utf-8", newline="") as lines:
            found += [row["text"] for row in csv.DictReader(lines)]
    return found
