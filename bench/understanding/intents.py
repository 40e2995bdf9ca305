"""Part A: intents, by the product's own linear head over each side's features.

The head chooses the share of the vectors and the regularisation by cross-validation on the training part, for each
side and each draw of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kefu.models.linear_head_fit import fit_linear_head
from understanding.intervals import Statistic
from understanding.metrics import auroc, average, macro_f1, mean, recall_keeping
from understanding.progress import watched
from understanding.sides import COMPARISONS, Side
from understanding.slices import Slice
from understanding.tables import Comparison, Row, Table, make_row
from understanding.utterances import IntentSet, Utterances

ACCURACY, MACRO_F1, AUROC = "accuracy", "macro-F1", "out-of-scope AUROC"
KEPT = 0.95
RECALL = f"out-of-scope recall with {KEPT:.0%} of the others kept"
_FEWEST_OUTSIDE = 5  # messages, below which a curve says nothing


@dataclass(frozen=True)
class Judged:
    """What the head fitted on one draw says of the test rows.

    ``predicted`` are intents; ``strange`` is 1 minus the probability of the likeliest intent in scope; ``share`` is
    that of the vectors which cross-validation chose; ``labels`` are those fitted.
    """

    predicted: np.ndarray
    strange: np.ndarray
    share: float
    labels: tuple[str, ...]


def measure_intents(
    intents: IntentSet, sides: Sequence[Side], comparisons: Sequence[Comparison] = COMPARISONS
) -> Table:
    """Fit every side on every draw, and compute all lines."""
    jobs = [(side, draw) for side in sides for draw in intents.draws]
    judged: dict[str, list[Judged]] = {}
    for side, draw in watched(jobs, f"Intents: {intents.title}"):
        judged.setdefault(side.name, []).append(_judge(side, draw, intents))
    rows = [
        row
        for measure in (ACCURACY, MACRO_F1, AUROC, RECALL)
        for part in intents.slices
        if (row := _row(measure, part, intents, judged, comparisons))
    ]
    chosen = {name: float(np.mean([one.share for one in found])) for name, found in judged.items()}
    return Table(intents.title, intents.note, rows, chosen)


def _judge(side: Side, draw: Utterances, intents: IntentSet) -> Judged:
    head = fit_linear_head(draw.intents, *side.features(draw.texts))
    probabilities = head.probabilities(*side.features(intents.test.texts))
    in_scope = np.array([label != intents.outside for label in head.labels])
    return Judged(
        predicted=np.array(head.labels)[probabilities.argmax(1)],
        strange=1.0 - probabilities[:, in_scope].max(1),
        share=head.dense_share,
        labels=head.labels,
    )


def _row(
    measure: str,
    part: Slice,
    intents: IntentSet,
    judged: dict[str, list[Judged]],
    comparisons: Sequence[Comparison],
) -> Row | None:
    truth = np.array(intents.test.intents)
    is_outside = truth[part.rows] == intents.outside
    outside, inside = part.rows[is_outside], part.rows[~is_outside]
    if measure in (AUROC, RECALL):
        if len(outside) < _FEWEST_OUTSIDE or not len(inside):
            return None
        of = auroc if measure == AUROC else _recall
        statistics = {
            name: average([of(one.strange[outside], one.strange[inside]) for one in found])
            for name, found in judged.items()
        }
    else:
        # Whoever was not fitted on what is out of scope cannot name it.
        fitted = next(iter(judged.values()))[0].labels
        rows = part.rows if intents.outside in fitted else inside
        of = macro_f1 if measure == MACRO_F1 else _accuracy
        statistics = {
            name: average([of(truth[rows], one.predicted[rows]) for one in found]) for name, found in judged.items()
        }
    return make_row(measure, part.name, statistics, comparisons, part.tags)


def _recall(outside: np.ndarray, inside: np.ndarray) -> Statistic:
    return recall_keeping(KEPT, outside, inside)


def _accuracy(truth: np.ndarray, predicted: np.ndarray) -> Statistic:
    return mean(truth == predicted)
