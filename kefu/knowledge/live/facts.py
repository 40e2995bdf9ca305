"""The typed providers of live facts: one lookup each for stock, prices, the catalogue, promotions and carriers."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kefu import clock
from kefu.knowledge.live.source import FileSource, Price, ShopSource
from kefu.knowledge.live.timed import Reading, TimedLookup
from kefu.protocols import Clock
from kefu.settings import CatalogueSettings, Settings
from kefu.shop.catalogue import Catalogue
from kefu.shop.logistics import Carrier
from kefu.shop.policy import Policy, load_policy
from kefu.shop.promotions import Promotions

T = TypeVar("T")
Offered = tuple[Reading[Price | None], Reading[Mapping[str, int] | None]]
_LOOKUPS_AT_ONCE = 8
_THE_ONE = ""  # the key of what there is one of


class LiveFacts:
    """What holds at this moment. A call for one fact raises ``LiveFactError`` where it cannot be found out in time."""

    def __init__(
        self, source: ShopSource, settings: CatalogueSettings, policy: Policy, now: Clock = clock.now
    ) -> None:
        self.policy = policy
        self.clock = now
        self._settings = settings
        self._pool = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="kefu-live")
        self._catalogue = self._lookup(lambda _: source.catalogue(), settings.catalogue_seconds)
        self._stock = self._lookup(source.stock, settings.stock_seconds)
        self._price = self._lookup(source.price, settings.price_seconds)
        self._promotions = self._lookup(lambda _: source.promotions(), settings.price_seconds)
        self._carriers = self._lookup(lambda _: source.carriers(), settings.catalogue_seconds)

    def catalogue(self) -> Reading[Catalogue]:
        """All articles, with what changes rarely: names, attributes, sizes."""
        return self._catalogue(_THE_ONE)

    def stock(self, sku: str) -> Reading[Mapping[str, int] | None]:
        """Pieces by the SKU of each variant; None for an unknown SKU."""
        return self._stock(sku)

    def price(self, sku: str) -> Reading[Price | None]:
        """The price of one piece; None for an unknown SKU."""
        return self._price(sku)

    def offered(self, skus: Collection[str]) -> dict[str, Offered]:
        """Price and stock of several articles, looked up side by side within one deadline for all of them.

        :return: those of which both could be found out in time.
        """
        until = time.monotonic() + self._settings.deadline
        prices, stocks = self._price.start(skus), self._stock.start(skus)
        found_prices, found_stocks = self._price.collect(prices, until), self._stock.collect(stocks, until)
        return {
            sku: (found_prices[sku], found_stocks[sku]) for sku in skus if sku in found_prices and sku in found_stocks
        }

    def promotions(self) -> Reading[Promotions]:
        """All offers; whether one holds depends on the moment."""
        return self._promotions(_THE_ONE)

    def carriers(self) -> Reading[tuple[Carrier, ...]]:
        """How the carriers are doing."""
        return self._carriers(_THE_ONE)

    def _lookup(self, look_up: Callable[[str], T], kept_seconds: float) -> TimedLookup[str, T]:
        return TimedLookup(
            look_up, self._pool, self.clock, kept_seconds=kept_seconds, deadline=self._settings.deadline
        )


def open_facts(settings: Settings, policy: Policy | None = None, now: Clock = clock.now) -> LiveFacts:
    """Make the live facts that the settings describe; nothing is looked up yet.

    :raises KefuError: if the policy is wrong.
    """
    policy = policy or load_policy(settings.path(settings.knowledge.policy))
    section = settings.catalogue
    if section.url:
        from kefu.knowledge.live.remote_source import RemoteSource

        return LiveFacts(RemoteSource(section, policy), section, policy, now)
    catalogue, promotions, logistics = (settings.path(file) for file in _files(section))
    return LiveFacts(FileSource(catalogue, promotions, logistics, policy), section, policy, now)


def _files(section: CatalogueSettings) -> tuple[str, str, str]:
    return section.file, section.promotions, section.logistics


_shared: dict[Settings, LiveFacts] = {}
_sharing = threading.Lock()


def shared_facts(settings: Settings) -> LiveFacts:
    """Give this process's one set of live facts for these settings.

    :raises KefuError: if the policy is wrong; the next call tries again.
    """
    with _sharing:
        if settings not in _shared:
            _shared[settings] = open_facts(settings)
        return _shared[settings]
