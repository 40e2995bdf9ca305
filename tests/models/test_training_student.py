"""The model in training: what goes through together, where it computes, and the folder that it is published as."""

import contextlib
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import batches  # noqa: E402
import device as devices  # noqa: E402
import losses  # noqa: E402
import tokenizer as tokens  # noqa: E402
import train_reranker  # noqa: E402
from export_onnx import export  # noqa: E402
from grammar import Grammar  # noqa: E402
from student import Student, chunks_by_length, new_student, publish, student_of  # noqa: E402

from kefu.models import build_embedder  # noqa: E402
from kefu.models.prompts import FAQ, INTENT  # noqa: E402
from kefu.models.rerank_prompt import AFTER, BEFORE, body  # noqa: E402
from kefu.settings import EmbeddingSettings  # noqa: E402

CPU = torch.device("cpu")
TEXTS = ["我要退货", "Where is my PARCEL? It was due on monday, you know", "hi", "ｈｉ", "发票怎么开 invoice"]
PAIRS = [
    ("怎么开发票", "怎么开发票？ 在订单里申请。"),
    ("where is it", "How do I pay? By card, or by Alipay."),
    ("hi", "no"),
]


@pytest.fixture(scope="module")
def small_tokenizer() -> Tokenizer:
    texts = [text for pair in Grammar().pairs(1, seed=1) for text in (pair.chinese, pair.english)]
    return tokens.train_tokenizer(texts, 800)


@pytest.fixture(scope="module")
def student(small_tokenizer: Tokenizer) -> Student:
    return _student(small_tokenizer, CPU)


@pytest.fixture(scope="module")
def published(student: Student, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """A published student, and the vectors that it gave before."""
    folder = tmp_path_factory.mktemp("published")
    with torch.inference_mode():
        vectors = torch.nn.functional.normalize(student(TEXTS), dim=1).numpy()
    publish(student, folder)
    return folder, vectors


def _student(tokenizer: Tokenizer, device: torch.device) -> Student:
    torch.manual_seed(7)
    end = tokenizer.token_to_id(tokens.END)
    return Student(new_student(64, 2, tokenizer.get_vocab_size(), end, device), tokenizer)


def test_chunks_hold_every_row_once_and_not_too_much_when_padded() -> None:
    rows = [[1] * length for length in (3, 9, 1, 40, 4, 4, 12, 200)]
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    chunks = chunks_by_length(order, rows, 24)
    assert [at for chunk in chunks for at in chunk] == order
    assert all(len(chunk) == 1 or len(chunk) * len(rows[chunk[-1]]) <= 24 for chunk in chunks)
    assert [[len(rows[at]) for at in chunk] for chunk in chunks] == [[1, 3, 4, 4], [9, 12], [40], [200]]


def test_padding_and_company_leave_a_vector_as_it_is(student: Student) -> None:
    with torch.inference_mode():
        together, alone = student(TEXTS), torch.cat([student([text]) for text in TEXTS])
    assert torch.cosine_similarity(together, alone).min() > 0.999  # bfloat16


def test_a_long_text_still_ends_with_the_token_whose_state_is_its_vector(student: Student) -> None:
    long = "退货 " * 100
    with torch.inference_mode():
        cut, longer = student([long]), student([long + "发票"])
    assert torch.equal(cut, longer)


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> torch.device:
    """A device that computes nothing, but takes no sum with one of another, as a GPU; it has no autocast.

    Indices it takes from anywhere, which a GPU does not all: that they go along is not shown here.
    """
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: contextlib.nullcontext())
    return torch.device("meta")


def test_nothing_of_a_step_of_the_embedder_stays_on_the_cpu(small_tokenizer: Tokenizer, meta: torch.device) -> None:
    vectors = _student(small_tokenizer, meta)([*TEXTS, *TEXTS, *TEXTS[:2]])
    assert (vectors.device, vectors.shape) == (meta, (12, 64))
    targets = torch.empty(4, 64, device=meta)
    negative = torch.empty(3, 3, dtype=torch.bool, device=meta)
    loss = losses.distillation_loss(vectors[:4], targets, torch.empty(8, 64, device=meta))
    against = torch.empty(3, 2, dtype=torch.bool, device=meta)
    loss = loss + losses.pair_loss(vectors[4:10], negative, vectors[10:], against)
    loss.backward()
    assert loss.device == meta


def test_nothing_of_a_pass_of_the_reranker_stays_on_the_cpu(
    published: tuple[Path, np.ndarray], meta: torch.device
) -> None:
    reranker, embedder = train_reranker.start(published[0], meta)
    assert {part.device for part in (*reranker.model.parameters(), *embedder.model.parameters())} == {meta}
    odds = reranker(PAIRS)
    assert (odds.device, odds.shape) == (meta, (3,))
    assert {loss.device for loss in train_reranker.judged(odds.repeat(2).view(2, 3))} == {meta}


