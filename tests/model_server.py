"""A real HTTP server in the place of one that runs a model."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    """What was asked of a server, and by whom; a test may put faulty answers before the right ones.

    What a fault is, its handler says.
    """

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    faults: list[Any] = field(default_factory=list)


class RecordingHandler(BaseHTTPRequestHandler):
    """Keeps what is posted in ``record``, which :func:`listening` sets."""

    protocol_version = "HTTP/1.1"
    record: ModelServer

    def keep(self, body: dict[str, Any]) -> None:
        """Note a request."""
        self.record.requests.append(body)
        self.record.headers.append(dict(self.headers))
        self.record.connections.add(self.client_address)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def listening(handler: type[RecordingHandler], path: str = "") -> Iterator[ModelServer]:
    """Run a server on a free port of the loopback interface; its record has ``path`` in the address."""
    own = type("Handler", (handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    own.record = ModelServer(f"http://127.0.0.1:{server.server_port}{path}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield own.record  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()
