"""What every embedder promises, whatever its engine: one suite over all of them."""

from pathlib import Path

import numpy as np
import pytest

from kefu.errors import ModelError
from kefu.models import build_embedder
from kefu.models.base import BatchedEmbedder
from kefu.protocols import Embedder
from kefu.settings import EmbeddingSettings

TEXTS = [
    "我要退货",
    "where is my parcel?",
    "发票怎么开",
    "hi",
    "运费多少钱，满多少包邮呀？想买两双鞋子给爸妈",
    "耳机 坏了",
]


@pytest.fixture(params=["fake", "onnx", "transformers", "remote"])
def settings(request: pytest.FixtureRequest) -> EmbeddingSettings:
    if request.param == "fake":
        return EmbeddingSettings(model="fake", batch_size=2)
    if request.param == "remote":
        return EmbeddingSettings(model="served", url=request.getfixturevalue("embedding_server").url, batch_size=2)
    folder = request.getfixturevalue("exported_qwen3")
    return EmbeddingSettings(model=str(folder), batch_size=2, device="cpu", engine=request.param)


@pytest.fixture
def embedder(settings: EmbeddingSettings) -> BatchedEmbedder:
    return build_embedder(settings)


def test_it_is_an_embedder(embedder: BatchedEmbedder) -> None:
    assert isinstance(embedder, Embedder)


def test_rows_are_finite_float32_of_length_one(embedder: BatchedEmbedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.identity().dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_gets_the_same_vector_alone_and_in_a_batch(
    embedder: BatchedEmbedder, settings: EmbeddingSettings
) -> None:
    together = embedder.embed(TEXTS)
    fresh = build_embedder(settings)
    for row, text in zip(together, TEXTS, strict=True):
        np.testing.assert_allclose(fresh.embed([text])[0], row, atol=1e-5)


def test_order_is_kept_and_repeats_are_equal(embedder: BatchedEmbedder) -> None:
    vectors = embedder.embed([TEXTS[4], TEXTS[0], TEXTS[4]])
    np.testing.assert_array_equal(vectors[0], vectors[2])
    np.testing.assert_allclose(vectors[1], embedder.embed([TEXTS[0]])[0], atol=1e-5)


def test_a_query_differs_from_a_document(embedder: BatchedEmbedder) -> None:
    query, document = embedder.embed(["运费"], task="faq"), embedder.embed(["运费"])
    assert not np.allclose(query, document, atol=1e-3)


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b\u200d", "👌", "a" * 10_000, "\x00\x07", "'; DROP TABLE orders;--", "<|endoftext|>"]
)
def test_absurd_texts_get_a_vector(embedder: BatchedEmbedder, text: str) -> None:
    assert np.isfinite(embedder.embed([text])).all()


def test_no_texts_give_no_rows(embedder: BatchedEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.identity().dim)


def test_full_width_forms_count_as_narrow_ones(embedder: BatchedEmbedder) -> None:
    np.testing.assert_array_equal(embedder.embed(["ＳＯ２０２６"]), embedder.embed(["SO2026"]))


def test_progress_ends_with_all_done(embedder: BatchedEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [len(TEXTS)] * 3
    assert [done for done, _ in seen] == [2, 4, 6]


def test_a_smaller_dimension_is_the_beginning_renormalised(settings: EmbeddingSettings) -> None:
    if settings.model == "fake":
        pytest.skip("the fake draws another direction for each dimension")
    from dataclasses import replace

    full = build_embedder(settings).embed(TEXTS)
    small = build_embedder(replace(settings, dimension=32)).embed(TEXTS)
    expected = full[:, :32] / np.linalg.norm(full[:, :32], axis=1, keepdims=True)
    np.testing.assert_allclose(small, expected, atol=1e-5)


def test_a_dimension_that_the_model_has_not_is_refused(settings: EmbeddingSettings) -> None:
    if settings.model == "fake":
        pytest.skip("the fake has every dimension")
    from dataclasses import replace

    with pytest.raises(ModelError, match="4096"):
        build_embedder(replace(settings, dimension=4096)).warm_up()


def test_dimensions_below_32_are_refused(settings: EmbeddingSettings) -> None:
    from dataclasses import replace

    with pytest.raises(ModelError, match="32 or more"):
        build_embedder(replace(settings, dimension=8))


def test_known_texts_come_from_the_cache(settings: EmbeddingSettings, request: pytest.FixtureRequest) -> None:
    embedder = build_embedder(settings)
    seen: list[int] = []
    embedder.embed(TEXTS)
    embedder.embed([*TEXTS, "new"], progress=lambda done, total: seen.append(total))
    assert seen == [1]


def test_the_tiny_model_is_found_by_its_folder_only(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        build_embedder(EmbeddingSettings(model=str(tmp_path))).warm_up()
    with pytest.raises(ModelError, match="published layout"):
        build_embedder(EmbeddingSettings(model="./nowhere")).warm_up()
