"""What the folder of an embedder says about itself, and a copy of it that says something else."""

import json
import shutil
from pathlib import Path
from typing import Any

from kefu.models.prompts import FAQ, INSTRUCTIONS, query_prefix

PROMPTS_FILE = "config_sentence_transformers.json"


def prompts_of(folder: Path) -> dict[str, str]:
    """Read all prompts that the checkpoint declares, by name."""
    return dict(_read(folder / PROMPTS_FILE).get("prompts") or {})


def width_of(folder: Path) -> int:
    """Give the length of its vectors."""
    return int(_read(folder / "config.json")["hidden_size"])


def longest(folder: Path) -> int:
    """Give how many tokens other tools read of a text: the smaller of the tokenizer's and the model's limits."""
    positions = int(_read(folder / "config.json")["max_position_embeddings"])
    return min(positions, int(_read(folder / "tokenizer_config.json").get("model_max_length") or positions))


def says_what_a_client_sends(folder: Path) -> bool:
    """Say whether its prompts are those that Kefu sends to a server, which never sees the checkpoint's own."""
    own = prompts_of(folder)
    return not own.get("document") and all(
        own.get(task, query_prefix(task, {})) == query_prefix(task, {}) for task in INSTRUCTIONS
    )


def instructed_copy(folder: Path, target: Path) -> Path:
    """Copy a checkpoint and let it declare the instructions of :mod:`kefu.models.prompts`."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    tasks = {task: query_prefix(task, {}) for task in INSTRUCTIONS}
    content = {**_read(folder / PROMPTS_FILE), "prompts": {"query": tasks[FAQ], "document": "", **tasks}}
    (target / PROMPTS_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return target


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
