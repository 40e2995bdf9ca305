"""A Qwen3-Embedding model in a server that speaks OpenAI's ``/v1/embeddings``: vLLM, SGLang, TEI, infinity, Ollama."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from kefu.errors import RemoteModelError
from kefu.models.base import BatchedEmbedder
from kefu.models.outage import Outage
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings

_POOLED_CONNECTIONS = 8
_BACKOFF_SECONDS = 0.2
_TRANSIENT = (429, 500, 502, 503, 504)
_AWAY = (502, 503, 504)  # what a proxy answers for a server that is away; 500 may be due to one text
_PROBE = "hello"


class RemoteEmbedder(BatchedEmbedder):
    """Speaks to the server over kept-alive connections; nothing that comes back is believed unchecked.

    A server that is away costs one caller the time of all tries; for a short while after, the others fail at once.
    """

    def __init__(self, settings: EmbeddingSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings)
        self._endpoint = _endpoint(settings.url or "")
        self._outage = Outage(clock)
        # Without retries: to look whether an outage is over. One customer waits for that, and not thrice.
        self._sessions = {retries: _session(retries) for retries in (0, settings.retries)}

    def _load(self) -> ModelIdentity:
        width = self._embed_batch([_PROBE]).shape[1]
        dimension = self.settings.dimension
        if dimension is not None and dimension > width:
            raise RemoteModelError(f"`dimension` is {dimension}, but {self.settings.model} has only {width}.")
        # The weights are out of sight: the name under which the server knows them has to stand for them.
        name = self.settings.model
        return ModelIdentity(name=name, fingerprint=f"remote:{name}", dim=dimension or width)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        body = {"model": self.settings.model, "input": texts, "encoding_format": "float"}
        rows = _rows(self._post(body), expected=len(texts))
        known = self._identity
        if known is not None and self.settings.dimension is None and rows.shape[1] != known.dim:
            raise RemoteModelError(f"The server changed its dimension from {known.dim} to {rows.shape[1]}.")
        return rows

    def _post(self, body: dict[str, Any]) -> Any:
        retries = 0 if self._outage.is_suspected else self.settings.retries
        if not self._outage.may_ask():
            raise RemoteModelError(f"{self._endpoint} did not answer a moment ago; it is asked again in some seconds.")
        answer = self._send(body, retries)
        if answer.status_code in _AWAY:
            self._outage.failed()
        else:
            self._outage.answered()
        if not answer.ok:
            raise RemoteModelError(f"{self._endpoint} answered {answer.status_code}.")
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise RemoteModelError(f"{self._endpoint} answered something that is not JSON.") from error

    def _send(self, body: dict[str, Any], retries: int) -> requests.Response:
        key = os.environ.get(self.settings.api_key_env)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            return self._sessions[retries].post(
                self._endpoint, json=body, headers=headers, timeout=self.settings.timeout
            )
        except requests.RequestException as error:
            self._outage.failed()
            raise RemoteModelError(
                f"{self._endpoint} cannot be reached within {self.settings.timeout:g} s "
                f"({type(error).__name__}, {retries} retries). Is the server running?"
            ) from error


def _session(retries: int) -> requests.Session:
    """Make a session that keeps connections alive and tries again what may pass, so many times."""
    retry = Retry(
        total=retries,
        backoff_factor=_BACKOFF_SECONDS,
        status_forcelist=_TRANSIENT,
        allowed_methods=frozenset({"POST"}),
        raise_on_status=False,  # the last answer's status says more than "too many retries"
        respect_retry_after_header=False,  # a customer is waiting: the bound is ours, not the server's
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_POOLED_CONNECTIONS, max_retries=retry))
    return session


def _endpoint(url: str) -> str:
    base = url.rstrip("/")
    if base.endswith("/embeddings"):
        return base
    return f"{base}/embeddings" if base.endswith("/v1") else f"{base}/v1/embeddings"


def _rows(answer: Any, *, expected: int) -> np.ndarray:
    """Check count, order, dimension and finiteness of an answer, and give its rows in the order of the request."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise RemoteModelError("The embedding server's answer has no list `data`.")
    if len(data) != expected:
        raise RemoteModelError(f"The embedding server gave {len(data)} vectors for {expected} texts.")
    by_index = {item.get("index", position): item.get("embedding") for position, item in enumerate(data)}
    if set(by_index) != set(range(expected)):
        raise RemoteModelError(f"The embedding server's indices are not 0 to {expected - 1}.")
    try:
        rows = np.array([by_index[position] for position in range(expected)], dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise RemoteModelError("The embedding server's vectors are not numbers, or differ in length.") from error
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise RemoteModelError(f"The embedding server's vectors have the shape {rows.shape}.")
    if not np.isfinite(rows).all():
        raise RemoteModelError("The embedding server gave a vector that is not finite.")
    return rows
