"""infinity serves a sequence classifier: which texts does it score, and is a prompt put around them?

Plain HTTP on the one side, transformers on the other; what Kefu's client gets is in :mod:`remote_reranker`.
"""

import shutil
import sys

import infinity
import numpy as np
import requests
from classifier import Pair, halves, make_classifier, scores, whole_prompt
from environments import WORK
from findings import Finding, score_gap
from remote_reranker import check_remote_reranker

from kefu.text import normalise

_JOINS, _APPLIES_PROMPT = "joins", "applies_prompt"  # what the tokenizer does with a pair
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


def check_classifier() -> tuple[list[Finding], dict[str, str]]:
    """Compare `/v1/rerank` with transformers, for tokenizers that only join a pair and that apply the prompt.

    :raises EnvironmentMissing: if infinity cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    folders = {name: WORK / f"classifier-{name}" for name in (_JOINS, _APPLIES_PROMPT)}
    for name, folder in folders.items():
        shutil.rmtree(folder, ignore_errors=True)
        make_classifier(folder, applies_prompt=name == _APPLIES_PROMPT)
    halved = [halves(pair) for pair in PAIRS]
    print("infinity: starting", file=sys.stderr, flush=True)
    with infinity.serving(**folders) as url:
        bare, by_client = _served(url, _JOINS, PAIRS), _served(url, _JOINS, halved)
        by_tokenizer = _served(url, _APPLIES_PROMPT, PAIRS)
        by_kefu = check_remote_reranker(url, PAIRS, joins=_JOINS, applies_prompt=_APPLIES_PROMPT)
    labels = [document for _, document in PAIRS]
    joined = scores(folders[_JOINS], PAIRS)
    whole = scores(folders[_JOINS], [whole_prompt(pair) for pair in PAIRS])
    stripped = scores(folders[_JOINS], [(left.strip(), right.strip()) for left, right in halved])
    found = [
        score_gap("a pair, as it is", "the two, joined", labels, joined, bare),
        score_gap("a pair, as it is", "the whole prompt", labels, whole, bare, judged=False),
        score_gap("prompt by the client", "its halves, stripped", labels, stripped, by_client),
        score_gap("prompt by the client", "the whole prompt", labels, whole, by_client, judged=False),
        score_gap("prompt by the served tokenizer", "the whole prompt", labels, whole, by_tokenizer),
    ]
    expected = {"client": ("its halves, stripped", stripped), "server": ("the whole prompt", whole)}
    found += [
        score_gap(f"RemoteReranker, template: {template}", expected[template][0], labels, expected[template][1], ours)
        for template, ours in by_kefu.items()
    ]
    return found, infinity.versions()


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
