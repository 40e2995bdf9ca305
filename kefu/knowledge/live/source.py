"""Where live facts come from: the protocol, and the files of a shop that has no service for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from kefu.errors import DataError
from kefu.shop.catalogue import Catalogue
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.logistics import Carrier, load_logistics
from kefu.shop.policy import Policy
from kefu.shop.promotion_reader import load_promotions
from kefu.shop.promotions import Promotions

T = TypeVar("T")


@dataclass(frozen=True)
class Price:
    """What one piece costs, and what it did before a reduction (None: it is not reduced)."""

    cents: int
    list_cents: int | None = None


class ShopSource(Protocol):
    """What the shop says at this moment. Calls may block; every failure is a ``KefuError``.

    A SKU is an article's, which means all its variants, or a variant's.
    """

    def catalogue(self) -> Catalogue:
        """Give all articles. Their stock and prices may be older than what :meth:`stock` and :meth:`price` say."""

    def stock(self, sku: str) -> Mapping[str, int] | None:
        """Give the pieces in stock by the SKU of each variant; None if there is no such SKU."""

    def price(self, sku: str) -> Price | None:
        """Give the price; None if there is no such SKU."""

    def promotions(self) -> Promotions:
        """Give all offers, those that do not hold now among them."""

    def carriers(self) -> tuple[Carrier, ...]:
        """Say how the carriers are doing."""


def stock_in(catalogue: Catalogue, sku: str) -> Mapping[str, int] | None:
    """Give the stock that a catalogue says, as :meth:`ShopSource.stock` does."""
    found = catalogue.find(sku)
    return {variant.sku: variant.stock for variant in found[1]} if found else None


def price_in(catalogue: Catalogue, sku: str) -> Price | None:
    """Give the price that a catalogue says, as :meth:`ShopSource.price` does."""
    found = catalogue.find(sku)
    return Price(found[0].price_cents, found[0].list_cents) if found else None


class FileSource:
    """The shop's files; a changed one is read anew."""

    def __init__(self, catalogue: Path, promotions: Path, logistics: Path, policy: Policy) -> None:
        self._catalogue = catalogue
        self._promotions = promotions
        self._logistics = logistics
        self._policy = policy
        self._read: dict[Path, tuple[tuple[int, int], Any]] = {}

    def catalogue(self) -> Catalogue:
        """See :class:`ShopSource`."""
        return self._current(self._catalogue, load_catalogue)

    def stock(self, sku: str) -> Mapping[str, int] | None:
        """See :class:`ShopSource`."""
        return stock_in(self.catalogue(), sku)

    def price(self, sku: str) -> Price | None:
        """See :class:`ShopSource`."""
        return price_in(self.catalogue(), sku)

    def promotions(self) -> Promotions:
        """See :class:`ShopSource`."""
        return self._current(self._promotions, lambda path: load_promotions(path, self._policy))

    def carriers(self) -> tuple[Carrier, ...]:
        """See :class:`ShopSource`."""
        return self._current(self._logistics, load_logistics)

    def _current(self, path: Path, load: Callable[[Path], T]) -> T:
        try:
            found = path.stat()
        except OSError as error:
            raise DataError(f"The file {path} cannot be read: {error.strerror}.") from error
        stamp = (found.st_mtime_ns, found.st_size)
        kept = self._read.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._read[path] = (stamp, load(path))
        return cast(T, kept[1])
