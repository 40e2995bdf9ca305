"""The size at which quality stops paying for latency: embedders of several shapes, trained alike, measured on `dev`.

    python bench/sizes.py --datasets DIR --work FOLDER [--minutes 12] [--sizes 128x2 256x4 384x6] [--json FILE]

Each is trained from nothing by `training/train_embedder.py` for the same minutes, in which a small one takes more
steps; resumable as the recipe is. Quality is that of the vectors alone, or with n-grams where so named, on questions
and utterances of `dev` and on the held-out translations; milliseconds are of a query in ONNX Runtime on one thread.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("USE_TF", "0")

from machine import machine
from markdown_tables import SIZES as HEADINGS
from rich.console import Console
from rich.table import Table as RichTable
from safetensors import safe_open
from understanding.cost import measure_cost
from understanding.encoders import kefu_encoder, megabytes
from understanding.intents import ACCURACY, measure_intents
from understanding.retrieval import CONDITIONS, FITTED_ON, RECALL_1, measure_knowledge, measure_translations
from understanding.sides import KEFU, KEFU_BOTH, Side
from understanding.slices import ALL
from understanding.tables import Table
from understanding.utterances import own_set
from understanding.wordings import answerable, read_knowledge, shelf_of

ROOT = Path(__file__).resolve().parents[1]
SIZES = ("128x2", "256x4", "384x6")
UNCOMPILED = {"TORCHDYNAMO_DISABLE": "1"}  # compiling a model takes minutes, which a short run does not win back
_PACKAGES = ("onnxruntime", "tokenizers", "torch", "transformers")


@dataclass(frozen=True)
class Shape:
    """Width and layers, as in `256x4`."""

    width: int
    layers: int

    @classmethod
    def of(cls, text: str) -> "Shape":
        """Read it.

        :raises argparse.ArgumentTypeError: if it is not two whole numbers.
        """
        width, _, layers = text.partition("x")
        if not (width.isdecimal() and layers.isdecimal()):
            raise argparse.ArgumentTypeError(f"must be like 256x4, not {text}")
        return cls(int(width), int(layers))

    def __str__(self) -> str:
        return f"{self.width}x{self.layers}"


def train(shape: Shape, options: argparse.Namespace) -> Path:
    """Train a checkpoint of that shape, or go on with one, and give its folder with the ONNX export in it."""
    work = options.work / str(shape)
    made = work / "checkpoint"
    for words in (
        ["train_embedder.py", *training_options(shape, options), "--work", str(work), "--out", str(made)],
        ["export_onnx.py", str(made)],
    ):
        command = [sys.executable, str(ROOT / "training" / words[0]), *words[1:]]
        subprocess.run(command, env={**os.environ, **UNCOMPILED}, check=True)
    return made


def training_options(shape: Shape, options: argparse.Namespace) -> list[str]:
    """Give the options of `train_embedder.py` that decide the outcome, and what all sizes share."""
    given = {"width": shape.width, "layers": shape.layers, "minutes": options.minutes}
    given |= {"datasets": options.datasets, "cache": options.work}
    return [word for name, value in given.items() for word in (f"--{name}", str(value))]


def measure(shape: Shape, folder: Path, datasets: Path, steps: int) -> dict[str, Any]:
    """Give the figures of a checkpoint, by the names that `markdown_tables.SIZES` has."""
    encoder = kefu_encoder(str(folder))
    alone, both = Side(KEFU, encoder), Side(KEFU_BOTH, encoder, letters=True)
    intents = measure_intents(own_set(FITTED_ON), [alone, both], ())
    knowledge = measure_knowledge(CONDITIONS[0], [alone], FITTED_ON, None, ())
    translations = _totals(measure_translations(datasets, [alone], {}, None, ()), RECALL_1, KEFU)
    questions = [question.text for question in answerable(FITTED_ON, shelf_of(read_knowledge()))]
    cost = measure_cost(kefu_encoder(str(folder), remember=False), questions, megabytes(folder))
    return {
        "size": f"{shape.width} × {shape.layers}",
        "parameters": parameters(folder) / 1e6,
        "megabytes": cost.megabytes,
        "steps": steps,
        "query_ms": cost.query_p50,
        "to_english": translations[0],
        "to_chinese": translations[1],
        "knowledge": _totals(knowledge, RECALL_1, KEFU)[0],
        "intents": _totals(intents, ACCURACY, KEFU)[0],
        "intents_with_ngrams": _totals(intents, ACCURACY, KEFU_BOTH)[0],
    }


def parameters(folder: Path) -> int:
    """Count the numbers of a checkpoint."""
    with safe_open(folder / "model.safetensors", "np") as tensors:
        return sum(int(tensors.get_tensor(name).size) for name in tensors.keys())  # noqa: SIM118 - no mapping


def steps_taken(work: Path) -> int:
    """Read from a run's state how many steps it took."""
    import torch

    return int(torch.load(work / "state.pt", weights_only=True)["step"])


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--datasets", type=Path, required=True, help="as for training/train_embedder.py")
    made.add_argument("--work", type=Path, required=True, help="folder of states, targets and checkpoints")
    made.add_argument("--minutes", type=float, default=12, help="of training, each")
    made.add_argument("--sizes", type=Shape.of, nargs="+", default=[Shape.of(size) for size in SIZES])
    made.add_argument("--json", type=Path, help="write the figures here too")
    return made


def main() -> None:
    """Train, measure, print."""
    options = parser().parse_args()
    rows: list[dict[str, Any]] = []
    for shape in options.sizes:
        folder = train(shape, options)
        rows.append(measure(shape, folder, options.datasets, steps_taken(options.work / str(shape))))
        if options.json:
            content = machine(_PACKAGES) | {"minutes": options.minutes, "on": FITTED_ON, "rows": rows}
            options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = RichTable(title=f"{options.minutes:g} minutes of training each; measured on {FITTED_ON}")
    for heading, _ in HEADINGS.values():
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(*(format(row[name], digits) for name, (_, digits) in HEADINGS.items()))
    Console(width=150).print(table)


def _totals(table: Table, measure: str, side: str) -> Sequence[float]:
    return [row.figures[side].value for row in table.rows if ALL in row.tags and row.measure == measure]


if __name__ == "__main__":
    main()
