"""Scores against the code that the model card of Qwen3-Reranker publishes, written out with plain transformers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kefu.errors import ModelError
from kefu.models.loader import build_reranker
from kefu.models.onnx_reranker import OnnxReranker
from kefu.models.reranker_base import BatchedReranker
from kefu.models.transformers_reranker import TransformersReranker
from kefu.settings import RerankerSettings

QUERY = "What does the postage cost?"
DOCUMENTS = [
    "Orders over 99 yuan ship free; smaller ones cost 6 yuan.",
    "发票在订单页面申请。",
    "Returns are free within thirty days of delivery. " * 20,
    "",
]
PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    "provided. "
    'Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


def published_scores(folder: Path, pairs: list[str], max_length: int) -> list[float]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    no, yes = (tokenizer.convert_tokens_to_ids(token) for token in ("no", "yes"))
    prefix, suffix = (tokenizer.encode(text, add_special_tokens=False) for text in (PREFIX, SUFFIX))
    inputs = tokenizer(
        pairs,
        padding=False,
        truncation="longest_first",
        return_attention_mask=False,
        max_length=max_length - len(prefix) - len(suffix),
    )
    for at, ids in enumerate(inputs["input_ids"]):
        inputs["input_ids"][at] = prefix + ids + suffix
    inputs = tokenizer.pad(inputs, padding=True, return_tensors="pt")
    with torch.no_grad():
        last = model(**inputs).logits[:, -1, :]
    both = torch.stack([last[:, no], last[:, yes]], dim=1)
    return torch.nn.functional.log_softmax(both, dim=1)[:, 1].exp().tolist()


@pytest.mark.parametrize("engine", [OnnxReranker, TransformersReranker])
@pytest.mark.parametrize("instruction", [None, "Find what answers a customer's question"])
@pytest.mark.parametrize("max_length", [2048, 64])
def test_scores_equal_the_published_codes(
    reranker_folder: Path, engine: type[BatchedReranker], instruction: str | None, max_length: int
) -> None:
    asked = instruction or "Given a web search query, retrieve relevant passages that answer the query"
    pairs = [f"<Instruct>: {asked}\n<Query>: {QUERY}\n<Document>: {document.strip()}" for document in DOCUMENTS]
    reranker = engine(RerankerSettings(model=str(reranker_folder), device="cpu", max_length=max_length))
    found = reranker.score(QUERY, DOCUMENTS, instruction=instruction)
    np.testing.assert_allclose(found, published_scores(reranker_folder, pairs, max_length), atol=1e-5)


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_of_a_long_document_the_end_is_cut_and_the_prompt_stays(reranker_folder: Path, engine: str) -> None:
    def scores(documents: list[str], max_length: int) -> Any:
        options: dict[str, Any] = {"model": str(reranker_folder), "engine": engine, "device": "cpu"}
        reranker = build_reranker(RerankerSettings(**options, max_length=max_length))
        assert reranker is not None
        return reranker.score(QUERY, documents)

    beginning = "Postage is free above 99 yuan. " * 10
    long = scores([beginning + "hello " * 50, beginning + "发票 " * 5000], max_length=64)
    assert long[0] == pytest.approx(long[1], abs=1e-6)
    whole = scores([beginning + "hello " * 50, beginning + "发票 " * 50], max_length=1024)
    assert abs(whole[0] - whole[1]) > 1e-3


@pytest.mark.parametrize("engine", ["onnx", "transformers"])
def test_a_length_that_the_prompt_alone_exceeds_is_refused(reranker_folder: Path, engine: str) -> None:
    reranker = build_reranker(RerankerSettings(model=str(reranker_folder), engine=engine, max_length=8))
    assert reranker is not None
    with pytest.raises(ModelError, match=r"`max_length` is 8, and the prompt alone has \d+ tokens"):
        reranker.score(QUERY, DOCUMENTS)
