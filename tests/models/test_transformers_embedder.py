"""The in-process engine against the model card's own way of using Qwen3-Embedding."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kefu.errors import ModelError
from kefu.models import build_embedder, shared_embedder
from kefu.models.transformers_embedder import TransformersEmbedder
from kefu.settings import EmbeddingSettings

TEXTS = ["我要退货", "where is my parcel", "发票怎么开", "hello"]


def test_vectors_equal_last_token_pooling_as_published(tiny_qwen3: Path) -> None:
    """The reference is the model card's: left padding, last hidden state of the last token, normalised."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_qwen3, padding_side="left")
    model = AutoModel.from_pretrained(tiny_qwen3).eval()
    prompt = "Instruct: Find it\nQuery:"
    batch = tokenizer([prompt + text for text in TEXTS], padding=True, return_tensors="pt")
    with torch.no_grad():
        expected = torch.nn.functional.normalize(model(**batch).last_hidden_state[:, -1], dim=1).numpy()
    embedder = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu", dtype="float32"))
    np.testing.assert_allclose(embedder.embed(TEXTS, task="Find it"), expected, atol=1e-5)


def test_long_texts_are_cut_to_the_maximum_length(tiny_qwen3: Path) -> None:
    settings = EmbeddingSettings(model=str(tiny_qwen3), device="cpu", max_length=8)
    embedder = TransformersEmbedder(settings)
    same_beginning = embedder.embed(["hello " * 50, "hello " * 60])
    np.testing.assert_allclose(same_beginning[0], same_beginning[1], atol=1e-6)


def test_token_vectors_cover_the_text(tiny_qwen3: Path) -> None:
    embedder = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu"))
    vectors, spans = embedder.embed_tokens("where is 我的 parcel")
    assert vectors.shape == (len(spans), embedder.identity().dim)
    covered = {at for start, end in spans for at in range(start, end)}
    assert covered >= {at for at, character in enumerate("where is 我的 parcel") if not character.isspace()}


def test_threads_may_share_one_model(tiny_qwen3: Path) -> None:
    embedder = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu", cache_size=0))
    expected = embedder.embed(TEXTS)
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(embedder.embed(TEXTS))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for vectors in found:
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_two_threads_with_batches_of_their_own_get_what_each_gets_alone(engine: str, exported_qwen3: Path) -> None:
    """A tokenizer keeps padding and cutting as its state: other lengths, other bounds and offsets change it."""
    folder = str(exported_qwen3)
    one, other = (
        build_embedder(EmbeddingSettings(model=folder, device="cpu", engine=engine, cache_size=0, max_length=length))
        for length in (512, 6)
    )
    short, long = ["hi", "运费", "hello"], ["where is my parcel " * 12, "发票怎么开 " * 9, "耳机坏了"]
    works: list[Callable[[], np.ndarray]] = [
        lambda: one.embed(short),
        lambda: other.embed(long),
        lambda: one.embed(long),
        lambda: one.embed_tokens(long[0])[0],
    ]
    alone = [work() for work in works]
    wrong: list[str] = []

    def repeat(at: int) -> None:
        for _ in range(25):
            try:
                np.testing.assert_allclose(works[at](), alone[at], atol=1e-5)
            except Exception as error:  # noqa: BLE001 – what a thread raises is told here, not on its way out
                wrong.append(f"{at}: {error}")

    for pair in [(0, 1), (1, 2), (2, 3)]:
        threads = [threading.Thread(target=repeat, args=(at,)) for at in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong, wrong[0]


def test_one_model_per_process(tiny_qwen3: Path) -> None:
    settings = EmbeddingSettings(model=str(tiny_qwen3), device="cpu")
    assert shared_embedder(settings) is shared_embedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu"))


def test_other_weights_have_another_fingerprint(tiny_qwen3: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(tiny_qwen3, copy)
    first = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3))).identity()
    assert TransformersEmbedder(EmbeddingSettings(model=str(copy))).identity().fingerprint == first.fingerprint
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-5] ^= 1
    weights.write_bytes(content)
    assert TransformersEmbedder(EmbeddingSettings(model=str(copy))).identity().fingerprint != first.fingerprint


@pytest.mark.parametrize("option", [{"dtype": "int3"}, {"attention": "magic"}])
def test_unknown_options_are_refused_with_the_known_ones(option: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="must be one of"):
        TransformersEmbedder(EmbeddingSettings(**option))  # type: ignore[arg-type]


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_the_attention_that_is_asked_for_reaches_the_model(attention: str, tiny_qwen3: Path) -> None:
    embedder = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu", attention=attention))
    embedder.warm_up()
    assert embedder._loaded is not None
    assert embedder._loaded.model.config._attn_implementation == attention


def test_the_device_that_is_asked_for_holds_the_weights(tiny_qwen3: Path) -> None:
    embedder = TransformersEmbedder(EmbeddingSettings(model=str(tiny_qwen3), device="cpu"))
    assert np.isfinite(embedder.embed(TEXTS)).all()
    assert embedder._loaded is not None
    assert {parameter.device.type for parameter in embedder._loaded.model.parameters()} == {"cpu"}


@pytest.mark.parametrize("device", ["warp9", "cuda:99", "meta", ""])
def test_a_device_that_is_not_here_is_refused_by_name(device: str, exported_qwen3: Path) -> None:
    embedder = build_embedder(EmbeddingSettings(model=str(exported_qwen3), device=device))
    with pytest.raises(ModelError, match=rf"`device` must be auto, cpu, .*; it is '{device}'"):
        embedder.embed(["hello"])


def test_damaged_weights_are_refused(tiny_qwen3: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "damaged"
    shutil.copytree(tiny_qwen3, copy)
    (copy / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        TransformersEmbedder(EmbeddingSettings(model=str(copy))).warm_up()
