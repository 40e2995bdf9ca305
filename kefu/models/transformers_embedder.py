"""Qwen3-Embedding in this process, through Hugging Face transformers.

Pooling, padding and normalisation follow the model card of Qwen3-Embedding: left padding, hidden state of the last
token (``<|endoftext|>``, which the tokenizer appends), scaled to length 1.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import locate, own_prompts
from kefu.models.transformers_engine import TransformersModel, load, refuse_unknown
from kefu.models.vectors import finish
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings
from kefu.text import normalise

if TYPE_CHECKING:
    import torch


class TransformersEmbedder(BatchedEmbedder):
    """A model of Qwen3-Embedding's kind in process; those with the same weights share them."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__(settings)
        refuse_unknown(settings)
        self._loaded: TransformersModel | None = None

    def _load(self) -> ModelIdentity:
        options = self.settings
        folder = locate(options.model, options.role)
        self._loaded = load(folder, options)
        self.prompts = own_prompts(folder)
        width = int(self._loaded.model.config.hidden_size)
        if options.dimension is not None and options.dimension > width:
            raise ModelError(f"`dimension` is {options.dimension}, but {options.model} has only {width}.")
        return ModelIdentity(options.model, self._loaded.fingerprint, dim=options.dimension or width)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        hidden, _ = self._run(texts)
        return hidden[:, -1].float().cpu().numpy()

    def embed_tokens(self, text: str) -> tuple[Vectors, list[tuple[int, int]]]:
        """Give the last hidden states of one text and the characters each stands for.

        :return: ``float32[t, dim]`` with rows of length 1, and t pairs (start, end) into ``normalise(text)``.
        """
        self.warm_up()
        hidden, offsets = self._run([normalise(text) or "."], with_offsets=True)
        spans = [(int(start), int(end)) for start, end in offsets]
        kept = [position for position, (start, end) in enumerate(spans) if end > start]
        rows = hidden[0].float().cpu().numpy()[kept]
        return finish(rows, self.settings.dimension), [spans[position] for position in kept]

    def _run(self, texts: Sequence[str], with_offsets: bool = False) -> tuple["torch.Tensor", Any]:
        import torch

        loaded = self._loaded
        assert loaded is not None
        with loaded.tokenizing:
            encoded = loaded.tokenizer(
                list(texts),
                padding=True,
                truncation=True,
                max_length=self.settings.max_length,
                return_tensors="pt",
                return_offsets_mapping=with_offsets,
            )
        offsets = encoded.pop("offset_mapping")[0].tolist() if with_offsets else None
        with torch.inference_mode():
            output = loaded.model(
                input_ids=encoded["input_ids"].to(loaded.device),
                attention_mask=encoded["attention_mask"].to(loaded.device),
                use_cache=False,
            )
        return output.last_hidden_state, offsets
