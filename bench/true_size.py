"""The true shape of Qwen3-Embedding-0.6B, with random weights, through `embedding: {model: DIR}`.

    python bench/true_size.py [--folder DIR] [--json FILE]

Real weights cannot be measured where there is no model hub; what can be is that a folder of that shape loads by the
one line of `endpoints.yml`, gives vectors of the right form, and what a query costs here in time and memory: in
transformers and in ONNX Runtime, whose graph over the same files `training/export_onnx.py` writes (and one of eight
bits, which takes it a few minutes), beside the embedded model.
Nothing is said about accuracy: the weights are random, the tokenizer is that of the embedded model.
"""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from machine import machine

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer
from kefu.text import normalise

# config.json of Qwen/Qwen3-Embedding-0.6B on Hugging Face, as far as it decides shape and computation.
SHAPE = {
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151669,
    "max_position_embeddings": 32768,
    "rope_theta": 1000000,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True,
}
# endpoints.yml's options of each side.
SIDES: dict[str, dict[str, str]] = {
    "transformers, float32": {"engine": "transformers", "dtype": "float32"},
    "transformers, bfloat16": {"engine": "transformers", "dtype": "bfloat16"},
    "ONNX Runtime, float32": {"engine": "onnx"},
    "ONNX Runtime, int8": {"engine": "onnx", "onnx_file": "onnx/model_quantized.onnx"},
}
EMBEDDED_SIDE = "the embedded model"
MESSAGE = "我上周买的耳机左边没声音了，可以退货吗？运费谁出？已经拆封了，配件都在，发票也还留着，请问怎么寄回去？"
TOKENS = 20  # of the query
REPEATS = 10
PACKAGES = ("torch", "transformers", "onnxruntime", "tokenizers")


def make_folder(folder: Path) -> None:
    """Save a model of the true shape with random weights in bf16, the embedded model's tokenizer, and the exports."""
    import torch
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(20261121)
    with torch.inference_mode():
        model = Qwen3Model(Qwen3Config(**SHAPE)).to(torch.bfloat16)
    model.save_pretrained(folder)
    for file in EMBEDDED_EMBEDDER.iterdir():
        if file.suffix == ".json" and file.name != "config.json":
            shutil.copy2(file, folder / file.name)
    script = Path(__file__).parents[1] / "training" / "export_onnx.py"
    subprocess.run([sys.executable, str(script), str(folder), "--int8"], check=True, capture_output=True)


def query_of(tokens: int, tokenizer: TextTokenizer) -> str:
    """Cut a customer's message, as models read it, to so many tokens; the one that closes a text is not counted."""
    cuts = (MESSAGE[:end] for end in range(len(MESSAGE), 0, -1))
    read = (normalise(cut) for cut in cuts)
    return next(text for text in read if len(tokenizer.encode([text], is_closed=False)[0].ids) == tokens)


def measure(side: str, folder: Path) -> dict[str, object]:
    """Load a model as Kefu does, in this process, and time one query and a batch of 16."""
    import numpy as np
    import psutil

    from kefu.models import build_embedder
    from kefu.models.prompts import query_prefix
    from kefu.settings import EmbeddingSettings

    options = {} if side == EMBEDDED_SIDE else {"model": str(folder), **SIDES[side]}
    began = time.perf_counter()
    embedder = build_embedder(EmbeddingSettings(cache_size=0, **options))  # type: ignore[arg-type]
    embedder.warm_up()
    loaded = time.perf_counter() - began
    tokenizer = TextTokenizer(folder)
    query = query_of(TOKENS, tokenizer)
    queries = [f"{number}{query}" for number in range(16)]
    vectors = embedder.embed(queries, task="intent")
    assert vectors.shape == (16, embedder.identity().dim), vectors.shape
    assert np.isfinite(vectors).all() and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    one = sorted(_timed(lambda: embedder.embed([query], task="intent")) for _ in range(REPEATS))
    return {
        "side": side,
        "query_tokens": len(tokenizer.encode([query], is_closed=False)[0].ids),
        "read_tokens": len(tokenizer.encode([query_prefix("intent", embedder.prompts) + query])[0].ids),
        "dimension": vectors.shape[1],
        "load_s": loaded,
        "query_ms_p50": one[REPEATS // 2] * 1000,
        "batch16_ms": _timed(lambda: embedder.embed(queries, task="intent")) * 1000,
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
    }


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


@click.command()
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here too.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the model here, or take it.")
@click.option("--side", hidden=True, nargs=2)
def main(file: Path | None, folder: Path | None, side: tuple[str, str] | None) -> None:
    """Measure a model of the true 0.6B shape by each engine and number type, each in a process of its own."""
    if side:
        click.echo(json.dumps(measure(side[0], Path(side[1]))))
        return
    with contextlib.nullcontext(folder) if folder else tempfile.TemporaryDirectory() as given:
        made = Path(given)
        if not (made / SIDES["ONNX Runtime, int8"]["onnx_file"]).exists():
            make_folder(made)
        found = machine(PACKAGES) | {"rows": [_in_own_process(name, str(made)) for name in (*SIDES, EMBEDDED_SIDE)]}
    show(found)
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def show(found: Mapping[str, Any]) -> None:
    """Print the figures as a table."""
    rows = found["rows"]
    click.echo(
        f"Qwen3-Embedding-0.6B's shape, random weights; {found['machine']}, Python {found['python']}; "
        f"a query of {rows[0]['query_tokens']} tokens, {rows[0]['read_tokens']} with instruction and closing token"
    )
    click.echo(f"{'':<24} {'dim':>5} {'load s':>7} {'query ms p50':>13} {'batch of 16 ms':>15} {'memory MB':>10}")
    for row in rows:
        click.echo(
            f"{row['side']:<24} {row['dimension']:>5} {row['load_s']:>7.1f} {row['query_ms_p50']:>13.1f} "
            f"{row['batch16_ms']:>15.0f} {row['memory_mb']:>10.0f}"
        )


def _in_own_process(side: str, folder: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
