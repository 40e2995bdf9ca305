"""Qwen3-Embedding in this process, through ONNX Runtime and tokenizers: neither torch nor transformers is imported.

Pooling, padding and normalisation are those of :mod:`kefu.models.transformers_embedder`.
"""

import json
from pathlib import Path

import numpy as np

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import own_prompts
from kefu.models.onnx_engine import OnnxEngine, refuse_options
from kefu.models.text_tokens import TextTokenizer, left_padded
from kefu.models.vectors import finish
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings
from kefu.text import normalise

_TOKEN_OUTPUTS = ("last_hidden_state", "token_embeddings")
_SENTENCE_OUTPUTS = ("sentence_embedding",)


class OnnxEmbedder(BatchedEmbedder):
    """A model of Qwen3-Embedding's kind from its ONNX export; those with the same graph share it."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__(settings)
        refuse_options(settings)
        self._tokenizer: TextTokenizer | None = None
        self._engine: OnnxEngine | None = None

    def _load(self) -> ModelIdentity:
        engine = OnnxEngine.load(self.settings, _TOKEN_OUTPUTS + _SENTENCE_OUTPUTS)
        width, wanted = _width(engine.folder), self.settings.dimension
        if wanted is not None and wanted > width:
            raise ModelError(f"`dimension` is {wanted}, but {self.settings.model} has only {width}.")
        self._tokenizer = TextTokenizer(engine.folder, self.settings.max_length)
        self._engine = engine
        self.prompts = own_prompts(engine.folder)
        return ModelIdentity(name=self.settings.model, fingerprint=engine.fingerprint, dim=wanted or width)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        assert self._tokenizer is not None and self._engine is not None
        return self._engine.last_rows([encoding.ids for encoding in self._tokenizer.encode(texts)])

    def embed_tokens(self, text: str) -> tuple[Vectors, list[tuple[int, int]]]:
        """Give the last hidden states of one text and the characters each stands for.

        :return: ``float32[t, dim]`` with rows of length 1, and t pairs (start, end) into ``normalise(text)``.
        :raises ModelError: if the export gives sentence vectors only.
        """
        self.warm_up()
        assert self._tokenizer is not None and self._engine is not None
        graph = self._engine.graph
        if graph.output not in _TOKEN_OUTPUTS:
            raise ModelError(
                f"The ONNX export of {self.settings.model} gives {graph.output} only, no vectors of tokens. "
                "Name another `onnx_file`, or set `engine: transformers`."
            )
        (encoding,) = self._tokenizer.encode([normalise(text) or "."])
        kept = [at for at, (start, end) in enumerate(encoding.offsets) if end > start]
        hidden = graph.run(*left_padded([encoding.ids]))[0]
        return finish(hidden[kept], self.settings.dimension), [encoding.offsets[at] for at in kept]


def _width(folder: Path) -> int:
    try:
        return int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / 'config.json'} does not say the model's `hidden_size`.") from error
