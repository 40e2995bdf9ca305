"""What a step is judged by. Every loss is taken at several prefixes of the vector (Matryoshka representation learning,
Kusupati et al. 2022). Whatever a loss makes lies on the device of the vectors."""

import torch
from torch.nn.functional import cross_entropy, normalize

_SHORTER = (64, 128, 256)
TEMPERATURE = 0.05
_NEVER = -1e4


def prefixes(width: int) -> tuple[int, ...]:
    """Give the sizes at which vectors of that width are judged: some shorter ones, and the whole."""
    return (*(size for size in _SHORTER if size < width), width)


def distillation_loss(vectors: torch.Tensor, targets: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Compare `float32[n, d]` with the teacher's vectors (Reimers & Gurevych 2020): distance to the own target, and
    telling it from those of the rest of the batch and from `others`, `float32[m, d]` (InfoNCE, van den Oord et al.
    2018): targets cost nothing, so that a small batch still has many negatives."""
    total = vectors.new_zeros(())
    own = torch.arange(len(vectors), device=vectors.device)
    sizes = prefixes(vectors.shape[1])
    pool = torch.cat([targets, others])
    same = targets @ pool.T > 0.9
    same[own, own] = False
    for size in sizes:
        mine, wanted = normalize(vectors[:, :size], dim=1), normalize(pool[:, :size], dim=1)
        likeness = mine @ wanted.T
        contrast = cross_entropy((likeness / TEMPERATURE).masked_fill(same, _NEVER), own)
        total = total + 4 * (1 - likeness[own, own]).mean() + 0.25 * contrast
    return total / len(sizes)


def pair_loss(
    vectors: torch.Tensor, negative: torch.Tensor, mined: torch.Tensor, mined_negative: torch.Tensor
) -> torch.Tensor:
    """Draw the two texts of a pair together, away from both texts of the pairs that `bool[n, n]` calls negatives, and
    from the mined texts that `bool[n, m]` does; vectors are `float32[2 n, d]`, of mined texts `float32[m, d]`.

    Supervised contrastive loss (Khosla et al. 2020), with in-batch negatives of both sides as in SimCSE (Gao et al.
    2021).
    """
    total = vectors.new_zeros(())
    count = len(vectors) // 2
    own = torch.arange(count, device=vectors.device)
    across = ~(negative | torch.eye(count, dtype=torch.bool, device=vectors.device))
    sizes = prefixes(vectors.shape[1])
    for size in sizes:
        rows, hard = normalize(vectors[:, :size], dim=1), normalize(mined[:, :size], dim=1)
        one, other = rows[0::2], rows[1::2]
        between = (one @ other.T / TEMPERATURE).masked_fill(across, _NEVER)
        for mine, likeness in ((one, between), (other, between.T)):
            beside = (mine @ mine.T / TEMPERATURE).masked_fill(~negative, _NEVER)
            near = (mine @ hard.T / TEMPERATURE).masked_fill(~mined_negative, _NEVER)
            total = total + cross_entropy(torch.cat([likeness, beside, near], dim=1), own) / 2
    return total / len(sizes)
