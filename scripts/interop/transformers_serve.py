"""`transformers serve`, a chat server of another project, for as long as a check takes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from environments import python_of
from servers import free_port, running, versions_of

_TOOL = "transformers-serve"
_PACKAGES = ("transformers", "fastapi", "torch")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a chat model, whose name is its folder's path, on a loopback port; gives the URL that ends in ``/v1``.

    :raises EnvironmentMissing: if transformers cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    port = free_port()
    program = python_of(_TOOL).parent / "transformers"
    options = ["--device", "cpu", "--dtype", "float32", "--host", "127.0.0.1", "--port", str(port)]
    with running(_TOOL, [str(program), "serve", *options, str(folder)], port) as url:
        yield f"{url}/v1"


def versions() -> dict[str, str]:
    """Give the versions that matter in the server's environment."""
    return versions_of(_TOOL, _PACKAGES)
