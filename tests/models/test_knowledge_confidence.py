"""What confidence in an answer says of the demo shop's dev questions, by the embedded model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.evaluation.questions import read_questions
from kefu.knowledge.index.build import build_index
from kefu.models import build_embedder
from kefu.settings import EmbeddingSettings, Settings, load_settings

ROOT = Path(__file__).parents[2]
# Confidences below, between and above, and how far the share of right answers may be from what they say.
# Most questions are in the outer two; what lies between are the few that hang in the balance.
BINS = {(0.0, 0.2): 0.1, (0.2, 0.8): 0.2, (0.8, 1.0): 0.1}
Asked = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Ask every dev question; give confidences, whether the best entry is right, and how much each question counts."""
    project = load_settings(ROOT / "endpoints.yml")
    folder = tmp_path_factory.mktemp("knowledge")
    knowledge = replace(project.knowledge, index=str(folder / "index"), url=f"sqlite:///{folder}/knowledge.db")
    settings = Settings(root=ROOT, embedding=EmbeddingSettings(), knowledge=knowledge)
    embedder = build_embedder(settings.embedding)
    build_index(settings, embedder)
    base = KnowledgeBase(settings, embedder)
    questions = read_questions(ROOT / "data" / "eval" / "dev.tsv", base.entry_ids)
    decisions = base.answer_many([(each.text, each.language) for each in questions], explain=True)
    confidences = np.array([decision.confidence for decision in decisions])
    best = [decision.candidates[0].entry_id if decision.candidates else None for decision in decisions]
    right = np.array([entry_id in each.ids for entry_id, each in zip(best, questions, strict=True)])
    answerable = np.array([bool(each.ids) for each in questions])
    # Confidence is the chance of being right were half of all questions unanswerable.
    weights = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    return confidences, right, weights


def shares(asked: Asked, low: float, high: float) -> tuple[float, float]:
    """Give mean confidence, and the share of right answers, of the questions whose confidence lies between."""
    confidences, right, weights = asked
    within = (confidences >= low) & (confidences <= high)
    assert within.sum() >= 20, f"only {within.sum()} questions between {low} and {high}"
    return tuple(float(np.average(values[within], weights=weights[within])) for values in (confidences, right))  # type: ignore[return-value]


def test_every_confidence_is_a_share(asked: Asked) -> None:
    confidences, _, _ = asked
    assert np.isfinite(confidences).all()
    assert confidences.min() >= 0 and confidences.max() <= 1


@pytest.mark.parametrize(("bounds", "tolerance"), BINS.items())
def test_confidence_means_what_it_says(asked: Asked, bounds: tuple[float, float], tolerance: float) -> None:
    confidence, right = shares(asked, *bounds)
    assert abs(confidence - right) <= tolerance


def test_the_surer_the_more_often_right(asked: Asked) -> None:
    right = [shares(asked, *bounds)[1] for bounds in BINS]
    assert right == sorted(right)
    assert right[0] < 0.2 and right[-1] > 0.8


def test_over_all_it_is_neither_too_sure_nor_too_timid(asked: Asked) -> None:
    confidence, right = shares(asked, 0.0, 1.0)
    assert abs(confidence - right) <= 0.05
