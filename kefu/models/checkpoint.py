"""Where a model's files are, and what tells one model from another."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kefu.errors import ModelError
from kefu.settings import EMBEDDED

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"
EMBEDDED_EMBEDDER = CHECKPOINTS / "embedder"
_WANTED_FILES = ["*.json", "*.safetensors", "*.txt", "*/config.json"]
_SAMPLE = 1 << 20  # bytes hashed at either end of a large file


_EXAMPLES = {
    "embedder": "Qwen/Qwen3-Embedding-0.6B",
    "reranker": "Qwen/Qwen3-Reranker-0.6B",
    "generator": "Qwen/Qwen3-8B",
}


def locate(model: str, role: str = "embedder", *, also: Sequence[str] = ()) -> Path:
    """Find a model's folder: the embedded one, a local folder, or one from the hub's cache (downloaded if need be).

    :param role: what the model is for: ``embedder``, ``reranker`` or ``generator``.
    :param also: patterns of files that are wanted from the hub beside weights, tokenizer and configuration.

    :raises ModelError: if it is none of them, with what to do.
    """
    if model == EMBEDDED:
        folder = CHECKPOINTS / role
    elif Path(model).is_dir():
        folder = Path(model)
    elif model.count("/") == 1 and not model.startswith((".", "/", "~")):
        folder = _from_hub(model, also)
    else:
        raise ModelError(
            f"No model at {model!r}: give `embedded`, a folder in the published layout, or a hub name such as "
            f"{_EXAMPLES[role]}."
        )
    if model == EMBEDDED and not folder.is_dir():
        raise ModelError(
            f"This version of Kefu brings no {role}: name a model such as {_EXAMPLES[role]}, or a folder."
        )
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} is not a model folder: it has no config.json.")
    return folder


def _from_hub(name: str, also: Sequence[str]) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=[*_WANTED_FILES, *also]))
    except Exception as error:  # the hub client raises a dozen unrelated kinds
        raise ModelError(
            f"Cannot get the model {name!r} from the hub ({type(error).__name__}). Check the name and the network, or "
            "download it elsewhere and give its folder."
        ) from error


def fingerprint(folder: Path, *, also: Sequence[Path] = ()) -> str:
    """Hash a model's weights, tokenizer and configuration (large files by size and both ends) to 16 hex digits.

    :param also: further files below the folder that count.
    """
    digest = hashlib.sha256()
    files = sorted({path for path in folder.rglob("*") if path.suffix in {".json", ".safetensors"}} | set(also))
    for path in files:
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}:{size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            if size > _SAMPLE:
                file.seek(max(_SAMPLE, size - _SAMPLE))
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:16]


def own_prompts(folder: Path) -> dict[str, str]:
    """Read the prompts that a checkpoint declares for its tasks; Qwen's generic ``query`` prompt does not count."""
    file = folder / "config_sentence_transformers.json"
    if not file.is_file():
        return {}
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {name: text for name, text in (content.get("prompts") or {}).items() if name != "query"}
