"""The parts of the training recipes that can be wrong unnoticed: schedule, prompts, negatives."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import batches  # noqa: E402
import rerank_data  # noqa: E402
import run  # noqa: E402
import sentences  # noqa: E402
import student  # noqa: E402
import teacher  # noqa: E402
import tokenizer as tokens  # noqa: E402

from kefu.models.checkpoint import EMBEDDED_EMBEDDER  # noqa: E402


class Untouched:
    """Noise that changes nothing."""

    def dress(self, text: str) -> str:
        return text

    mix = slip = dress


@pytest.fixture(scope="module")
def corpus() -> sentences.Corpus:
    own = sentences.own_corpus(seed=7)
    for kind in ("clinc", "bitext", "multidogo"):
        own.groups[kind] = {name: [f"{name} {number}" for number in range(4)] for name in ("one", "two", "three")}
    return own


def test_the_rate_warms_up_and_falls_to_nearly_nothing() -> None:
    schedule = run.Schedule(minutes=10, rate=1e-3, warm_up=100)
    rates = [schedule.rate_at(step, spent=0) for step in (0, 49, 99)]
    assert rates == pytest.approx([1e-5, 5e-4, 1e-3])
    assert schedule.rate_at(5000, spent=300) == pytest.approx(1e-3 * (0.01 + 0.99 / 2))
    assert schedule.rate_at(5000, spent=600) == pytest.approx(1e-5)


def test_targets_turn_to_where_the_student_has_them() -> None:
    rng = np.random.default_rng(7)
    targets = rng.normal(size=(200, 16)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(16, 16)))
    students = (targets @ turn)[:100] + 0.01 * rng.normal(size=(100, 16))
    turned = teacher.turned_towards(targets, np.arange(100), students)
    assert np.abs(turned - targets @ turn).max() < 0.02
    assert np.allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(targets, axis=1), rtol=1e-4)


def test_questions_of_a_topic_stand_behind_the_instruction_and_documents_mostly_do_not(
    corpus: sentences.Corpus,
) -> None:
    targets = {item.target: number for number, item in enumerate(corpus.sentences)}
    sampler = batches.Sampler(corpus, targets, Untouched(), random.Random(7))  # type: ignore[arg-type]
    faq, intent = tokens.TASKS["faq"], tokens.TASKS["intent"]
    questions = documents = labelled = 0
    for _ in range(30):
        pairs = sampler._topic_pairs(18)
        dressed = [sampler._dressed_pair("topic", one, other) for _, one, other in pairs]
        questions += sum(one.startswith(faq) for one, _ in dressed)
        documents += sum(other.startswith(faq) for _, other in dressed)
        both = sampler._dressed_pair("clinc", "one", "two")
        assert both[0].startswith(intent) == both[1].startswith(intent)
        labelled += both[0].startswith(intent)
    assert questions > 2 * documents > 0
    assert labelled > 10


def test_a_student_that_goes_on_has_every_instruction_as_one_token_and_the_same_vectors() -> None:
    going_on = student.student_of(EMBEDDED_EMBEDDER, torch.device("cpu"))
    for prompt in tokens.TASKS.values():
        ids = going_on.tokenizer.encode(prompt + "hello", add_special_tokens=False).ids
        assert ids[1:] == going_on.tokenizer.encode("hello", add_special_tokens=False).ids
    texts = ["我要退货", "where is my parcel? it was due on monday", "hi"]
    with torch.inference_mode():
        together = torch.nn.functional.normalize(going_on(texts), dim=1)
    from kefu.models import build_embedder
    from kefu.settings import EmbeddingSettings

    assert np.abs(together.numpy() - build_embedder(EmbeddingSettings()).embed(texts)).max() < 0.02  # bf16


def test_the_reranker_is_shown_the_right_document_first_and_no_double_of_it(corpus: sentences.Corpus) -> None:
    def embed(texts: list[str]) -> np.ndarray:
        return np.random.default_rng(len(texts)).normal(size=(len(texts), 8))

    questions = rerank_data.RerankSampler(corpus, embed, Untouched(), random.Random(7))  # type: ignore[arg-type]
    kinds = {"entry": 0, "translation": 0, "label": 0}
    for kind in kinds:
        for _ in range(100):
            query, documents = questions._draw[kind](5)
            assert len(documents) == 6
            assert documents[0] not in documents[1:], (kind, query)
            kinds[kind] += 1
    answers = {documents[0] for _, documents in (questions._entry(5) for _ in range(300))}
    assert len(answers) > 100


def test_nearest_leaves_out_the_row_itself() -> None:
    vectors = np.eye(6) + 0.1 * np.eye(6)[[1, 0, 3, 2, 5, 4]]
    near = rerank_data._nearest(vectors, 1)
    assert near[:, 0].tolist() == [1, 0, 3, 2, 5, 4]
