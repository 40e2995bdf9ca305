"""Reads a file of demo orders. Its times count back from the present, so that the demo stays fresh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from kefu.errors import DataError
from kefu.shop.fields import Fields
from kefu.shop.orders import (
    LEVELS,
    ORDER_STATES,
    PARCEL_STATES,
    Bilingual,
    Customer,
    Item,
    Order,
    Parcel,
    ParcelEvent,
)

_AGO = re.compile(r"-(?:(\d+)d(?: (\d\d):(\d\d))?|(\d+)h|(\d+)m)")
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Seed:
    """Customers and their orders."""

    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]


def load_seed(path: Path, now: datetime) -> Seed:
    """Read a file of orders as it stands at ``now``.

    :raises DataError: naming the order and the key, if something is missing, unknown or contradictory.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"The orders {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"The orders {path} are not valid YAML: {error}") from error
    root = Fields(content, path.name)
    reader = _Reader(root, now.astimezone(_ZONE))
    seed = Seed(tuple(reader.customers.values()), tuple(reader.orders()))
    root.nothing_else()
    _check_unique("order", [order.number for order in seed.orders])
    _check_unique("parcel", [parcel.tracking_number for order in seed.orders for parcel in order.parcels])
    return seed


def moment(text: str, now: datetime, where: str) -> datetime:
    """Read "-3d 14:20" (three days ago, at that time of day), "-3d", "-5h" or "-40m".

    :raises DataError: if it is none of these, or has not come yet.
    """
    match = _AGO.fullmatch(text)
    if match is None:
        raise DataError(f'`{where}` must be such as "-3d 14:20", "-3d", "-5h" or "-40m"; it is {text!r}.')
    days, hour, minute, hours, minutes = match.groups()
    then = now - timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0))
    if hour is not None:
        then = then.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if then > now:
        raise DataError(f"`{where}` lies in the future: use hours or minutes for what happened today.")
    return then


class _Reader:
    def __init__(self, root: Fields, now: datetime) -> None:
        self._now = now
        self._root = root
        self._carriers = {key: _bilingual(fields) for key, fields in root.section("carriers").sections().items()}
        self._products = root.section("products").sections()
        self.customers = {key: _customer(key, fields) for key, fields in root.section("customers").sections().items()}

    def orders(self) -> Iterator[Order]:
        for number, fields in self._root.section("orders").sections().items():
            order = Order(
                number=number,
                customer_id=fields.one_of("customer", list(self.customers)),
                state=fields.one_of("state", ORDER_STATES),  # type: ignore[arg-type]
                created=self._moment(fields, "created"),
                paid=self._moment(fields, "paid") if "paid" in fields else None,
                cancelled=self._moment(fields, "cancelled") if "cancelled" in fields else None,
                delivery_cents=fields.whole_number("delivery") * 100,
                items=tuple(self._item(item) for item in fields.list_of_sections("items")),
                parcels=tuple(self._parcels(fields)) if "parcels" in fields else (),
            )
            fields.nothing_else()
            _check_order(order, fields.where)
            yield order

    def _item(self, fields: Fields) -> Item:
        sku = fields.one_of("sku", list(self._products))
        product = self._products[sku]
        item = Item(
            sku=sku,
            name=Bilingual(product.text("zh"), product.text("en")),
            category=product.text("category"),
            price_cents=product.whole_number("price") * 100,
            quantity=fields.whole_number("quantity") if "quantity" in fields else 1,
            parcel=fields.whole_number("parcel") if "parcel" in fields else None,
        )
        fields.nothing_else()
        product.nothing_else()
        return item

    def _parcels(self, order: Fields) -> Iterator[Parcel]:
        for position, fields in enumerate(order.list_of_sections("parcels"), start=1):
            parcel = Parcel(
                position=position,
                carrier=self._carriers[fields.one_of("carrier", list(self._carriers))],
                tracking_number=fields.text("tracking_number"),
                state=fields.one_of("state", PARCEL_STATES),  # type: ignore[arg-type]
                events=tuple(self._event(event) for event in fields.list_of_sections("events")),
            )
            fields.nothing_else()
            yield parcel

    def _event(self, fields: Fields) -> ParcelEvent:
        event = ParcelEvent(self._moment(fields, "time"), Bilingual(fields.text("zh"), fields.text("en")))
        fields.nothing_else()
        return event

    def _moment(self, fields: Fields, key: str) -> datetime:
        return moment(fields.text(key), self._now, f"{fields.where}.{key}")


def _bilingual(fields: Fields) -> Bilingual:
    text = Bilingual(fields.text("zh"), fields.text("en"))
    fields.nothing_else()
    return text


def _customer(key: str, fields: Fields) -> Customer:
    customer = Customer(
        id=key,
        name=fields.text("name"),
        email=fields.text("email").lower(),
        phone=fields.text("phone"),
        level=fields.one_of("level", LEVELS),  # type: ignore[arg-type]
    )
    fields.nothing_else()
    return customer


def _check_order(order: Order, where: str) -> None:
    if not order.items:
        raise DataError(f"`{where}` has no items.")
    if (order.state == "shipped") != bool(order.parcels):
        raise DataError(f"`{where}` must have parcels exactly when its state is shipped; it is {order.state}.")
    positions: set[int | None] = {parcel.position for parcel in order.parcels}
    if {item.parcel for item in order.items} != (positions or {None}):
        raise DataError(f"`{where}`: every item must name the parcel it is in, and no parcel may be empty.")
    for parcel in order.parcels:
        times = [event.at for event in parcel.events]
        if not times or times != sorted(times):
            raise DataError(f"`{where}`: the events of parcel {parcel.position} must be in the order of time.")


def _check_unique(kind: str, numbers: list[str]) -> None:
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise DataError(f"The {kind} {twice[0]} stands there twice.")
