"""A model's weights and tokenizer loaded by Hugging Face transformers: what all engines on it share."""

import importlib.util
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kefu.errors import ModelError
from kefu.models.checkpoint import fingerprint
from kefu.models.shared_weights import SharedWeights
from kefu.settings import ModelSettings

if TYPE_CHECKING:
    import torch

_SMALL = 50_000_000  # parameters
_DTYPES = ("auto", "float32", "bfloat16", "float16")
_ATTENTIONS = ("sdpa", "eager", "flash_attention_2")


@dataclass(frozen=True, eq=False)
class TransformersModel:
    """A model and its tokenizer. Whoever uses the tokenizer holds its lock: fast tokenizers are not reentrant."""

    model: Any
    tokenizer: Any
    device: "torch.device"
    fingerprint: str
    tokenizing: threading.Lock = field(default_factory=threading.Lock)


_weights: SharedWeights[TransformersModel] = SharedWeights()


def refuse_unknown(settings: ModelSettings) -> None:
    """Refuse values of options that transformers does not know.

    :raises ModelError: with those that it does.
    """
    if settings.dtype not in _DTYPES:
        raise ModelError(f"`dtype` must be one of {', '.join(_DTYPES)}; it is {settings.dtype!r}.")
    if settings.attention not in _ATTENTIONS:
        raise ModelError(f"`attention` must be one of {', '.join(_ATTENTIONS)}; it is {settings.attention!r}.")


def load(
    folder: Path, settings: ModelSettings, kind: str = "AutoModel", quantisation: str = "none"
) -> TransformersModel:
    """Load what lies in a folder; whoever asks for the same weights in the same way gets the same.

    :param kind: the class of transformers that reads it.
    :param quantisation: "none", or "4bit" (bitsandbytes, on an NVIDIA GPU or a CPU).
    :raises ModelError: if it cannot be loaded.
    """
    # Keeps transformers from importing TensorFlow, which Rasa has installed.
    os.environ.setdefault("USE_TF", "0")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    device = _device(settings.device)
    dtype, mark = _dtype(settings.dtype, device), fingerprint(folder)
    key = (folder.resolve(), mark, kind, str(device), str(dtype), settings.attention, quantisation)
    options: dict[str, Any] = {"dtype": dtype, "attn_implementation": settings.attention}
    if quantisation == "4bit":
        options.update(_four_bit(device, dtype))
    loaded = _weights.get(key, lambda: _read(folder, mark, kind, device, options))
    if device.type == "cpu":
        _bound_threads(settings.threads, parameters=loaded.model.num_parameters())
    return loaded


def _four_bit(device: "torch.device", dtype: "torch.dtype") -> dict[str, Any]:
    """Give what makes transformers keep weights in four bits (QLoRA's NormalFloat, Dettmers et al. 2023).

    :raises ModelError: on another device than bitsandbytes computes on, or without it.
    """
    if device.type not in ("cuda", "cpu"):
        raise ModelError(f"`quantisation: 4bit` needs an NVIDIA GPU or a CPU; the device is {device.type}.")
    missing = [package for package in ("bitsandbytes", "accelerate") if importlib.util.find_spec(package) is None]
    if missing:
        raise ModelError(f"`quantisation: 4bit` needs {' and '.join(missing)}: pip install 'kefu[4bit]'")
    import transformers

    config = transformers.BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
    )
    return {"quantization_config": config, "device_map": {"": device}}


def _read(folder: Path, mark: str, kind: str, device: "torch.device", options: dict[str, Any]) -> TransformersModel:
    import transformers
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, padding_side="left")
        model = getattr(transformers, kind).from_pretrained(folder, **options)
    except Exception as error:  # loading runs code of several libraries, each with errors of its own
        raise ModelError(f"The model in {folder} cannot be loaded: {error}") from error
    placed = model if "device_map" in options else model.to(device)  # four-bit weights cannot be moved
    return TransformersModel(placed.eval(), tokenizer, device, mark)


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
