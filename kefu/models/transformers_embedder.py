"""Qwen3-Embedding in this process, through Hugging Face transformers.

Pooling, padding and normalisation follow the model card of Qwen3-Embedding: left padding, hidden state of the last
token (``<|endoftext|>``, which the tokenizer appends), scaled to length 1.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kefu.errors import ModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.checkpoint import fingerprint, locate, own_prompts
from kefu.models.shared_weights import SharedWeights
from kefu.models.vectors import finish
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings
from kefu.text import normalise

if TYPE_CHECKING:
    import torch

_SMALL = 50_000_000  # parameters
_DTYPES = ("auto", "float32", "bfloat16", "float16")
_ATTENTIONS = ("sdpa", "eager", "flash_attention_2")


@dataclass(frozen=True, eq=False)
class _Loaded:
    """A model and its tokenizer. Whoever uses the tokenizer holds its lock: fast tokenizers are not reentrant."""

    model: Any
    tokenizer: Any
    device: "torch.device"
    tokenizing: threading.Lock = field(default_factory=threading.Lock)


_weights: SharedWeights[_Loaded] = SharedWeights()


class TransformersEmbedder(BatchedEmbedder):
    """A model of Qwen3-Embedding's kind in process; those with the same weights share them."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__(settings)
        if settings.dtype not in _DTYPES:
            raise ModelError(f"`dtype` must be one of {', '.join(_DTYPES)}; it is {settings.dtype!r}.")
        if settings.attention not in _ATTENTIONS:
            raise ModelError(f"`attention` must be one of {', '.join(_ATTENTIONS)}; it is {settings.attention!r}.")
        self._loaded: _Loaded | None = None

    def _load(self) -> ModelIdentity:
        # Keeps transformers from importing TensorFlow, which Rasa has installed.
        os.environ.setdefault("USE_TF", "0")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        folder, options = locate(self.settings.model), self.settings
        device = _device(options.device)
        dtype, mark = _dtype(options.dtype, device), fingerprint(folder)
        key = (folder.resolve(), mark, str(device), str(dtype), options.attention)
        self._loaded = _weights.get(key, lambda: _read(folder, device, dtype, options.attention))
        if device.type == "cpu":
            _bound_threads(options.threads, parameters=self._loaded.model.num_parameters())
        self.prompts = own_prompts(folder)
        width = int(self._loaded.model.config.hidden_size)
        if options.dimension is not None and options.dimension > width:
            raise ModelError(f"`dimension` is {options.dimension}, but {options.model} has only {width}.")
        return ModelIdentity(name=options.model, fingerprint=mark, dim=options.dimension or width)

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


def _read(folder: Path, device: "torch.device", dtype: "torch.dtype", attention: str) -> _Loaded:
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
        model = AutoModel.from_pretrained(folder, dtype=dtype, attn_implementation=attention)
    except Exception as error:  # loading runs code of several libraries, each with errors of its own
        raise ModelError(f"The model in {folder} cannot be loaded: {error}") from error
    return _Loaded(model.to(device).eval(), tokenizer, device)


def _bound_threads(wanted: int, *, parameters: int) -> None:
    """Bound torch's threads: those of a small model wait for each other longer than they compute."""
    import torch

    if wanted or parameters < _SMALL:
        torch.set_num_threads(wanted or 1)


def _device(name: str) -> "torch.device":
    import torch

    if name != "auto":
        return _present(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _present(name: str) -> "torch.device":
    """Give a device by its name, if this machine computes on it.

    :raises ModelError: if there is none such, with what PyTorch says of it.
    """
    import torch

    try:
        device = torch.device(name)
        torch.zeros(1, device=device).cpu()
    except (RuntimeError, AssertionError) as error:  # AssertionError: a PyTorch without CUDA
        why = str(error).splitlines()[0]
        raise ModelError(
            f"`device` must be auto, cpu, cuda, cuda:1 or mps, and be there on this machine; it is {name!r} ({why})."
        ) from error
    return device


def _dtype(name: str, device: "torch.device") -> "torch.dtype":
    import torch

    if name != "auto":
        return getattr(torch, name)
    return torch.float32 if device.type == "cpu" else torch.bfloat16
