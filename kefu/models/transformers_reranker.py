"""Qwen3-Reranker in this process, through Hugging Face transformers.

Score as on the model card of Qwen3-Reranker: the language model reads the prompt, padded on the left; of its logits
for the next token those of ``no`` and ``yes`` go through a softmax. A conversion to a sequence classifier
(``training/to_classifier.py``, or a published one) works too: its logit is the difference of the two.
"""

import json
from pathlib import Path

import numpy as np

from kefu.errors import ModelError
from kefu.models.checkpoint import locate
from kefu.models.prompt_tokens import PromptTokens
from kefu.models.reranker_base import BatchedReranker, answer_logits, share_of_yes
from kefu.models.text_tokens import left_padded
from kefu.models.transformers_engine import TransformersModel, load, refuse_unknown
from kefu.protocols import RerankerIdentity
from kefu.settings import RerankerSettings

_LANGUAGE_MODEL, _CLASSIFIER = "AutoModelForCausalLM", "AutoModelForSequenceClassification"


class TransformersReranker(BatchedReranker):
    """A model of Qwen3-Reranker's kind in process; those with the same weights share them."""

    def __init__(self, settings: RerankerSettings) -> None:
        super().__init__(settings)
        refuse_unknown(settings)
        self._prompt: PromptTokens | None = None
        self._loaded: TransformersModel | None = None
        self._kind = _LANGUAGE_MODEL

    def _load(self) -> RerankerIdentity:
        folder = locate(self.settings.model, self.settings.role)
        self._kind = _kind(folder)
        loaded = load(folder, self.settings, self._kind)
        if self._kind == _CLASSIFIER and loaded.model.config.num_labels != 1:
            raise ModelError(
                f"{folder} tells {loaded.model.config.num_labels} classes apart; a reranker has one logit."
            )

        def encode(texts: list[str]) -> list[list[int]]:
            with loaded.tokenizing:
                ids: list[list[int]] = loaded.tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
                return ids

        self._prompt = PromptTokens(encode, loaded.tokenizer.get_vocab().get, self.settings.max_length)
        self._loaded = loaded
        return RerankerIdentity(name=self.settings.model, fingerprint=loaded.fingerprint)

    def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
        import torch

        assert self._prompt is not None and self._loaded is not None
        loaded, model = self._loaded, self._loaded.model
        ids, mask = left_padded(self._prompt.rows(query, documents, instruction))
        batch = {
            "input_ids": torch.from_numpy(ids).to(loaded.device),
            "attention_mask": torch.from_numpy(mask).to(loaded.device),
            "use_cache": False,
        }
        with torch.inference_mode():
            if self._kind == _CLASSIFIER:  # its own pooling looks for padding by a token's number, ours is the mask
                logits = model.score(model.base_model(**batch).last_hidden_state[:, -1])
                return share_of_yes(answer_logits(logits[:, 0].float().cpu().numpy()))
            logits = model(**batch, logits_to_keep=1).logits[:, -1, self._prompt.answers]
            return share_of_yes(logits.float().cpu().numpy())


def _kind(folder: Path) -> str:
    """Say which class reads a folder; loaded as another one, a head that it lacks would be made up of random numbers.

    :raises ModelError: if it is neither a language model nor a classifier.
    """
    try:
        names = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("architectures") or []
    except (ValueError, AttributeError) as error:
        raise ModelError(f"{folder / 'config.json'} is no configuration of a model.") from error
    for ending, kind in (("ForCausalLM", _LANGUAGE_MODEL), ("ForSequenceClassification", _CLASSIFIER)):
        if any(str(name).endswith(ending) for name in names):
            return kind
    raise ModelError(
        f"{folder} holds no reranker: its architecture is {', '.join(map(str, names)) or 'not said'}; needed is a "
        "language model (as Qwen3-Reranker) or a sequence classifier."
    )
