"""What the remote embedder does when the server misbehaves: a bounded retry, then a clear refusal."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from kefu.errors import RemoteModelError
from kefu.models.remote_embedder import RemoteEmbedder
from kefu.settings import EmbeddingSettings


def answering(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    """Make a fault: the right list of vectors, changed."""

    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        data = [{"index": at, "embedding": [1.0, float(at), 2.0]} for at in range(len(body["input"]))]
        return 200, json.dumps({"data": change(data)}).encode()

    return answer


def broken(status: int, content: bytes = b"{}") -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    return lambda _: (status, content)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def client(url: str, clock: Clock | None = None, **options: Any) -> RemoteEmbedder:
    return RemoteEmbedder(EmbeddingSettings(model="served", url=url, **options), clock=clock or Clock())


class SilentServer:
    """Takes connections and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self.taken: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self.taken.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.taken:
            connection.close()


@pytest.fixture
def silent_server() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


@contextmanager
def gone(embedding_server: Any) -> Iterator[None]:
    """Let the server answer that it cannot, for as long as the block lasts."""
    embedding_server.faults.extend([broken(503)] * 100)
    yield
    embedding_server.faults.clear()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda data: data[:-1], "gave 2 items for 3"),
        (lambda data: [*data[:-1], data[0]], "indices are not 0 to 2"),
        (lambda data: [{**item, "embedding": [0.1] * (2 + item["index"])} for item in data], "differ in length"),
        (lambda data: [{**item, "embedding": [float("nan")] * 3} for item in data], "not finite"),
        (lambda data: [{**item, "embedding": "abc"} for item in data], "not numbers"),
        (lambda data: [{**item, "embedding": []} for item in data], "shape"),
        (lambda data: [{**item, "embedding": [0.1] * 7} for item in data], "changed its dimension from 64 to 7"),
        (lambda data: "nothing", "no list of items with `embedding`"),
    ],
)
def test_what_is_not_vectors_is_refused(embedding_server: Any, change: Any, complaint: str) -> None:
    embedder = client(embedding_server.url)
    embedder.warm_up()
    embedding_server.faults.append(answering(change))
    with pytest.raises(RemoteModelError, match=complaint):
        embedder.embed(["a", "b", "c"])


def test_indices_decide_the_order(embedding_server: Any) -> None:
    embedder = client(embedding_server.url)
    together = embedder.embed(["a", "bb", "ccc"])
    for row, text in zip(together, ["a", "bb", "ccc"], strict=True):
        np.testing.assert_allclose(client(embedding_server.url).embed([text])[0], row, atol=1e-6)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_tried_again(embedding_server: Any, status: int) -> None:
    embedder = client(embedding_server.url)
    embedder.warm_up()
    embedding_server.faults.append(broken(status))
    assert embedder.embed(["a"]).shape == (1, 64)


def test_retries_are_bounded(embedding_server: Any) -> None:
    embedder = client(embedding_server.url, retries=1)
    embedder.warm_up()
    before = len(embedding_server.requests)
    embedding_server.faults.extend([broken(503)] * 5)
    with pytest.raises(RemoteModelError, match="answered 503"):
        embedder.embed(["a"])
    assert len(embedding_server.requests) - before == 2


def test_a_refusal_is_not_tried_again(embedding_server: Any) -> None:
    embedder = client(embedding_server.url)
    embedder.warm_up()
    before = len(embedding_server.requests)
    embedding_server.faults.append(broken(401))
    with pytest.raises(RemoteModelError, match="answered 401"):
        embedder.embed(["a"])
    assert len(embedding_server.requests) - before == 1


def test_not_json_is_refused(embedding_server: Any) -> None:
    embedder = client(embedding_server.url)
    embedder.warm_up()
    embedding_server.faults.append(broken(200, b"<html>"))
    with pytest.raises(RemoteModelError, match="not JSON"):
        embedder.embed(["a"])


def test_nobody_listening_is_said_plainly() -> None:
    with pytest.raises(RemoteModelError, match="Is the server running"):
        client("http://127.0.0.1:9", retries=0, timeout=2.0).warm_up()


