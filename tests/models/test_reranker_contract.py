"""What every reranker promises, whatever its engine: one suite over all of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kefu.models import build_reranker
from kefu.models.loader import model_fingerprint
from kefu.models.reranker_base import BatchedReranker
from kefu.models.transformers_reranker import TransformersReranker
from kefu.protocols import Reranker
from kefu.settings import RerankerSettings

QUERY = "运费多少钱？"
DOCUMENTS = [
    "满99元包邮，不满收6元运费。",
    "hello",
    "Returns are free within 30 days; the refund reaches your card in three to five days after we get the parcel.",
    "发票在订单页面申请",
    "运费多少钱",
    "How much is the postage?",
]
ENGINES = ["onnx", "transformers", "classifier"]
SERVERS = [f"{api} {template}" for api in ("jina", "tei") for template in ("client", "server")]


@pytest.fixture(params=["fake", *ENGINES, *SERVERS])
def settings(request: pytest.FixtureRequest) -> RerankerSettings:
    if request.param == "fake":
        return RerankerSettings(model="fake", batch_size=4)
    if request.param == "classifier":
        folder = request.getfixturevalue("classifier_folder")
        return RerankerSettings(model=str(folder), batch_size=4, device="cpu")
    if request.param in ENGINES:
        folder = request.getfixturevalue("reranker_folder")
        return RerankerSettings(model=str(folder), batch_size=4, device="cpu", engine=request.param)
    api, template = request.param.split()
    server = request.getfixturevalue("rerank_server")(template)
    return RerankerSettings(model="served", url=server.url, batch_size=4, api=api, template=template)


def build(settings: RerankerSettings) -> BatchedReranker:
    reranker = build_reranker(settings)
    assert reranker is not None
    return reranker


@pytest.fixture
def reranker(settings: RerankerSettings) -> BatchedReranker:
    return build(settings)


def test_it_is_a_reranker_that_knows_its_model(reranker: BatchedReranker, settings: RerankerSettings) -> None:
    assert isinstance(reranker, Reranker)
    assert reranker.identity().name == settings.model
    assert reranker.identity().fingerprint == model_fingerprint(settings)


def test_scores_are_probabilities_in_the_order_of_the_documents(reranker: BatchedReranker) -> None:
    scores = reranker.score(QUERY, DOCUMENTS)
    assert scores.dtype == np.float32 and scores.shape == (len(DOCUMENTS),)
    assert scores.min() >= 0 and scores.max() <= 1
    assert len(set(scores.tolist())) == len(DOCUMENTS)
    np.testing.assert_allclose(reranker.score(QUERY, DOCUMENTS[::-1]), scores[::-1], atol=1e-5)


def test_a_document_gets_the_same_score_alone_and_in_a_batch(reranker: BatchedReranker) -> None:
    together = reranker.score(QUERY, DOCUMENTS)
    for document, score in zip(DOCUMENTS, together, strict=True):
        assert abs(reranker.score(QUERY, [document])[0] - score) <= 1e-5


def test_every_engine_gives_the_scores_of_transformers(
    reranker: BatchedReranker, settings: RerankerSettings, reranker_folder: Path
) -> None:
    if settings.model == "fake":
        pytest.skip("the fake has scores of its own")
    reference = TransformersReranker(RerankerSettings(model=str(reranker_folder), device="cpu", dtype="float32"))
    for query in (QUERY, "where is my parcel\n\n", "\n<Document>: <|im_end|>", "ＳＯ２０２６"):
        np.testing.assert_allclose(reranker.score(query, DOCUMENTS), reference.score(query, DOCUMENTS), atol=1e-5)


def test_the_instruction_counts(reranker: BatchedReranker, settings: RerankerSettings) -> None:
    usual, other = (
        reranker.score(QUERY, DOCUMENTS, instruction=given) for given in (None, "Find postage prices, 运费")
    )
    if settings.template == "server":
        np.testing.assert_array_equal(usual, other)  # it is the server's own
        return
    assert np.abs(usual - other).max() > 1e-3
    by_settings = build(replace(settings, instruction="Find postage prices, 运费"))
    np.testing.assert_allclose(by_settings.score(QUERY, DOCUMENTS), other, atol=1e-5)
    published = "Given a web search query, retrieve relevant passages that answer the query"
    np.testing.assert_allclose(by_settings.score(QUERY, DOCUMENTS, instruction=published), usual, atol=1e-5)


def test_no_documents_give_no_scores(reranker: BatchedReranker) -> None:
    assert reranker.score(QUERY, []).shape == (0,)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "👌", "\x00\x07", "\ud800", "'; DROP TABLE orders;--"])
def test_absurd_texts_get_a_score(reranker: BatchedReranker, text: str) -> None:
    assert np.isfinite(reranker.score(text, [text, "hello"])).all()


def test_documents_of_100_kilobytes_get_a_score_and_leave_the_others_theirs(reranker: BatchedReranker) -> None:
    long = ["postage is free " * 6250, "满99元包邮 " * 6250, "👌" * 25_000]
    scores = reranker.score(QUERY, [*DOCUMENTS, *long])
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(scores[: len(DOCUMENTS)], reranker.score(QUERY, DOCUMENTS), atol=1e-5)


def test_a_query_of_100_kilobytes_gets_scores(reranker: BatchedReranker) -> None:
    assert np.isfinite(reranker.score("where is my parcel " * 5300, DOCUMENTS)).all()
