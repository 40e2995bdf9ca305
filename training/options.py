"""The options that both recipes take."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

from device import device_named
from sentences import ROOT, SETS


def recipe_parser(description: str | None, name: str, minutes: float) -> argparse.ArgumentParser:
    """Make a parser with the options on data, length, device and folders of a run.

    :param name: of the checkpoint, which its folders are called by.
    :param minutes: how long it takes where nothing else is said.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=_datasets, required=True, help=f"folder with {', '.join(SETS)}")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=_minutes, default=minutes, help="of training, over all starts of the run")
    length.add_argument("--steps", type=whole(1), help="instead of minutes: two such runs come out alike to the bit")
    parser.add_argument(
        "--device", type=device_named, default="auto", help="cpu, cuda, … (auto: a GPU where there is)"
    )
    parser.add_argument("--work", type=Path, default=ROOT / ".kefu" / "training" / name, help="folder of the state")
    parser.add_argument("--out", type=Path, default=ROOT / "kefu" / "checkpoints" / name)
    return parser


def _datasets(text: str) -> Path:
    folder = Path(text)
    if missing := [name for name in SETS if not (folder / name).is_dir()]:
        raise argparse.ArgumentTypeError(f"{folder} lacks {', '.join(missing)}")
    return folder


def _minutes(text: str) -> float:
    if not 0 < (minutes := float(text)) < math.inf:
        raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
    return minutes


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Make the reader of an option that is a whole number between two others, both included."""

    def number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            limits = f"{least} or more" if most is None else f"{least} to {most}"
            raise argparse.ArgumentTypeError(f"must be {limits}, not {text}")
        return value

    return number