def test_server_that_never_answers_is_given_up_after_its_tries(silent_server: SilentServer) -> None:
    embedder = client(silent_server.url, timeout=0.1, retries=2)
    with pytest.raises(RemoteModelError, match=r"within 0\.1 s .*2 retries"):
        embedder.embed(["a"])
    assert len(silent_server.taken) == 3


def test_the_next_caller_does_not_wait_for_a_server_that_is_away(silent_server: SilentServer) -> None:
    clock = Clock()
    embedder = client(silent_server.url, clock, timeout=0.1, retries=0)
    with pytest.raises(RemoteModelError, match="Is the server running"):
        embedder.embed(["a"])
    clock.now += 14
    for _ in range(3):
        with pytest.raises(RemoteModelError, match="did not answer a moment ago"):
            embedder.embed(["a"])
    assert len(silent_server.taken) == 1
    clock.now += 2
    with pytest.raises(RemoteModelError, match="Is the server running"):
        embedder.embed(["a"])
    assert len(silent_server.taken) == 2


def test_after_an_outage_one_caller_asks_once_and_the_others_go_on_when_it_answers(embedding_server: Any) -> None:
    clock = Clock()
    embedder = client(embedding_server.url, clock, retries=2)
    embedder.warm_up()
    with gone(embedding_server):
        with pytest.raises(RemoteModelError, match="answered 503"):
            embedder.embed(["a"])
        clock.now += 16
        before = len(embedding_server.requests)
        with pytest.raises(RemoteModelError, match="answered 503"):
            embedder.embed(["a"])
        assert len(embedding_server.requests) - before == 1
        with pytest.raises(RemoteModelError, match="a moment ago"):
            embedder.embed(["a"])
    clock.now += 16
    assert embedder.embed(["a"]).shape == (1, 64)
    embedding_server.faults.append(broken(503))
    assert embedder.embed(["b"]).shape == (1, 64), "a passing fault is tried again as before"


def test_while_one_asks_after_an_outage_nobody_else_does(silent_server: SilentServer) -> None:
    clock = Clock()
    embedder = client(silent_server.url, clock, timeout=0.1, retries=0)
    with pytest.raises(RemoteModelError):
        embedder.embed(["a"])
    clock.now += 16
    assert embedder._server.outage.may_ask()
    assert not embedder._server.outage.may_ask()


@pytest.mark.parametrize("fault", [broken(400), broken(401), broken(500), broken(200, b"<html>")])
def test_a_server_that_refuses_is_not_away(embedding_server: Any, fault: Any) -> None:
    embedder = client(embedding_server.url, retries=0)
    embedder.warm_up()
    embedding_server.faults.append(fault)
    with pytest.raises(RemoteModelError):
        embedder.embed(["a"])
    assert embedder.embed(["a"]).shape == (1, 64)


def test_known_texts_need_no_server(embedding_server: Any) -> None:
    embedder = client(embedding_server.url, retries=0)
    known = embedder.embed(["a"])
    with gone(embedding_server):
        with pytest.raises(RemoteModelError):
            embedder.embed(["b"])
        np.testing.assert_array_equal(embedder.embed(["a"]), known)


def test_connections_are_kept_alive_and_texts_sent_in_batches(embedding_server: Any) -> None:
    embedder = client(embedding_server.url, batch_size=4)
    embedder.embed([f"text {number}" for number in range(10)])
    assert [len(request["input"]) for request in embedding_server.requests[1:]] == [4, 4, 2]
    assert len(embedding_server.connections) == 1


def test_the_key_comes_from_the_environment(embedding_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "s3cret")
    embedder = client(embedding_server.url, api_key_env="SHOP_KEY")
    embedder.warm_up()
    assert embedding_server.headers[0]["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(embedder.settings)


def test_the_instruction_goes_before_the_query(embedding_server: Any) -> None:
    embedder = client(embedding_server.url)
    embedder.embed(["运费"], task="faq")
    embedder.embed(["运费"], task="Find the colour")
    embedder.embed(["运费"])
    sent = [request["input"][0] for request in embedding_server.requests[1:]]
    assert sent[0].startswith("Instruct: Given a customer's question") and sent[0].endswith("\nQuery:运费")
    assert sent[1] == "Instruct: Find the colour\nQuery:运费"
    assert sent[2] == "运费"
