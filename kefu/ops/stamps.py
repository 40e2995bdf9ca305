"""Whether something must be built again: a digest of its inputs, kept in a file beside what was built."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kefu.models.loader import FAKE, chosen_engine, model_fingerprint
from kefu.settings import EMBEDDED, EmbeddingSettings

# The options that vectors depend on, beside the weights; with others the same model is only faster or slower.
_OF_VECTORS = ("model", "url", "onnx_file", "dimension", "device", "dtype", "max_length")


@dataclass(frozen=True)
class Stamp:
    """What was built (``product``, a file's name) from inputs with this digest."""

    digest: str
    product: str


def digest_of(files: Iterable[Path], facts: Iterable[str], root: Path) -> str:
    """Hash the files' contents with their paths below ``root``, and facts such as versions, to 64 hex digits.

    The order of the files does not matter, so that it is the same on every file system.
    """
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for file in sorted(set(files)):
        digest.update(f"{os.path.relpath(file, root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def embedding_facts(settings: EmbeddingSettings, also: Iterable[str] = ()) -> list[str]:
    """Say which embedding model counts, without loading it; ``also`` names further ones.

    A server's weights are out of sight, and a hub name is not looked up: where those change under one name, only
    loading the model tells.
    """
    facts = [json.dumps({name: getattr(settings, name) for name in _OF_VECTORS}, sort_keys=True)]
    if settings.url:
        return facts
    for model in sorted({settings.model, *also}):
        own = settings if model == settings.model else replace(settings, model=model, onnx_file=None)
        if model == FAKE:
            facts.append(model)
        elif model == EMBEDDED or Path(model).is_dir():
            facts.append(f"{model}={model_fingerprint(own)}")
        else:
            facts.append(f"{model}, {chosen_engine(own)}")
    return facts


def read_stamp(file: Path) -> Stamp | None:
    """Read a stamp; None where there is none, or where it cannot be read and so proves nothing."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Stamp(digest=str(content["digest"]), product=str(content["product"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write a stamp whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(stamp), indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
