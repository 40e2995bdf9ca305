"""Average the weights of two embedders, one trained on from the other: often better than either (model soups, Wortsman
et al. 2022).

    python training/average.py ONE OTHER OUT [--share 0.5]

OUT is the folder OTHER with the averaged weights.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"


def average(one: Path, other: Path, out: Path, share: float = 0.5) -> None:
    """Write ``(1 - share) * one + share * other``, in float16.

    :raises ValueError: if they differ in shape or vocabulary, so that an average would mean nothing.
    """
    first, second = load_file(one / WEIGHTS), load_file(other / WEIGHTS)
    shapes = [{name: tensor.shape for name, tensor in weights.items()} for weights in (first, second)]
    if shapes[0] != shapes[1] or _vocabulary(one) != _vocabulary(other):
        raise ValueError(f"{one} and {other} are of different shapes or vocabularies.")
    mixed = {name: torch.lerp(first[name].float(), second[name].float(), share).half() for name in first}
    shutil.copytree(other, out, dirs_exist_ok=True)
    save_file(mixed, out / WEIGHTS, metadata={"format": "pt"})


def _vocabulary(folder: Path) -> dict[str, int]:
    return json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("one", "other", "out"):
        made.add_argument(name, type=Path)
    made.add_argument("--share", type=float, default=0.5, help="of OTHER")
    return made


def main() -> None:
    """Read the options and average."""
    options = parser().parse_args()
    average(options.one, options.other, options.out, options.share)
    print(options.out)


if __name__ == "__main__":
    main()
