"""Fixtures that tests of more than one kind use."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kefu.models.fake_embedder import FakeEmbedder

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@dataclass
class EmbeddingServer:
    """A real HTTP server that speaks ``/v1/embeddings``; a test may put faulty answers before the right ones."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    faults: list[Answer] = field(default_factory=list)


def right_answer(body: dict[str, Any]) -> dict[str, Any]:
    """Give what a faultless server answers, in reversed order: the index says which is which."""
    rows = FakeEmbedder().embed(body["input"])
    data = [{"object": "embedding", "index": at, "embedding": row.tolist()} for at, row in enumerate(rows)]
    return {"object": "list", "model": body["model"], "data": data[::-1]}


@pytest.fixture
def embedding_server() -> Iterator[EmbeddingServer]:
    """Run the server on a free port of the loopback interface for one test."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            record.requests.append(body)
            record.headers.append(dict(self.headers))
            record.connections.add(self.client_address)
            if self.path != "/v1/embeddings":
                status, content = 404, b"{}"
            elif record.faults:
                status, content = record.faults.pop(0)(body)
            else:
                status, content = 200, json.dumps(right_answer(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    record = EmbeddingServer(url=f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield record
    server.shutdown()
    server.server_close()
    thread.join()
