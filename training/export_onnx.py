"""Write ``model.onnx`` beside the safetensors files of a Qwen3 embedder in the published layout.

    python training/export_onnx.py [FOLDER]

The graph reads its weights out of those files, in whatever number type they have, and computes in float32; the file
has a few kilobytes. It holds for other weights of the same layout too, so that training on needs no new export, but
not for another vocabulary or another shape: the ONNX engine refuses it there.
"""

import argparse
import json
import sys
from pathlib import Path

from onnx import ModelProto, checker

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.onnx_files import LAYOUT_NOTE, layout_digest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from qwen3_graph import Graph, Shape, hidden_states
from safetensors_layout import stored_tensors


def embedder_graph(folder: Path) -> ModelProto:
    """Make the graph: tokens to ``last_hidden_state``, ``[batch, tokens, width]``.

    :raises ValueError: if the folder holds no Qwen3 model, or one with a feature that the graph lacks.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = stored_tensors(folder)
    prefix = "" if "embed_tokens.weight" in weights else "model."
    graph = Graph(weights)
    states = hidden_states(graph, Shape.of(config), prefix)
    width = int(config["hidden_size"])
    return graph.model({"last_hidden_state": (states, ("batch", "kept", width))}, {LAYOUT_NOTE: layout_digest(folder)})


def export(folder: Path) -> Path:
    """Write the graph into the folder, whole or not at all."""
    file = folder / "model.onnx"
    draft = file.with_suffix(".part")
    draft.write_bytes(embedder_graph(folder).SerializeToString(deterministic=True))
    checker.check_model(str(draft))
    draft.replace(file)
    return file


def main() -> None:
    """Read the folder's name and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=EMBEDDED_EMBEDDER)
    file = export(parser.parse_args().folder)
    print(f"{file}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
