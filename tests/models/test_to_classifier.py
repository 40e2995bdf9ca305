"""A reranker as a sequence classifier: one logit, whose sigmoid is the softmax's share of ``yes``."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from kefu.errors import ModelError
from kefu.models.rerank_prompt import AFTER, BEFORE, body
from kefu.models.transformers_reranker import TransformersReranker
from kefu.settings import RerankerSettings

QUERY = "运费多少钱"
DOCUMENTS = ["满99元包邮。", "hello", "Returns are free within thirty days of delivery."]


def scores(folder: Path) -> np.ndarray:
    return TransformersReranker(RerankerSettings(model=str(folder), device="cpu")).score(QUERY, DOCUMENTS)


@pytest.mark.parametrize(
    ("dtype", "shape"), [("float32", {}), ("bfloat16", {"tie_word_embeddings": False})], ids=["tied", "own head"]
)
def test_its_scores_are_the_language_models(
    make_reranker: Any, classifier_script: ModuleType, tmp_path: Path, dtype: str, shape: dict[str, Any]
) -> None:
    folder = make_reranker(dtype, **shape)
    classifier_script.convert(folder, tmp_path)
    np.testing.assert_allclose(scores(tmp_path), scores(folder), atol=1e-5)


def test_plain_transformers_loads_it_and_its_sigmoid_is_the_score(
    classifier_folder: Path, reranker_folder: Path
) -> None:
    """Padding on either side, since the classifier looks for the last real token itself."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(classifier_folder).eval()
    assert type(model).__name__ == "Qwen3ForSequenceClassification" and model.config.num_labels == 1
    prompts = [BEFORE + body(QUERY, document) + AFTER for document in DOCUMENTS]
    for side in ("left", "right"):
        tokenizer = AutoTokenizer.from_pretrained(classifier_folder, padding_side=side)
        with torch.no_grad():
            logits = model(**tokenizer(prompts, padding=True, return_tensors="pt")).logits
        np.testing.assert_allclose(torch.sigmoid(logits[:, 0]).numpy(), scores(reranker_folder), atol=1e-5)


def test_a_folder_without_the_answers_is_not_converted(
    tiny_qwen3: Path, classifier_script: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="lacks no and yes"):
        classifier_script.convert(tiny_qwen3, tmp_path)


def test_a_classifier_of_several_classes_is_no_reranker(classifier_folder: Path, tmp_path: Path) -> None:
    from transformers import AutoConfig, AutoTokenizer, Qwen3ForSequenceClassification

    config = AutoConfig.from_pretrained(classifier_folder)
    config.num_labels = 3
    Qwen3ForSequenceClassification(config).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(classifier_folder).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="3 classes"):
        scores(tmp_path)
