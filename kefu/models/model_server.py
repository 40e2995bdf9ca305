"""A model behind HTTP: kept-alive connections, bounded retries, clear refusals. What comes back is unchecked."""

import os
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from kefu.errors import RemoteModelError
from kefu.models.outage import Outage
from kefu.settings import ModelSettings

_POOLED_CONNECTIONS = 8
BACKOFF_SECONDS = 0.2
TRANSIENT = (429, 500, 502, 503, 504)
AWAY = (502, 503, 504)  # what a proxy answers for a server that is away; 500 may be due to one text


class ModelServer:
    """Posts to one address. Safe between threads.

    A server that is away costs one caller the time of all tries; for a short while after, the others fail at once.
    """

    def __init__(self, endpoint: str, settings: ModelSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.endpoint = endpoint
        self.outage = Outage(clock)
        self._settings = settings
        # Without retries: to look whether an outage is over. One customer waits for that, and not thrice.
        self._sessions = {retries: kept_alive_session(retries) for retries in (0, settings.retries)}

    def post(self, body: dict[str, Any]) -> Any:
        """Send a request, and give what its answer's JSON says.

        :raises RemoteModelError: if the server cannot be reached in time, refuses, or answers what is not JSON.
        """
        retries = 0 if self.outage.is_suspected else self._settings.retries
        if not self.outage.may_ask():
            raise RemoteModelError(f"{self.endpoint} did not answer a moment ago; it is asked again in some seconds.")
        answer = self._send(body, retries)
        if answer.status_code in AWAY:
            self.outage.failed()
        else:
            self.outage.answered()
        if not answer.ok:
            raise RemoteModelError(f"{self.endpoint} answered {answer.status_code}.")
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise RemoteModelError(f"{self.endpoint} answered something that is not JSON.") from error

    def _send(self, body: dict[str, Any], retries: int) -> requests.Response:
        headers = authorisation(self._settings)
        try:
            return self._sessions[retries].post(
                self.endpoint, json=body, headers=headers, timeout=self._settings.timeout
            )
        except requests.RequestException as error:
            self.outage.failed()
            raise RemoteModelError(
                f"{self.endpoint} cannot be reached within {self._settings.timeout:g} s "
                f"({type(error).__name__}, {retries} retries). Is the server running?"
            ) from error


def authorisation(settings: ModelSettings) -> dict[str, str]:
    """Give the header with the key that the environment has for a server, if it has one."""
    key = os.environ.get(settings.api_key_env)
    return {"Authorization": f"Bearer {key}"} if key else {}


def versioned_endpoint(url: str, name: str) -> str:
    """Complete a server's address to ``…/v1/{name}``; one that ends with the name is left as it is."""
    base = url.rstrip("/")
    if base.endswith(f"/{name}"):
        return base
    return f"{base}/{name}" if base.endswith("/v1") else f"{base}/v1/{name}"


def in_order(items: Any, key: str, asked: int) -> list[Any]:
    """Give what stands under ``key`` in an answer's items, in the order of the texts asked about, by their ``index``.

    :raises RemoteModelError: if the items are no list of mappings, not as many as asked, or not one for each text.
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RemoteModelError(f"The server's answer has no list of items with `{key}`.")
    if len(items) != asked:
        raise RemoteModelError(f"The server gave {len(items)} items for {asked} texts.")
    indices = [item.get("index") for item in items]
    if any(type(index) is not int for index in indices) or sorted(indices) != list(range(asked)):
        raise RemoteModelError(f"The server's indices are not 0 to {asked - 1}.")
    return [item.get(key) for item in sorted(items, key=lambda item: int(item["index"]))]


def kept_alive_session(retries: int) -> requests.Session:
    """Make a session that keeps connections alive and tries again what may pass, so many times."""
    retry = Retry(
        total=retries,
        backoff_factor=BACKOFF_SECONDS,
        status_forcelist=TRANSIENT,
        allowed_methods=frozenset({"POST"}),
        raise_on_status=False,  # the last answer's status says more than "too many retries"
        respect_retry_after_header=False,  # a customer is waiting: the bound is ours, not the server's
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_POOLED_CONNECTIONS, max_retries=retry))
    return session
