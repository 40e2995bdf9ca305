"""What a check found: figures with their bounds, as a table or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

SAME_DIRECTION = 0.9999
"""Cosine that two computations of one vector must reach."""
SAME_SCORE = 1e-4
"""Largest difference of two computations of one score between 0 and 1."""


@dataclass(frozen=True)
class Finding:
    """One comparison: its worst figure over so many texts, and where that was."""

    check: str
    against: str
    texts: int
    figure: float
    bound: str  # ">= 0.9999", "<= 0.0001", or "" for what is told, not judged
    worst: str

    @property
    def is_good(self) -> bool:
        """Say whether the figure is within its bound."""
        if not self.bound:
            return True
        sign, value = self.bound.split()
        return self.figure >= float(value) if sign == ">=" else self.figure <= float(value)


def cosines(check: str, against: str, texts: Sequence[str], ours: np.ndarray, theirs: np.ndarray) -> Finding:
    """Compare rows ``[n, dim]``, which may be of any length, by the smallest cosine.

    :raises ValueError: if the shapes differ.
    """
    if ours.shape != theirs.shape:
        raise ValueError(f"{check}: {theirs.shape} vectors, but {ours.shape} of {against}.")
    left, right = (rows.astype(np.float64) for rows in (ours, theirs))
    products = (left * right).sum(1) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)
    at = int(np.argmin(np.nan_to_num(products, nan=-1.0)))
    return Finding(check, against, len(texts), float(products[at]), f">= {SAME_DIRECTION}", texts[at])


def score_gap(
    check: str, against: str, texts: Sequence[str], ours: np.ndarray, theirs: np.ndarray, *, judged: bool = True
) -> Finding:
    """Compare scores ``[n]`` by their largest difference."""
    gaps = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
    at = int(np.argmax(np.nan_to_num(gaps, nan=np.inf)))
    return Finding(check, against, len(texts), float(gaps[at]), f"<= {SAME_SCORE}" if judged else "", texts[at])


def rate(
    check: str,
    against: str,
    texts: Sequence[str],
    holds: Sequence[bool],
    *,
    bound: float | None = None,
    at_most: bool = False,
) -> Finding:
    """Give the share of texts for which something holds, and one for which it does not; unjudged without a bound."""
    at = next((place for place, one in enumerate(holds) if one is at_most), 0)
    limit = "" if bound is None else f"{'<=' if at_most else '>='} {bound}"
    return Finding(check, against, len(texts), sum(holds) / len(texts), limit, texts[at])


def seconds(check: str, against: str, taken: float, most: float) -> Finding:
    """Judge how long one call took."""
    return Finding(check, against, 1, taken, f"<= {most}", "")


def as_table(findings: Sequence[Finding]) -> str:
    """Lay findings out in columns, with a mark before each."""
    head = ("", "check", "against", "texts", "figure", "bound", "at")
    rows = [head] + [
        (
            ("✓" if one.is_good else "✗") if one.bound else "·",
            one.check,
            one.against,
            str(one.texts),
            f"{one.figure:.7f}",
            one.bound,
            ascii(one.worst[:24])[1:-1] if not one.worst.isprintable() else one.worst[:24],
        )
        for one in findings
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    )


def as_json(findings: Sequence[Finding], versions: dict[str, str]) -> str:
    """Give the same as one JSON object."""
    rows = [{**asdict(one), "good": one.is_good} for one in findings]
    return json.dumps({"good": all(one.is_good for one in findings), "versions": versions, "findings": rows}, indent=2)
