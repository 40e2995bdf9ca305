"""infinity serves a converted reranker: are its scores those that Kefu computes itself?"""

import sys
from pathlib import Path

import infinity
import numpy as np
import requests
from classifier import (
    Pair,
    halves,
    joins,
    make_classifier,
    random_reranker,
    restores_ends,
    scores,
    whole_prompt,
    words_prompt,
)
from environments import WORK
from findings import Finding, score_gap

from kefu.models.loader import build_reranker
from kefu.settings import RerankerSettings
from kefu.text import normalise

_TOKENIZERS = {"joins": joins, "restores": restores_ends, "words": words_prompt}
_TIMEOUT = 120.0
QUERIES = ["几天可以退货", "who pays the postage?", "我的 order 到哪了"]
DOCUMENTS = [
    "您可以在签收后 7 天内无理由退货。",
    "If the goods are faulty, we pay the postage; if you changed your mind, you pay.",
    "包裹状态在「我的订单」里可以看到。",
    "请联系客服。",
    "👌",
    "The lid doesn't close & the box was open. " * 19 + "It is damaged.",
]
PAIRS: list[Pair] = [(normalise(query), normalise(document)) for query in QUERIES for document in DOCUMENTS]


def check_classifier(reranker: Path | None) -> tuple[list[Finding], dict[str, str]]:
    """Compare `/v1/rerank` with the reranker in this process, for both of the client's `template` options.

    infinity strips white space from both ends of a query and a document, so that a prompt in two halves arrives
    without the line breaks there. For `template: client` the served tokenizer puts them back; what their loss costs
    is told.

    :param reranker: its folder; None: one with random weights.
    :raises EnvironmentMissing: if infinity cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    folder = reranker or random_reranker(WORK / "reranker")
    folders = {
        name: make_classifier(folder, WORK / f"classifier-{name}", change) for name, change in _TOKENIZERS.items()
    }
    print("infinity: starting", file=sys.stderr, flush=True)
    with infinity.serving(**folders) as url:
        bare = _served(url, "joins", PAIRS)
        stripped = _served(url, "joins", [halves(pair) for pair in PAIRS])
        by_client = _through_kefu(url=url, model="restores", template="client")
        by_server = _through_kefu(url=url, model="words", template="server")
    ours = _through_kefu(model=str(folder), engine="transformers", device="cpu", dtype="float32")
    whole = scores(folders["joins"], [whole_prompt(pair) for pair in PAIRS])
    labels = [document for _, document in PAIRS]
    itself = "the reranker in process"
    found = [
        score_gap("converted, the whole prompt", itself, labels, ours, whole),
        score_gap("a pair, as it is", "the two, joined", labels, scores(folders["joins"], PAIRS), bare),
        score_gap("a pair, without a prompt", itself, labels, ours, bare, judged=False),
        score_gap("prompt in two halves, ends stripped", itself, labels, ours, stripped, judged=False),
        score_gap("RemoteReranker, template: client, ends put back", itself, labels, ours, by_client),
        score_gap("RemoteReranker, template: server", itself, labels, ours, by_server),
    ]
    return found, infinity.versions()


def _through_kefu(**options: str) -> np.ndarray:
    """Score the pairs ``float32[n]``, all documents of a query in one call, as the product does."""
    reranker = build_reranker(RerankerSettings(timeout=_TIMEOUT, **options))  # type: ignore[arg-type]
    assert reranker is not None
    return np.concatenate([reranker.score(query, DOCUMENTS) for query in QUERIES])


def _served(url: str, name: str, pairs: list[Pair]) -> np.ndarray:
    """Ask `/v1/rerank`, one request for each query, and give the scores ``float32[n]`` in the order of the pairs."""
    found = np.full(len(pairs), np.nan, dtype=np.float32)
    for query in dict.fromkeys(query for query, _ in pairs):
        places = [at for at, pair in enumerate(pairs) if pair[0] == query]
        body = {"model": name, "query": query, "documents": [pairs[at][1] for at in places]}
        answer = requests.post(f"{url}/rerank", json=body, timeout=_TIMEOUT)
        answer.raise_for_status()
        for result in answer.json()["results"]:
            found[places[result["index"]]] = result["relevance_score"]
    return found
