"""Reads where each tensor lies in safetensors files.

Source of the format: the safetensors specification (eight bytes of length, a JSON header, the tensors' bytes).
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stored:
    """One tensor's place: ``offset`` and ``length`` are bytes, counted from the beginning of ``file``."""

    file: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    length: int


def stored_tensors(folder: Path) -> dict[str, Stored]:
    """Give all tensors of a folder's safetensors files by name.

    :raises ValueError: if there are none.
    """
    found: dict[str, Stored] = {}
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as content:
            size = int.from_bytes(content.read(8), "little")
            header = json.loads(content.read(size))
        for name, facts in header.items():
            if name == "__metadata__":
                continue
            start, end = facts["data_offsets"]
            found[name] = Stored(file.name, facts["dtype"], tuple(facts["shape"]), 8 + size + start, end - start)
    if not found:
        raise ValueError(f"{folder} holds no safetensors file.")
    return found
