"""What the remote embedder does when the server misbehaves: a bounded retry, then a clear refusal."""

import json
from collections.abc import Callable
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


def client(url: str, **options: Any) -> RemoteEmbedder:
    return RemoteEmbedder(EmbeddingSettings(model="served", url=url, **options))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda data: data[:-1], "gave 2 vectors for 3"),
        (lambda data: [*data[:-1], data[0]], "indices are not 0 to 2"),
        (lambda data: [{**item, "embedding": [0.1] * (2 + item["index"])} for item in data], "differ in length"),
        (lambda data: [{**item, "embedding": [float("nan")] * 3} for item in data], "not finite"),
        (lambda data: [{**item, "embedding": "abc"} for item in data], "not numbers"),
        (lambda data: [{**item, "embedding": []} for item in data], "shape"),
        (lambda data: [{**item, "embedding": [0.1] * 7} for item in data], "changed its dimension from 64 to 7"),
        (lambda data: "nothing", "no list `data`"),
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
