"""What the remote reranker sends, and what it does when the server misbehaves: bounded retries, clear refusals."""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kefu.errors import ModelError, RemoteModelError
from kefu.models.fake_reranker import FakeReranker
from kefu.models.loader import build_reranker
from kefu.models.remote_reranker import RemoteReranker, shortened
from kefu.settings import RerankerSettings

APIS = ["jina", "tei"]
DOCUMENTS = ["a", "b", "c"]
Fault = Callable[[dict[str, Any]], tuple[int, bytes]]


def jina(body: dict[str, Any]) -> dict[str, Any]:
    scores = FakeReranker().score(body["query"], body["documents"]).tolist()
    return {"results": [{"index": at, "relevance_score": score} for at, score in enumerate(scores)][::-1]}


def tei(body: dict[str, Any]) -> list[dict[str, Any]]:
    scores = FakeReranker().score(body["query"], body["texts"]).tolist()
    return [{"index": at, "score": score} for at, score in enumerate(scores)][::-1]


@pytest.fixture
def server(serve: Callable[..., Any]) -> Any:
    """A server of both APIs with a model that needs no weights."""
    return serve({"/v1/rerank": jina, "/rerank": tei})


def client(url: str, **options: Any) -> RemoteReranker:
    return RemoteReranker(RerankerSettings(model="served", url=url, **options), clock=lambda: 0.0)


def broken(status: int, content: bytes = b"{}") -> Fault:
    return lambda _: (status, content)


def answering(api: str, items: Any) -> Fault:
    """Make a fault: a well-formed answer with the wrong items."""
    if api == "jina" and isinstance(items, list):
        items = {"results": [{**item, "relevance_score": item["score"]} for item in items]}
    return broken(200, json.dumps(items).encode())


def items(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"index": index, "score": score} for index, score in pairs]


# --- what is sent


def test_the_client_wraps_query_and_documents_as_vllms_documentation_does(server: Any) -> None:
    client(server.url).score("运费", ["包邮"], instruction="Find postage")
    assert server.requests[-1] == {
        "model": "served",
        "query": "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the "
        'Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
        "<Instruct>: Find postage\n<Query>: 运费\n",
        "documents": ["<Document>: 包邮<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"],
        "top_n": 1,
    }


def test_a_server_that_words_the_prompt_gets_plain_texts(server: Any) -> None:
    client(server.url, template="server").score("运费", ["包邮", "发票"])
    assert server.requests[-1] == {"model": "served", "query": "运费", "documents": ["包邮", "发票"], "top_n": 2}


@pytest.mark.parametrize("template", ["client", "server"])
def test_only_a_server_that_words_the_prompt_may_cut(server: Any, template: str) -> None:
    client(server.url, template=template, api="tei").score("运费", ["包邮"])
    assert set(server.requests[-1]) == {"query", "texts", "truncate"}
    assert server.requests[-1]["truncate"] is (template == "server")


@pytest.mark.parametrize(
    ("api", "given", "asked"),
    [
        ("jina", "http://shop:8000", "http://shop:8000/v1/rerank"),
        ("jina", "http://shop:8000/v1/", "http://shop:8000/v1/rerank"),
        ("jina", "http://shop:7997/rerank", "http://shop:7997/rerank"),
        ("tei", "http://shop:8080", "http://shop:8080/rerank"),
        ("tei", "http://shop:8080/models/a/rerank/", "http://shop:8080/models/a/rerank"),
    ],
)
def test_the_address_is_completed(api: str, given: str, asked: str) -> None:
    assert client(given, api=api)._server.endpoint == asked


def test_documents_go_in_batches_over_one_connection(server: Any) -> None:
    documents = [f"document {number}" for number in range(10)]
    scores = client(server.url, batch_size=4, template="server").score("document 7", documents)
    assert [len(request["documents"]) for request in server.requests[1:]] == [4, 4, 2]
    assert len(server.connections) == 1
    np.testing.assert_allclose(scores, FakeReranker().score("document 7", documents), atol=1e-6)


def test_no_documents_need_one_request_at_most(server: Any) -> None:
    reranker = client(server.url)
    reranker.warm_up()
    reranker.score("a", [])
    assert len(server.requests) == 1