def test_no_file_of_training_names_a_device_but_the_one_that_chooses() -> None:
    for file in (ROOT / "training").glob("*.py"):
        if file.name not in ("device.py", "options.py", "export_onnx.py"):
            content = file.read_text(encoding="utf-8")
            assert not [word for word in ('"cpu"', '"cuda"', "autocast") if word in content], file.name


def test_products_are_in_bfloat16_on_the_cpu_and_whole_steps_go_through_a_gpu() -> None:
    with devices.half_precision(CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
    assert devices.tokens_together(CPU, 1024) == 1024
    step = 128 + 3 * sum(batches.PAIRS.values())  # two texts of each pair, and a mined one
    assert devices.tokens_together(torch.device("cuda"), 1024) >= 40 * step
    assert (devices.attention_on(CPU), devices.attention_on(torch.device("cuda"))) == ("eager", "sdpa")


def test_a_tokenizer_has_the_size_asked_for_and_one_token_for_each_fixed_part(small_tokenizer: Tokenizer) -> None:
    assert small_tokenizer.get_vocab_size() == 800
    for part in (*tokens.SPECIAL, *tokens.PROMPT_PARTS, *tokens.TASKS.values(), "no", "yes"):
        assert len(small_tokenizer.encode(part, add_special_tokens=False).ids) == 1, part
    assert small_tokenizer.encode("Hi").ids == small_tokenizer.encode("ｈｉ").ids
    assert small_tokenizer.encode("hi").tokens[-1] == tokens.END
    assert small_tokenizer.decode(small_tokenizer.encode("发票怎么开 hello").ids) == "发票怎么开 hello"


def test_a_published_folder_gives_the_students_vectors_in_transformers(published: tuple[Path, np.ndarray]) -> None:
    folder, vectors = published
    model, tokenizer = AutoModel.from_pretrained(folder, dtype=torch.float32), AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        hidden = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).last_hidden_state[:, -1]
    there = torch.nn.functional.normalize(hidden, dim=1).numpy()
    assert (there * vectors).sum(1).min() > 0.9995  # float16 on disk, bfloat16 in training


def test_a_published_folder_gives_the_students_vectors_in_the_product(published: tuple[Path, np.ndarray]) -> None:
    folder, vectors = published
    export(folder)
    embedders = [
        build_embedder(EmbeddingSettings(model=str(folder), engine=engine)) for engine in ("onnx", "transformers")
    ]
    onnx, torch_ = (embedder.embed(TEXTS) for embedder in embedders)
    assert (onnx * vectors).sum(1).min() > 0.9995
    assert np.abs(onnx - torch_).max() <= 1e-5
    student = student_of(folder, CPU)
    for task in (FAQ, INTENT):
        with torch.inference_mode():
            asked = student([tokens.TASKS[task] + text for text in TEXTS])
        mine = torch.nn.functional.normalize(asked, dim=1).numpy()
        assert (embedders[0].embed(TEXTS, task=task) * mine).sum(1).min() > 0.9995


def test_a_published_folder_can_be_gone_on_from(published: tuple[Path, np.ndarray]) -> None:
    folder, vectors = published
    with torch.inference_mode():
        again = torch.nn.functional.normalize(student_of(folder, CPU)(TEXTS), dim=1).numpy()
    assert (again * vectors).sum(1).min() > 0.9995


def test_a_published_reranker_gives_its_scores_in_transformers(
    published: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    """By the code of Qwen3-Reranker's model card: padded on the left, logits after the last token."""
    reranker, _ = train_reranker.start(published[0], CPU)
    with torch.inference_mode():
        odds = reranker(PAIRS)
    train_reranker.publish(reranker, tmp_path)
    model = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    prompts = [BEFORE + body(*pair) + AFTER for pair in PAIRS]
    with torch.inference_mode():
        logits = model(**tokenizer(prompts, padding=True, return_tensors="pt")).logits[:, -1]
    there = logits[:, tokenizer.convert_tokens_to_ids("yes")] - logits[:, tokenizer.convert_tokens_to_ids("no")]
    assert (there - odds).abs().max() < 0.05 * odds.abs().max() + 0.01  # float16 on disk, bfloat16 in training


def test_input_and_output_embeddings_of_the_reranker_are_one_matrix(published: tuple[Path, np.ndarray]) -> None:
    model = train_reranker.start(published[0], CPU)[0].model
    assert model.lm_head.weight is model.model.embed_tokens.weight
