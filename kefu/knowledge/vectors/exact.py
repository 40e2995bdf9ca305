"""The float32 rows that an index of coarser ones scores its candidates by: on disk, read where they are asked for."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kefu.errors import KnowledgeIndexError
from kefu.protocols import Vectors


class ExactRows:
    """Rows by position: those that were saved are mapped from their file, later ones lie in memory until the next
    save."""

    def __init__(self, dim: int, saved: Vectors | None = None) -> None:
        self._saved = np.zeros((0, dim), dtype=np.float32) if saved is None else saved
        self._later = np.zeros((0, dim), dtype=np.float32)
        self._count = len(self._saved)

    def __len__(self) -> int:
        return self._count

    def append(self, vectors: Vectors) -> None:
        """Add rows at the end."""
        begin, end = self._count - len(self._saved), self._count - len(self._saved) + len(vectors)
        if end > len(self._later):
            grown = np.zeros((max(end, 2 * len(self._later)), self._later.shape[1]), dtype=np.float32)
            grown[:begin] = self._later[:begin]
            self._later = grown
        self._later[begin:end] = vectors
        self._count += len(vectors)

    def replace(self, positions: NDArray[np.int64], vectors: Vectors) -> None:
        """Overwrite rows; those of the file only in memory."""
        is_saved = positions < len(self._saved)
        self._saved[positions[is_saved]] = vectors[is_saved]
        self._later[positions[~is_saved] - len(self._saved)] = vectors[~is_saved]

    def take(self, positions: NDArray[np.int64]) -> Vectors:
        """Give rows as ``float32[n, dim]``."""
        rows = np.empty((len(positions), self._saved.shape[1]), dtype=np.float32)
        is_saved = positions < len(self._saved)
        rows[is_saved] = self._saved[positions[is_saved]]
        rows[~is_saved] = self._later[positions[~is_saved] - len(self._saved)]
        return rows

    def save(self, file: Path) -> None:
        """Write all rows, as NumPy does."""
        with file.open("wb") as target:
            header = {"descr": "<f4", "fortran_order": False, "shape": (self._count, self._saved.shape[1])}
            np.lib.format.write_array_header_1_0(target, header)
            target.write(self._saved.data)
            target.write(self._later[: self._count - len(self._saved)].tobytes())

    @classmethod
    def load(cls, file: Path, dim: int) -> "ExactRows":
        """Map what :meth:`save` wrote; what is replaced from now on is not written back.

        :raises KnowledgeIndexError: if the file is missing or has rows of another dimension.
        """
        try:
            saved = np.load(file, mmap_mode="c")
        except (OSError, ValueError) as error:
            raise KnowledgeIndexError(f"{file} cannot be read ({error}). Run `kefu index`.") from error
        if saved.ndim != 2 or saved.shape[1] != dim or saved.dtype != np.float32:
            raise KnowledgeIndexError(f"{file} does not hold rows of {dim} components. Run `kefu index`.")
        return cls(dim, saved)
