"""A shop in memory, for tests: its answers can be changed, fail, or be late."""

from collections.abc import Callable, Mapping

from kefu.errors import DataError
from kefu.knowledge.live.source import Price, price_in, stock_in
from kefu.shop.catalogue import Catalogue
from kefu.shop.logistics import Carrier
from kefu.shop.promotions import Promotions


class FakeSource:
    """Answers what it was given.

    ``current`` is the catalogue; ``pieces`` and ``prices`` overrule it, by SKU; ``is_failing`` makes every call
    fail; ``before`` is called before each answer with what is asked for; ``asked`` remembers all of that.
    """

    def __init__(
        self, catalogue: Catalogue, promotions: Promotions | None = None, carriers: tuple[Carrier, ...] = ()
    ) -> None:
        self.current = catalogue
        self._promotions = promotions or Promotions(())
        self._carriers = carriers
        self.pieces: dict[str, int] = {}
        self.prices: dict[str, Price] = {}
        self.is_failing = False
        self.before: Callable[[str], None] = lambda asked: None
        self.asked: list[str] = []

    def catalogue(self) -> Catalogue:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        self._answers("catalogue")
        return self.current

    def stock(self, sku: str) -> Mapping[str, int] | None:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        self._answers(f"stock:{sku}")
        found = stock_in(self.current, sku)
        return found and {each: self.pieces.get(each, pieces) for each, pieces in found.items()}

    def price(self, sku: str) -> Price | None:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        self._answers(f"price:{sku}")
        return self.prices.get(sku) or price_in(self.current, sku)

    def promotions(self) -> Promotions:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        self._answers("promotions")
        return self._promotions

    def carriers(self) -> tuple[Carrier, ...]:
        """See :class:`~kefu.knowledge.live.source.ShopSource`."""
        self._answers("carriers")
        return self._carriers

    def _answers(self, asked: str) -> None:
        self.asked.append(asked)
        self.before(asked)
        if self.is_failing:
            raise DataError("The fake shop fails, as it was told to.")
