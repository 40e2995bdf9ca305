"""Qwen3-Embedding in this process, through ONNX Runtime and tokenizers: neither torch nor transformers is imported.

Pooling, padding and normalisation are those of :mod:`kefu.models.transformers_embedder`.
"""

import json
from pathlib import Path

import numpy as np

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import locate, own_prompts
from kefu.models.onnx_files import export_fingerprint, require_export, shares_weights, wanted_files
from kefu.models.onnx_graph import OnnxGraph, threads_for
from kefu.models.shared_weights import SharedWeights
from kefu.models.text_tokens import TextTokenizer, buckets, left_padded
from kefu.models.vectors import finish
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings
from kefu.text import normalise

_DTYPES = ("auto", "float32")
_DEVICES = ("auto", "cpu")
_TOKEN_OUTPUTS = ("last_hidden_state", "token_embeddings")
_SENTENCE_OUTPUTS = ("sentence_embedding",)
_TOKENS_PER_RUN = 4096  # bounds memory; on a CPU a longer batch is no faster per text
_SLACK = 0.15  # of padding within a batch

_graphs: SharedWeights[OnnxGraph] = SharedWeights()


class OnnxEmbedder(BatchedEmbedder):
    """A model of Qwen3-Embedding's kind from its ONNX export; those with the same graph share it."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__(settings)
        if settings.dtype not in _DTYPES:
            raise ModelError(
                f"The ONNX engine computes in float32; `dtype` is {settings.dtype!r}. For smaller weights name "
                "another `onnx_file`, or set `engine: transformers`."
            )
        if settings.device not in _DEVICES:
            raise ModelError(
                f"The ONNX engine runs on the CPU; `device` is {settings.device!r}. Set `engine: transformers`."
            )
        self._tokenizer: TextTokenizer | None = None
        self._graph: OnnxGraph | None = None
        self._slack = 0.0

    def _load(self) -> ModelIdentity:
        folder = locate(self.settings.model, also=wanted_files(self.settings.onnx_file))
        file = require_export(folder, self.settings.onnx_file)
        width = _width(folder)
        wanted = self.settings.dimension
        if wanted is not None and wanted > width:
            raise ModelError(f"`dimension` is {wanted}, but {self.settings.model} has only {width}.")
        is_ours = shares_weights(file, folder)
        # Foreign graphs may know padding on one side only (fused attention does): theirs are batches of one length.
        self._slack = _SLACK if is_ours else 0.0
        weights = folder.glob("*.safetensors") if is_ours else file.parent.glob(f"{file.name}*")
        threads = threads_for(self.settings.threads, sum(part.stat().st_size for part in weights))
        self._tokenizer = TextTokenizer(folder, self.settings.max_length)
        mark = export_fingerprint(folder, file)
        self._graph = _graphs.get(
            (file.resolve(), mark, threads),
            lambda: OnnxGraph(file, threads=threads, outputs=_TOKEN_OUTPUTS + _SENTENCE_OUTPUTS),
        )
        self.prompts = own_prompts(folder)
        return ModelIdentity(name=self.settings.model, fingerprint=mark, dim=wanted or width)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        assert self._tokenizer is not None and self._graph is not None
        encoded = [encoding.ids for encoding in self._tokenizer.encode(texts)]
        rows: list[np.ndarray] = [np.empty(0)] * len(texts)
        for group in buckets([len(ids) for ids in encoded], slack=self._slack, tokens=_TOKENS_PER_RUN):
            output = self._graph.run(*left_padded([encoded[at] for at in group]), last_only=True)
            for at, row in zip(group, output if output.ndim == 2 else output[:, -1], strict=True):
                rows[at] = row
        return np.stack(rows)

    def embed_tokens(self, text: str) -> tuple[Vectors, list[tuple[int, int]]]:
        """Give the last hidden states of one text and the characters each stands for.

        :return: ``float32[t, dim]`` with rows of length 1, and t pairs (start, end) into ``normalise(text)``.
        :raises ModelError: if the export gives sentence vectors only.
        """
        self.warm_up()
        assert self._tokenizer is not None and self._graph is not None
        if self._graph.output not in _TOKEN_OUTPUTS:
            raise ModelError(
                f"The ONNX export of {self.settings.model} gives {self._graph.output} only, no vectors of tokens. "
                "Name another `onnx_file`, or set `engine: transformers`."
            )
        (encoding,) = self._tokenizer.encode([normalise(text) or "."])
        kept = [at for at, (start, end) in enumerate(encoding.offsets) if end > start]
        hidden = self._graph.run(*left_padded([encoding.ids]))[0]
        return finish(hidden[kept], self.settings.dimension), [encoding.offsets[at] for at in kept]


def _width(folder: Path) -> int:
    try:
        return int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / 'config.json'} does not say the model's `hidden_size`.") from error
