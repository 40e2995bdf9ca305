"""The shop's own service, asked over HTTP. Nothing that comes back is believed unchecked.

    GET {url}/catalogue      what data/shop/catalogue.yml holds, as JSON
    GET {url}/stock/{sku}    {"stock": {"SKU": 3, …}}, a number for each variant; 404 for an unknown SKU
    GET {url}/price/{sku}    {"price": 59.9, "list": 79}, in yuan, `list` only where it is reduced; 404 likewise
    GET {url}/promotions     what data/shop/promotions.yml holds
    GET {url}/logistics      what data/shop/logistics.yml holds

With ``Authorization: Bearer …``, if the environment has a token.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from kefu.errors import LiveFactError
from kefu.knowledge.live.source import Price
from kefu.models.outage import Outage
from kefu.settings import CatalogueSettings
from kefu.shop.catalogue import Catalogue
from kefu.shop.catalogue_reader import read_catalogue
from kefu.shop.fields import Fields
from kefu.shop.logistics import Carrier, read_logistics
from kefu.shop.policy import Policy
from kefu.shop.promotion_reader import read_promotions
from kefu.shop.promotions import Promotions
from kefu.shop.seed_values import cents

_TRANSIENT = (429, 500, 502, 503, 504)
_BACKOFF_SECONDS = 0.1
_OK = 200
_NOT_FOUND = 404
_AWAY = 500  # this status and those above it count as an outage


class RemoteSource:
    """Asks the shop's service; safe between threads. One that is away is not asked by each customer in turn."""

    def __init__(
        self, settings: CatalogueSettings, policy: Policy, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = (settings.url or "").rstrip("/")
        self._settings = settings
        self._policy = policy
        self._outage = Outage(clock)
        self._session = _session(settings.retries)

    def catalogue(self) -> Catalogue:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        return read_catalogue(self._found("catalogue"), f"{self._url}/catalogue")

    def stock(self, sku: str) -> Mapping[str, int] | None:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        answer = self._get(path := f"stock/{quote(sku, safe='')}")
        return None if answer is None else Fields(answer, f"{self._url}/{path}").section("stock").whole_numbers()

    def price(self, sku: str) -> Price | None:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        answer = self._get(path := f"price/{quote(sku, safe='')}")
        if answer is None:
            return None
        fields = Fields(answer, f"{self._url}/{path}")
        return Price(cents(fields, "price"), cents(fields, "list") if fields.get("list") is not None else None)

    def promotions(self) -> Promotions:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        return read_promotions(self._found("promotions"), self._policy, f"{self._url}/promotions")

    def carriers(self) -> tuple[Carrier, ...]:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        return read_logistics(self._found("logistics"), f"{self._url}/logistics")

    def _found(self, path: str) -> Any:
        answer = self._get(path)
        if answer is None:
            raise LiveFactError(f"{self._url}/{path} answered 404: the service does not know this address.")
        return answer

    def _get(self, path: str) -> Any:
        """Give what an answer's JSON says, numbers with a point as the texts they are; None for 404."""
        address = f"{self._url}/{path}"
        if not self._outage.may_ask():
            raise LiveFactError(f"{address} did not answer a moment ago; it is asked again in some seconds.")
        answer = self._send(address)
        if answer.status_code >= _AWAY:
            self._outage.failed()
        else:
            self._outage.answered()
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.status_code != _OK:
            raise LiveFactError(f"{address} answered {answer.status_code}.")
        try:
            return json.loads(answer.content, parse_float=str)
        except ValueError as error:
            raise LiveFactError(f"{address} answered something that is not JSON.") from error

    def _send(self, address: str) -> requests.Response:
        token = os.environ.get(self._settings.api_key_env)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            # A redirect could carry the token to another host.
            return self._session.get(address, headers=headers, timeout=self._settings.timeout, allow_redirects=False)
        except requests.RequestException as error:
            self._outage.failed()
            raise LiveFactError(
                f"{address} cannot be reached within {self._settings.timeout:g} s ({type(error).__name__}, "
                f"{self._settings.retries} retries). Is the service running?"
            ) from error


def _session(retries: int) -> requests.Session:
    retry = Retry(
        total=retries,
        backoff_factor=_BACKOFF_SECONDS,
        status_forcelist=_TRANSIENT,
        raise_on_status=False,
        respect_retry_after_header=False,  # a customer is waiting: the bound is ours, not the server's
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session
