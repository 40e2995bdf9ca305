"""A linear head over dense and sparse sentence features together: the model, its prediction, its two files.

Fitting is in :mod:`kefu.models.linear_head_fit`, so that a server that only predicts imports nothing of it.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kefu.errors import ModelError

Floats = NDArray[np.float32]

_ARRAYS_FILE = "head.npz"
_FACTS_FILE = "head.json"
_FORMAT = 1
# An unseen n-gram counts half of what a rare seen one does. Without it, gibberish is classified with confidence by
# the few letters that are known; with all of it, sentences with a misspelt word lose more than they should.
_UNKNOWN = 0.5


def unit_rows(rows: np.ndarray) -> Floats:
    """Scale rows to length 1; a row of zeros stays as it is."""
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


@dataclass(frozen=True)
class SparseScaler:
    """TF-IDF over the columns that training has seen often enough.

    ``columns`` (ascending) are those of the ``width`` incoming ones that count; ``idf`` is one factor each.
    An n-gram that training has not seen has no weight, yet lengthens its row with ``unknown_idf``: the less of a
    message is known, the shorter what is left of it, and the lower the confidence.
    """

    width: int
    columns: NDArray[np.int64]
    idf: Floats
    unknown_idf: float

    @classmethod
    def fit(cls, counts: sp.csr_matrix, min_rows: int) -> "SparseScaler":
        """Keep the columns that stand in ``min_rows`` rows of ``counts`` ([n, width]) or more.

        A row that would have none left keeps all of its own: an utterance such as 👌 has only rare n-grams, yet it is
        in the training data to be recognised.
        """
        n = counts.shape[0]
        seen = np.bincount(counts.indices)
        kept = seen >= min_rows
        row_of = np.repeat(np.arange(n), np.diff(counts.indptr))
        kept_in_row = np.bincount(row_of, weights=kept[counts.indices], minlength=n)
        kept[counts.indices[kept_in_row[row_of] == 0]] = True
        columns = np.flatnonzero(kept)
        idf = 1.0 + np.log((1 + n) / (1 + seen[columns]))
        unknown_idf = _UNKNOWN * (1.0 + float(np.log(1 + n)))
        return cls(counts.shape[1], columns.astype(np.int64), idf.astype(np.float32), unknown_idf)

    def transform(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Scale counts [n, width] to rows of at most length 1, [n, len(columns)]."""
        if counts.shape[1] != self.width:
            raise ModelError(
                f"The sparse features have {counts.shape[1]} columns; the classifier was trained on {self.width}. "
                "Train again: kefu train --force"
            )
        counts = counts.tocsr()
        row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        values = 1.0 + np.log(np.maximum(counts.data, 1.0))
        values = np.where(counts.data > 0, values, 0.0)
        place = np.searchsorted(self.columns, counts.indices)
        known = np.zeros(len(place), dtype=bool)
        inside = place < len(self.columns)
        known[inside] = self.columns[place[inside]] == counts.indices[inside]
        values[known] *= self.idf[place[known]]
        values[~known] *= self.unknown_idf
        lengths = np.sqrt(np.bincount(row_of, weights=values**2, minlength=counts.shape[0]))
        lengths[lengths == 0] = 1.0
        scaled = (values[known] / lengths[row_of[known]]).astype(np.float32)
        shape = (counts.shape[0], len(self.columns))
        return sp.csr_matrix((scaled, (row_of[known], place[known])), shape=shape, dtype=np.float32)


@dataclass(frozen=True)
class LinearHead:
    """Multinomial logistic regression over a dense block and a sparse one.

    Shapes: ``dense_weights`` [dim, labels] or None, ``sparse_weights`` [columns, labels] or None, ``bias`` [labels].
    ``dense_share`` in [0, 1] is the part of a message's squared length that the dense block has; logits are divided
    by ``temperature``, which makes confidences mean what they say.
    """

    labels: tuple[str, ...]
    bias: Floats
    dense_weights: Floats | None
    sparse_weights: Floats | None
    scaler: SparseScaler | None
    dense_share: float
    temperature: float

    def probabilities(self, dense: np.ndarray | None, sparse: sp.csr_matrix | None) -> Floats:
        """Give ``float32[n, labels]``, rows summing to 1; a block that is None counts as zeros.

        :raises ModelError: if a block's width is not that of training.
        """
        logits = self.logits(dense, sparse) / self.temperature
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def logits(self, dense: np.ndarray | None, sparse: sp.csr_matrix | None) -> np.ndarray:
        """Give the scores before calibration, ``[n, labels]``."""
        n = dense.shape[0] if dense is not None else sparse.shape[0] if sparse is not None else 0
        total = np.tile(self.bias.astype(np.float64), (n, 1))
        if dense is not None and self.dense_weights is not None:
            if dense.shape[1] != self.dense_weights.shape[0]:
                raise ModelError(
                    f"The dense features have {dense.shape[1]} dimensions; the classifier was trained on "
                    f"{self.dense_weights.shape[0]}. Train again: kefu train --force"
                )
            total += np.sqrt(self.dense_share) * (unit_rows(dense) @ self.dense_weights)
        if sparse is not None and self.scaler is not None and self.sparse_weights is not None:
            total += np.sqrt(1.0 - self.dense_share) * (self.scaler.transform(sparse) @ self.sparse_weights)
        return total

    def knows(self, sparse: sp.csr_matrix) -> NDArray[np.bool_]:
        """Say for each row whether training has seen any of its columns often enough; ``bool[n]``."""
        if self.scaler is None:
            return np.zeros(sparse.shape[0], dtype=bool)
        return np.diff(self.scaler.transform(sparse).indptr) > 0

    def save(self, folder: Path) -> None:
        """Write the two files into a folder that exists; no pickle."""
        arrays: dict[str, np.ndarray] = {"bias": self.bias}
        facts: dict[str, Any] = {
            "format": _FORMAT,
            "labels": list(self.labels),
            "dense_share": self.dense_share,
            "temperature": self.temperature,
        }
        if self.dense_weights is not None:
            arrays["dense_weights"] = self.dense_weights
        if self.sparse_weights is not None and self.scaler is not None:
            arrays |= {
                "sparse_weights": self.sparse_weights,
                "columns": self.scaler.columns,
                "idf": self.scaler.idf,
            }
            facts |= {"width": self.scaler.width, "unknown_idf": self.scaler.unknown_idf}
        np.savez(folder / _ARRAYS_FILE, **arrays)
        (folder / _FACTS_FILE).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LinearHead":
        """Read what :meth:`save` wrote.

        :raises ModelError: if a file is missing, damaged or of another format.
        """
        try:
            facts = json.loads((folder / _FACTS_FILE).read_text(encoding="utf-8"))
            if facts["format"] != _FORMAT:
                raise ModelError(f"The classifier's format is {facts['format']}, not {_FORMAT}: kefu train --force")
            with np.load(folder / _ARRAYS_FILE, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            return cls(
                labels=tuple(facts["labels"]),
                bias=arrays["bias"],
                dense_weights=arrays.get("dense_weights"),
                sparse_weights=arrays.get("sparse_weights"),
                scaler=_scaler(facts, arrays),
                dense_share=float(facts["dense_share"]),
                temperature=float(facts["temperature"]),
            )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError("The trained classifier cannot be read. Train again: kefu train --force") from error


def _scaler(facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> SparseScaler | None:
    if "columns" not in arrays:
        return None
    return SparseScaler(int(facts["width"]), arrays["columns"], arrays["idf"], float(facts["unknown_idf"]))