def test_the_key_comes_from_the_environment(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_RERANKER_KEY", "s3cret")
    client(server.url).warm_up()
    assert server.headers[0]["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    "text", ["postage is free " * 6250, "满99元包邮 " * 12_500, "1234567890" * 10_000, "👌" * 25_000]
)
def test_long_documents_are_cut_before_they_travel_and_keep_the_prompts_end(server: Any, text: str) -> None:
    client(server.url, max_length=512).score("运费", [text])
    (sent,) = server.requests[-1]["documents"]
    assert len(sent) < 2000 and sent.endswith("</think>\n\n")


@pytest.mark.parametrize(
    "text",
    [
        "postage is free for orders above the amount " * 30,
        "满九十九元包邮，不满收六元运费。" * 60,
        "SO2026-0001 " * 99,
    ],
)
def test_what_is_left_fits_the_length_by_the_embedded_tokenizer(text: str) -> None:
    """Qwen's own vocabulary is larger, and its tokens fewer."""
    from kefu.models.checkpoint import EMBEDDED_EMBEDDER
    from kefu.models.text_tokens import TextTokenizer

    short = shortened(text, 200)
    (encoding,) = TextTokenizer(EMBEDDED_EMBEDDER).encode([short], is_closed=False)
    assert text.startswith(short) and short != text
    assert 50 <= len(encoding.ids) <= 200
    assert shortened("hello", 200) == "hello" and shortened("hello", -1) == ""


# --- what goes wrong


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (items((0, 0.1), (1, 0.2)), "gave 2 items for 3"),
        (items((0, 0.1), (1, 0.2), (1, 0.3)), "indices are not 0 to 2"),
        (items((0, 0.1), (1, 0.2), (3, 0.3)), "indices are not 0 to 2"),
        (items((0, 0.1), (1, 0.2), (-1, 0.3)), "indices are not 0 to 2"),
        (items((0, 0.1), (1, 0.2), (None, 0.3)), "indices are not 0 to 2"),
        (items((0, 0.1), (1, 0.2), ("2", 0.3)), "indices are not 0 to 2"),
        (items((0, 0.1), (1, 0.2), (2, "high")), "not numbers"),
        (items((0, 0.1), (1, 0.2), (2, [0.3])), "not numbers"),
        (items((0, 0.1), (1, 0.2), (2, None)), "not a finite number"),
        (items((0, 0.1), (1, 0.2), (2, float("nan"))), "not a finite number"),
        (items((0, 0.1), (1, -7.5), (2, 4.2)), r"one is -7\.5\. It gives logits"),
        ({"nothing": 1}, "no list of items"),
        ("nothing", "no list of items"),
        (None, "no list of items"),
    ],
)
def test_what_is_no_scores_is_refused(server: Any, api: str, given: Any, complaint: str) -> None:
    reranker = client(server.url, api=api)
    reranker.warm_up()
    server.faults.append(answering(api, given))
    with pytest.raises(RemoteModelError, match=complaint):
        reranker.score("a", DOCUMENTS)


def test_rounding_is_forgiven(server: Any) -> None:
    reranker = client(server.url, api="tei")
    reranker.warm_up()
    server.faults.append(answering("tei", items((0, 1.00001), (1, -0.00001), (2, 0.5))))
    np.testing.assert_array_equal(reranker.score("a", DOCUMENTS), np.array([1, 0, 0.5], np.float32))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_tried_again(server: Any, status: int) -> None:
    reranker = client(server.url)
    reranker.warm_up()
    server.faults.append(broken(status))
    assert reranker.score("a", DOCUMENTS).shape == (3,)


def test_retries_are_bounded_whatever_the_server_wants_to_be_waited_for(server: Any) -> None:
    """Its answers say to come back in a minute; a customer is waiting."""
    reranker = client(server.url, retries=1)
    reranker.warm_up()
    before = len(server.requests)
    server.faults.extend([broken(429)] * 5)
    started = time.monotonic()
    with pytest.raises(RemoteModelError, match="answered 429"):
        reranker.score("a", DOCUMENTS)
    assert len(server.requests) - before == 2
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (broken(500), "answered 500"),
        (broken(401), "answered 401"),
        (broken(413), "answered 413"),
        (broken(200, b"<html>"), "not JSON"),
    ],
)
def test_a_server_that_refuses_is_not_away(server: Any, fault: Fault, complaint: str) -> None:
    reranker = client(server.url, retries=0)
    reranker.warm_up()
    server.faults.append(fault)
    with pytest.raises(RemoteModelError, match=complaint):
        reranker.score("a", DOCUMENTS)
    assert reranker.score("a", DOCUMENTS).shape == (3,)


def test_the_next_caller_does_not_wait_for_a_server_that_is_away(server: Any) -> None:
    reranker = client(server.url, retries=0)
    reranker.warm_up()
    server.faults.append(broken(503))
    with pytest.raises(RemoteModelError, match="answered 503"):
        reranker.score("a", DOCUMENTS)
    before = len(server.requests)
    with pytest.raises(RemoteModelError, match="did not answer a moment ago"):
        reranker.score("a", DOCUMENTS)
    assert len(server.requests) == before


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(RemoteModelError, match=r"within 0\.1 s .*1 retries"):
            client(url, timeout=0.1, retries=1).score("a", DOCUMENTS)


def test_nobody_listening_is_said_plainly() -> None:
    with pytest.raises(RemoteModelError, match="Is the server running"):
        client("http://127.0.0.1:9", retries=0, timeout=2.0).warm_up()


def test_a_wrong_address_fails_at_the_start(server: Any) -> None:
    with pytest.raises(RemoteModelError, match="answered 404"):
        client(f"{server.url}/v2/rerank").warm_up()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"model": "off"}, "`model` is off"),
        ({"template": "server", "instruction": "Find it"}, "Remove one of them"),
        ({"template": "nobody"}, "must be one of client, server"),
        ({"api": "cohere"}, "must be one of jina, tei"),
        ({"batch_size": 0}, "must be 1 or more"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        build_reranker(RerankerSettings(**{"model": "served", "url": "http://shop:8000", **options}))
