"""A question about goods before they are bought, as a typed query."""

from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.presale.budgets import Budget
from kefu.shop.orders import Level

Kind = Literal["stock", "price", "sizes", "attribute", "compatible", "compare", "recommend", "range", "sum", "offers"]

_ANY_PRICE = Budget()


@dataclass(frozen=True)
class Presale:
    """What is asked.

    ``articles``: ids of what it is asked of (several: each may be meant, or all are compared). ``size`` and ``colour``
    narrow them, ``attribute`` and ``system`` are what is asked about, ``shelf``, ``budget``, ``wishes`` (attributes)
    and ``is_cheap`` what is looked for; with a ``system``, a device of which is not sold. ``basket`` is (article,
    pieces) or an ``amount_cents``, bought with ``coupons`` (codes; ``has_coupon``: one without a code) at a ``level``
    and with a ``deal`` (from, off in yuan) that the customer believes in. ``has_member``: a discount of members,
    whatever their level; ``is_to_pay``: a sum is asked for of goods that are not told; ``is_of_several``: the price of
    more than one that cannot be counted.
    """

    kind: Kind
    articles: tuple[str, ...] = ()
    size: str | None = None
    colour: str | None = None
    attribute: str | None = None
    system: str | None = None
    shelf: str | None = None
    budget: Budget = _ANY_PRICE
    wishes: tuple[str, ...] = ()
    is_cheap: bool = False
    basket: tuple[tuple[str, int], ...] = ()
    amount_cents: int | None = None
    coupons: tuple[str, ...] = ()
    has_coupon: bool = False
    level: Level | None = None
    deal: tuple[int, int] | None = None
    has_member: bool = False
    is_to_pay: bool = False
    is_of_several: bool = False
