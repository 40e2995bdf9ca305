"""infinity serves the embedder: does Kefu's client get the vectors that Kefu computes itself?"""

import sys
from dataclasses import replace
from pathlib import Path

import infinity
from checkpoint import instructed_copy, longest, says_what_a_client_sends
from environments import WORK
from findings import Finding, cosines
from loaded_embedder import embed
from texts import LONG, SHORT

from kefu.models.loader import build_embedder
from kefu.models.prompts import INSTRUCTIONS
from kefu.settings import EmbeddingSettings

_NAME = "embedder"
_TIMEOUT = 120.0  # seconds; a batch of long texts on a busy machine
_SHORTER = 64


def check_served(folder: Path) -> tuple[list[Finding], dict[str, str]]:
    """Compare all texts, as documents and with each of Kefu's instructions, in batches and one by one.

    A client does not see the checkpoint and sends the instructions of :mod:`kefu.models.prompts`; a checkpoint that
    declares others is compared as if it declared these.

    :raises EnvironmentMissing: if infinity cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    if not says_what_a_client_sends(folder):
        print(f"{folder.name}: its prompts are not those of a remote client; a copy takes them", file=sys.stderr)
        folder = instructed_copy(folder, WORK / "instructed")
    limit = longest(folder)
    own = EmbeddingSettings(model=str(folder), engine="onnx", threads=1, max_length=limit, cache_size=0)
    found = []
    print("infinity: starting", file=sys.stderr, flush=True)
    with infinity.serving(**{_NAME: folder}) as url:
        for task in (None, *INSTRUCTIONS):
            print(f"infinity: {task or 'document'}", file=sys.stderr, flush=True)
            found += [
                _compare(own, url, task, SHORT),
                _compare(own, url, task, SHORT, one_by_one=True),
                _compare(own, url, task, LONG),
                _compare(replace(own, dimension=_SHORTER), url, task, SHORT),
            ]
    return found, infinity.versions()


def _compare(
    own: EmbeddingSettings, url: str, task: str | None, texts: list[str], *, one_by_one: bool = False
) -> Finding:
    remote = EmbeddingSettings(url=url, model=_NAME, dimension=own.dimension, timeout=_TIMEOUT, cache_size=0)
    ours = embed(build_embedder(own), texts, task, one_by_one=False)
    theirs = embed(build_embedder(remote), texts, task, one_by_one=one_by_one)
    how = f"{', one by one' if one_by_one else ''}{', long' if texts is LONG else ''}"
    return cosines(
        f"RemoteEmbedder, {task or 'document'}, {own.dimension or 'full'}{how}", own.engine, texts, ours, theirs
    )
