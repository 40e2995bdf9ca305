"""A Qwen3-Embedding model in a server that speaks OpenAI's ``/v1/embeddings``: vLLM, SGLang, TEI, infinity, Ollama."""

import os
from typing import Any

import numpy as np
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from kefu.errors import RemoteModelError
from kefu.models.base import BatchedEmbedder
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings

_POOLED_CONNECTIONS = 8
_BACKOFF_SECONDS = 0.2
_PROBE = "hello"


class RemoteEmbedder(BatchedEmbedder):
    """Speaks to the server over kept-alive connections; nothing that comes back is believed unchecked."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        super().__init__(settings)
        self._endpoint = _endpoint(settings.url or "")
        self._session = requests.Session()
        retry = Retry(
            total=settings.retries,
            backoff_factor=_BACKOFF_SECONDS,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=frozenset({"POST"}),
            raise_on_status=False,  # the last answer's status says more than "too many retries"
            respect_retry_after_header=False,  # a customer is waiting: the bound is ours, not the server's
        )
        adapter = HTTPAdapter(pool_maxsize=_POOLED_CONNECTIONS, max_retries=retry)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

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
        key = os.environ.get(self.settings.api_key_env)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            answer = self._session.post(self._endpoint, json=body, headers=headers, timeout=self.settings.timeout)
            answer.raise_for_status()
            return answer.json()
        except requests.HTTPError as error:
            raise RemoteModelError(f"{self._endpoint} answered {error.response.status_code}.") from error
        except requests.JSONDecodeError as error:
            raise RemoteModelError(f"{self._endpoint} answered something that is not JSON.") from error
        except requests.RequestException as error:
            raise RemoteModelError(
                f"{self._endpoint} cannot be reached within {self.settings.timeout:g} s "
                f"({type(error).__name__}, {self.settings.retries} retries). Is the server running?"
            ) from error


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
