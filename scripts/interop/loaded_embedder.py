"""sentence-transformers loads the embedder's folder: are its vectors those of both of Kefu's engines?"""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from checkpoint import longest, prompts_of, width_of
from environments import python_of, quiet_environment
from findings import Finding, cosines
from texts import LONG, SHORT, as_embedded

from kefu.models.base import BatchedEmbedder
from kefu.models.loader import build_embedder
from kefu.models.prompts import INSTRUCTIONS, query_prefix
from kefu.settings import EmbeddingSettings

_SHORTER = (64, 128)
_ENGINES = ("onnx", "transformers")


@dataclass(frozen=True)
class _Encoding:
    """One way to embed texts: as documents, or with a prompt (by the name that the tool knows, or as text)."""

    label: str
    task: str | None
    options: tuple[tuple[str, str], ...]  # of SentenceTransformer.encode
    dimension: int | None = None
    one_by_one: bool = False
    is_long: bool = False  # slow, and apart: in one batch they would pad the others to two thousand tokens

    @property
    def texts(self) -> list[str]:
        return LONG if self.is_long else SHORT

    @property
    def key(self) -> str:
        how = "single against batch" if self.one_by_one else "batch against single"
        return f"{self.label}, {self.dimension or 'full'}, {'long' if self.is_long else how}"

    def request(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "one_by_one": self.one_by_one,
            "texts": [as_embedded(text) for text in self.texts],
            "truncate_dim": self.dimension,
            **dict(self.options),
        }


def check_loaded(folder: Path) -> tuple[list[Finding], dict[str, str]]:
    """Compare all texts, as documents and with each prompt, in each dimension, in batches and one by one.

    :raises EnvironmentMissing: if sentence-transformers cannot be installed.
    :raises subprocess.CalledProcessError: if it cannot load the folder.
    """
    encodings = list(_encodings(folder))
    theirs, versions = _their_vectors(folder, encodings, dtype="float32")
    found = []
    for engine in _ENGINES:
        for encoding in encodings:
            ours = _our_vectors(folder, engine, encoding)
            found.append(cosines(encoding.key, engine, encoding.texts, ours, theirs[encoding.key]))
    # Published weights may be stored in sixteen bits, and newer transformers compute in what is stored.
    plain = encodings[0]
    as_it_comes, loaded = _their_vectors(folder, [plain], dtype=None)
    label = f"document, full, {loaded['loaded as'].removeprefix('torch.')} by itself"
    found.append(cosines(label, "float32", plain.texts, theirs[plain.key], as_it_comes[plain.key]))
    versions.pop("loaded as")
    return found, versions


def _encodings(folder: Path) -> Iterator[_Encoding]:
    own = prompts_of(folder)
    ways: list[tuple[str, str | None, tuple[tuple[str, str], ...]]] = [("document", None, ())]
    ways += [(f"prompt_name={name}", name, (("prompt_name", name),)) for name in own]
    ways += [
        (f"prompt of {task}", task, (("prompt", query_prefix(task, own)),)) for task in INSTRUCTIONS if task not in own
    ]
    for label, task, options in ways:
        yield _Encoding(label, task, options)
        yield _Encoding(label, task, options, one_by_one=True)
        yield _Encoding(label, task, options, one_by_one=True, is_long=True)
        for dimension in _SHORTER:
            if dimension < width_of(folder):
                yield _Encoding(label, task, options, dimension)


def _our_vectors(folder: Path, engine: str, encoding: _Encoding) -> np.ndarray:
    settings = EmbeddingSettings(
        model=str(folder),
        engine=engine,
        dimension=encoding.dimension,
        dtype="float32",
        device="cpu",
        threads=1,
        max_length=longest(folder),
        cache_size=0,  # one by one must be computed one by one
    )
    embedder = build_embedder(settings)
    embedder.warm_up()
    # Kefu asks for its own tasks, never for the published `query`; here that name means what the folder says.
    embedder.prompts = prompts_of(folder)
    # The other way than theirs, so that batch and single are compared too.
    return embed(embedder, encoding.texts, encoding.task, one_by_one=not encoding.one_by_one)


def embed(embedder: BatchedEmbedder, texts: list[str], task: str | None, *, one_by_one: bool) -> np.ndarray:
    """Embed texts as ``float32[n, dim]``, in one call or in one for each."""
    if one_by_one:
        return np.concatenate([embedder.embed([text], task=task) for text in texts])
    return embedder.embed(texts, task=task)


def _their_vectors(
    folder: Path, encodings: list[_Encoding], *, dtype: str | None
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    request = {
        "folder": str(folder),
        "encodings": [encoding.request() for encoding in encodings],
        "dtype": dtype,
    }
    program = Path(__file__).with_name("in_sentence_transformers.py")
    with tempfile.TemporaryDirectory() as place:
        asked, answered = Path(place) / "request.json", Path(place) / "vectors.npz"
        asked.write_text(json.dumps(request), encoding="utf-8")
        command = [str(python_of("sentence-transformers")), str(program), str(asked), str(answered)]
        done = subprocess.run(command, env=quiet_environment(), stdout=subprocess.PIPE, text=True, check=True)
        with np.load(answered) as rows:
            return dict(rows), json.loads(done.stdout.splitlines()[-1])
