"""Where a training computes, and what differs between a CPU and a GPU."""

import argparse
import contextlib
import shutil

import torch

_ONE_PASS = 32_768  # tokens; more than a step of either recipe has


def device_named(name: str) -> torch.device:
    """Give the device of that name; `auto` is a GPU with CUDA where there is one, else the CPU.

    :raises argparse.ArgumentTypeError: if this machine does not compute on it, with what PyTorch says.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).cpu()
    except (RuntimeError, AssertionError) as error:  # AssertionError: a PyTorch without CUDA
        why = str(error).splitlines()[0]
        raise argparse.ArgumentTypeError(
            f"must be auto, cpu, cuda or cuda:1, and be there; {name!r}: {why}"
        ) from error
    return device


def half_precision(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Compute matrix products in bfloat16 (Kalamkar et al. 2019): the range of float32, so that no loss is scaled."""
    if torch.amp.is_autocast_available(device.type):
        return torch.autocast(device.type, torch.bfloat16)
    return contextlib.nullcontext()


def tokens_together(device: torch.device, on_cpu: int) -> int:
    """Say how many tokens go through at once: few stay in a CPU's caches, a GPU wants the whole step in one pass."""
    return on_cpu if device.type == "cpu" else _ONE_PASS


def attention_on(device: torch.device) -> str:
    """Name the implementation of attention.

    On a CPU, torch's fused attention takes a third longer forward and back than plain products on short sequences.
    """
    return "eager" if device.type == "cpu" else "sdpa"


def joined(model: torch.nn.Module, device: torch.device) -> None:
    """Join what runs between a CPU's matrix products, where there is a compiler: it saves a quarter of the time."""
    if device.type == "cpu" and shutil.which("g++"):
        model.compile(dynamic=True)
