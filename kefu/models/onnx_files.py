"""Which ONNX export a model's folder holds, and whether it belongs to the weights beside it. Nothing is loaded here.

There are two kinds. One that ``training/export_onnx.py`` wrote is a graph of a few kilobytes that reads its weights
out of the folder's safetensors files; its vectors are those of every other engine. One published by others
(``onnx/model.onnx``, ``onnx/model_quantized.onnx`` …) brings weights of its own, perhaps of eight bits: it is another
model, and says so by its fingerprint.
"""

import hashlib
from pathlib import Path

from kefu.errors import ModelError
from kefu.models.checkpoint import fingerprint

LAYOUT_NOTE = "kefu.layout"
"""Key of the graph's metadata under which :func:`layout_digest` stands."""
PLACES = ("model.onnx", "onnx/model.onnx")
_LARGEST_GRAPH = 8 << 20  # bytes; more is no graph without weights
_LONGEST_HEADER = 100 << 20  # bytes, as the format of safetensors limits it


def wanted_files(wanted: str | None) -> list[str]:
    """Give patterns of the files to get from the hub for an export, weights beside it included."""
    return [f"{place}*" for place in ([wanted] if wanted else PLACES)]


def find_export(folder: Path, wanted: str | None) -> Path | None:
    """Give the file named by ``wanted`` (a path below the folder), or the first of :data:`PLACES` that is there.

    :raises ModelError: if the file that was asked for is not there.
    """
    if wanted is None:
        return next((folder / place for place in PLACES if (folder / place).is_file()), None)
    file = folder / wanted
    if file.is_file():
        return file
    there = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.onnx"))
    raise ModelError(f"`onnx_file` is {wanted!r}, but {folder} has {', '.join(there) or 'no ONNX file'}.")


def require_export(folder: Path, wanted: str | None) -> Path:
    """Give what :func:`find_export` finds.

    :raises ModelError: if it finds none, with what to do.
    """
    file = find_export(folder, wanted)
    if file is None:
        raise ModelError(
            f"{folder} has no ONNX export ({' or '.join(PLACES)}). Make one with training/export_onnx.py of Kefu's "
            "repository, or set `engine: transformers`."
        )
    return file


def layout_digest(folder: Path) -> str:
    """Hash what a graph over a folder's safetensors files depends on: their names and headers, and the configuration.

    Other numbers in the same places give the same digest, and the same graph is right for them.
    """
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as content:
            length = content.read(8)
            header = content.read(min(int.from_bytes(length, "little"), _LONGEST_HEADER))
        digest.update(f"{file.name}:{len(header)}".encode())
        digest.update(header)
    return digest.hexdigest()


def shares_weights(file: Path, folder: Path) -> bool:
    """Say whether a graph reads its weights out of the folder's safetensors files.

    :raises ModelError: if it was made to, but for weights of another layout: it would read them at the wrong places.
    """
    if file.stat().st_size > _LARGEST_GRAPH:
        return False
    content = file.read_bytes()
    if LAYOUT_NOTE.encode() not in content:
        return False
    if layout_digest(folder).encode() not in content:
        raise ModelError(
            f"{file} was exported for other weights or another configuration than those in {folder}. Export it anew: "
            f"python training/export_onnx.py {folder}; or set `engine: transformers`."
        )
    return True


def export_fingerprint(folder: Path, file: Path) -> str:
    """Give the fingerprint of the model that a graph computes: the folder's own where it shares the weights."""
    if shares_weights(file, folder):
        return fingerprint(folder)
    return fingerprint(folder, also=sorted(file.parent.glob(f"{file.name}*")))
