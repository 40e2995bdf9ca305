"""Orders as plain values. Money is in cents (fen), times carry their zone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from kefu.text import Language

OrderState = Literal["unpaid", "paid", "picking", "shipped", "cancelled"]
ParcelState = Literal["shipped", "in_transit", "out_for_delivery", "delivered", "locker"]
Level = Literal["silver", "gold", "vip"]
PaymentMethod = Literal["wechat", "alipay", "card", "gift_card", "points"]

ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)
PARCEL_STATES: tuple[ParcelState, ...] = get_args(ParcelState)
LEVELS: tuple[Level, ...] = get_args(Level)
PAYMENT_METHODS: tuple[PaymentMethod, ...] = get_args(PaymentMethod)
# Signed for by the customer or by a locker: the carrier has nothing more to do.
ARRIVED: frozenset[ParcelState] = frozenset({"delivered", "locker"})


@dataclass(frozen=True)
class Bilingual:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Customer:
    """Who bought. ``phone`` is a mobile number of 11 digits, ``email`` is in lower case."""

    id: str
    name: str
    email: str
    phone: str
    level: Level


@dataclass(frozen=True)
class Item:
    """A line of an order.

    ``price_cents`` is what one piece cost before discounts, ``parcel`` the 1-based parcel it travels in, ``also`` what
    customers call it besides its name. ``return_excluded``: the buyer confirmed at checkout that it cannot go back.
    """

    position: int  # from 1
    sku: str
    name: Bilingual
    category: str
    price_cents: int
    quantity: int
    parcel: int | None
    also: tuple[str, ...] = ()
    return_excluded: bool = False


@dataclass(frozen=True)
class Payment:
    """What was paid one way; several ways may have been mixed."""

    method: PaymentMethod
    cents: int


@dataclass(frozen=True)
class ParcelEvent:
    """What the carrier reported, and when."""

    at: datetime
    text: Bilingual


@dataclass(frozen=True)
class Parcel:
    """One parcel of an order; its events stand in the order of time, at least one of them."""

    position: int
    carrier: Bilingual
    tracking_number: str
    state: ParcelState
    events: tuple[ParcelEvent, ...]

    @property
    def latest(self) -> ParcelEvent:
        """The last thing the carrier reported."""
        return self.events[-1]


@dataclass(frozen=True)
class Order:
    """An order with all that belongs to it. Times that have not come are None."""

    number: str
    customer_id: str
    state: OrderState
    created: datetime
    paid: datetime | None
    cancelled: datetime | None
    delivery_cents: int
    items: tuple[Item, ...]
    parcels: tuple[Parcel, ...]
    discount_cents: int = 0  # coupons, offers and the member's discount, off the items
    payments: tuple[Payment, ...] = ()  # empty while unpaid; otherwise they sum up to the total
    freight_insurance: bool = False

    @property
    def total_cents(self) -> int:
        """What the customer pays: all items less the discount, and the delivery."""
        items = sum(item.price_cents * item.quantity for item in self.items)
        return items - self.discount_cents + self.delivery_cents

    def item(self, position: int) -> Item:
        """The item at a position, from 1.

        :raises KeyError: if there is none.
        """
        for item in self.items:
            if item.position == position:
                return item
        raise KeyError(position)
