"""Write ``model.onnx`` beside the safetensors files of a Qwen3 embedder or reranker in the published layout.

    python training/export_onnx.py [FOLDER] [--int8]

The graph reads its weights out of those files, in whatever number type they have, and computes in float32; the file
has a few kilobytes. It holds for other weights of the same layout too, so that training on needs no new export, but
not for another vocabulary or another shape: the ONNX engine refuses it there.

A reranker is stored as a language model (``Qwen3ForCausalLM``); its graph gives, beside the hidden states, the logits
of ``no`` and ``yes`` after the last token, and none of the rest of the vocabulary.

With ``--int8`` the folder gets ``onnx/model_quantized.onnx`` too, which has weights of its own: eight bits for each,
scaled by column, and products in integers (dynamic quantisation). It is smaller and faster, and another model: its
vectors are near those of the full one, not equal to them. Option: ``onnx_file: onnx/model_quantized.onnx``.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
from onnx import ModelProto, checker
from tokenizers import Tokenizer

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.onnx_files import LAYOUT_NOTE, layout_digest
from kefu.models.rerank_prompt import ANSWERS

sys.path.insert(0, str(Path(__file__).resolve().parent))

from qwen3_graph import Graph, Shape, answer_logits, hidden_states
from safetensors_layout import stored_tensors

_LARGE = 1_000_000_000  # bytes of weights, from which on they do not fit into one file of the format (2 GB in float32)


def qwen3_graph(folder: Path) -> ModelProto:
    """Make the graph: tokens to ``last_hidden_state``, ``[batch, tokens, width]``.

    A language model whose tokenizer knows ``no`` and ``yes`` has ``answer_logits``, ``[batch, 2]``, too: both are
    computed from the same states, and an engine takes the one that it needs.

    :raises ValueError: if the folder holds no Qwen3 model, or one with a feature that the graph lacks.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = stored_tensors(folder)
    prefix = "" if "embed_tokens.weight" in weights else "model."
    graph = Graph(weights)
    states = hidden_states(graph, Shape.of(config), prefix)
    outputs: dict[str, tuple[str, Sequence[str | int]]] = {
        "last_hidden_state": (states, ("batch", "kept", int(config["hidden_size"])))
    }
    answers = answer_tokens(folder)
    if prefix and any(name.endswith("ForCausalLM") for name in config["architectures"]) and answers is not None:
        head = f"{prefix}embed_tokens.weight" if config.get("tie_word_embeddings") else "lm_head.weight"
        if head not in weights:
            raise ValueError(f"{folder} has no {head}, which its configuration asks for.")
        outputs["answer_logits"] = (answer_logits(graph, states, head, answers), ("batch", len(answers)))
    return graph.model(outputs, {LAYOUT_NOTE: layout_digest(folder)})


def answer_tokens(folder: Path) -> list[int] | None:
    """Give the numbers of the tokens ``no`` and ``yes``; None where a folder's tokenizer lacks one of them."""
    file = folder / "tokenizer.json"
    if not file.is_file():
        return None
    tokenizer = Tokenizer.from_file(str(file))
    numbers = [tokenizer.token_to_id(answer) for answer in ANSWERS]
    return None if None in numbers else numbers


def export(folder: Path) -> Path:
    """Write the graph into the folder, whole or not at all."""
    file = folder / "model.onnx"
    draft = file.with_suffix(".part")
    draft.write_bytes(qwen3_graph(folder).SerializeToString(deterministic=True))
    checker.check_model(str(draft))
    draft.replace(file)
    return file


def export_int8(folder: Path) -> Path:
    """Write the quantised graph of a folder that has its ``model.onnx``; needs memory for the model in float32."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    file = folder / "onnx" / "model_quantized.onnx"
    file.parent.mkdir(exist_ok=True)
    is_large = sum(part.stat().st_size for part in folder.glob("*.safetensors")) > _LARGE
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        _fold(folder / "model.onnx", full)
        quantize_dynamic(
            full,
            file,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            use_external_data_format=is_large,
        )
    graph = onnx.load(str(file), load_external_data=False)
    del graph.metadata_props[:]  # the note that the weights are those of the folder
    file.write_bytes(graph.SerializeToString(deterministic=True))
    return file


def _fold(file: Path, to: Path) -> None:
    """Let the runtime compute what is constant: the quantiser wants weights as they are multiplied."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(to)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{to.name}_data")
    onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("folder", type=Path, nargs="?", default=EMBEDDED_EMBEDDER)
    made.add_argument("--int8", action="store_true", help="write onnx/model_quantized.onnx too")
    return made


def main() -> None:
    """Read the folder's name and export."""
    options = parser().parse_args()
    files = [export(options.folder), *([export_int8(options.folder)] if options.int8 else [])]
    for file in files:
        size = sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))
        print(f"{file}: {size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
