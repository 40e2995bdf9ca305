"""infinity, a server of another project, for as long as a check takes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from environments import python_of
from servers import free_port, running, versions_of

_PACKAGES = ("infinity-emb", "sentence-transformers", "transformers", "torch")


@contextlib.contextmanager
def serving(**folders: Path) -> Iterator[str]:
    """Serve models' folders, each under its name, on a loopback port of its own; gives the URL that ends in ``/v1``.

    :raises EnvironmentMissing: if infinity cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    program = python_of("infinity").parent / "infinity_emb"
    port = free_port()
    command = [str(program), "v2"]
    for name, folder in folders.items():
        command += ["--model-id", str(folder), "--served-model-name", name]
    command += ["--engine", "torch", "--device", "cpu", "--dtype", "float32", "--no-bettertransformer"]
    # Its paths are /embeddings and /rerank by themselves; OpenAI's and Cohere's begin with /v1.
    command += ["--host", "127.0.0.1", "--port", str(port), "--url-prefix", "/v1", "--no-model-warmup"]
    with running(f"infinity-{'-'.join(folders)}", command, port) as url:
        yield f"{url}/v1"


def versions() -> dict[str, str]:
    """Give the versions that matter in the server's environment."""
    return versions_of("infinity", _PACKAGES)
