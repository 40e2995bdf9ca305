"""Reads a file of demo orders, with their customers and with what has happened to them since."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from kefu.shop.case_rows import NewCase
from kefu.shop.cases import CASE_KINDS, CASE_STATES, Line, Plan, Postage, Share
from kefu.shop.fields import Fields
from kefu.shop.orders import (
    LEVELS,
    ORDER_STATES,
    PARCEL_STATES,
    PAYMENT_METHODS,
    Bilingual,
    Customer,
    Item,
    Order,
    Parcel,
    ParcelEvent,
    Payment,
    PaymentMethod,
)
from kefu.shop.seed_checks import check_cases, check_order, check_unique
from kefu.shop.seed_values import ZONE, cents, day, moment, read_yaml

_CONVERSATION = "seed"  # where the cases of the file are said to come from


@dataclass(frozen=True)
class Seed:
    """Customers, their orders, and the cases of these, which get their numbers when they are stored."""

    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    cases: tuple[NewCase, ...]


def load_seed(path: Path, now: datetime) -> Seed:
    """Read a file of orders as it stands at ``now``.

    :raises DataError: naming the order and the key, if something is missing, unknown or contradictory.
    """
    root = Fields(read_yaml(path), path.name)
    reader = _Reader(root, now.astimezone(ZONE))
    orders, cases = reader.orders()
    root.nothing_else()
    check_unique("order", [order.number for order in orders])
    check_unique("parcel", [parcel.tracking_number for order in orders for parcel in order.parcels])
    return Seed(tuple(reader.customers.values()), orders, cases)


@dataclass(frozen=True)
class _Product:
    name: Bilingual
    category: str
    price_cents: int
    also: tuple[str, ...]


class _Reader:
    def __init__(self, root: Fields, now: datetime) -> None:
        self._now = now
        self._root = root
        self._carriers = {key: _bilingual(fields) for key, fields in root.section("carriers").sections().items()}
        self._products = {key: _product(fields) for key, fields in root.section("products").sections().items()}
        self.customers = {key: _customer(key, fields) for key, fields in root.section("customers").sections().items()}

    def orders(self) -> tuple[tuple[Order, ...], tuple[NewCase, ...]]:
        """Read all orders and all cases, in the order of the file."""
        orders: list[Order] = []
        cases: list[NewCase] = []
        for number, fields in self._root.section("orders").sections().items():
            order = self._order(number, fields)
            check_order(order, fields.where)
            of_order = tuple(self._cases(number, fields)) if "cases" in fields else ()
            check_cases(order, of_order, fields.where)
            fields.nothing_else()
            orders.append(order)
            cases.extend(of_order)
        return tuple(orders), tuple(cases)

    def _order(self, number: str, fields: Fields) -> Order:
        order = Order(
            number=number,
            customer_id=fields.one_of("customer", list(self.customers)),
            state=fields.one_of("state", ORDER_STATES),  # type: ignore[arg-type]
            created=self._moment(fields, "created"),
            paid=self._moment(fields, "paid") if "paid" in fields else None,
            cancelled=self._moment(fields, "cancelled") if "cancelled" in fields else None,
            delivery_cents=cents(fields, "delivery"),
            items=tuple(self._item(at, item) for at, item in enumerate(fields.list_of_sections("items"), start=1)),
            parcels=tuple(self._parcels(fields)) if "parcels" in fields else (),
            discount_cents=cents(fields, "discount") if "discount" in fields else 0,
            payments=tuple(_payments(fields)) if "payments" in fields else (),
            freight_insurance=fields.truth("freight_insurance") if "freight_insurance" in fields else False,
        )
        if order.paid and order.total_cents > 0 and "payments" not in fields:
            return replace(order, payments=(Payment("wechat", order.total_cents),))
        return order

    def _item(self, position: int, fields: Fields) -> Item:
        sku = fields.one_of("sku", list(self._products))
        product = self._products[sku]
        item = Item(
            position=position,
            sku=sku,
            name=product.name,
            category=product.category,
            price_cents=product.price_cents,
            quantity=fields.whole_number("quantity") if "quantity" in fields else 1,
            parcel=fields.whole_number("parcel") if "parcel" in fields else None,
            also=product.also,
            return_excluded=fields.truth("return_excluded") if "return_excluded" in fields else False,
        )
        fields.nothing_else()
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

    def _cases(self, number: str, order: Fields) -> Iterator[NewCase]:
        for count, fields in enumerate(order.list_of_sections("cases"), start=1):
            plan = Plan(
                kind=fields.one_of("kind", CASE_KINDS),  # type: ignore[arg-type]
                order_number=number,
                lines=tuple(sorted(_lines(fields), key=lambda line: line.position)),
                reason=fields.text("reason") if "reason" in fields else None,
                rule=fields.text("rule"),
                postage=fields.one_of("postage", get_args(Postage)),  # type: ignore[arg-type]
                refund=tuple(Share(payment.method, payment.cents) for payment in _payments(fields, "refund")),
                delivery_cents=cents(fields, "delivery") if "delivery" in fields else 0,
                send_by=self._day(fields, "send_by") if "send_by" in fields else None,
            )
            case = NewCase(
                plan=plan,
                state=fields.one_of("state", CASE_STATES),  # type: ignore[arg-type]
                created=self._moment(fields, "created"),
                conversation=_CONVERSATION,
                key=f"{number}-{count}",
                pickup=fields.text("pickup") if "pickup" in fields else None,
            )
            fields.nothing_else()
            yield case

    def _moment(self, fields: Fields, key: str) -> datetime:
        return moment(fields.text(key), self._now, f"{fields.where}.{key}")

    def _day(self, fields: Fields, key: str) -> date:
        return day(fields.text(key), self._now, f"{fields.where}.{key}")


def _product(fields: Fields) -> _Product:
    product = _Product(
        name=Bilingual(fields.text("zh"), fields.text("en")),
        category=fields.text("category"),
        price_cents=cents(fields, "price"),
        also=fields.texts("also"),
    )
    fields.nothing_else()
    check_unique(f"name in {fields.where}.also,", product.also)
    return product


def _payments(order: Fields, key: str = "payments") -> Iterator[Payment]:
    for fields in order.list_of_sections(key):
        method: PaymentMethod = fields.one_of("method", PAYMENT_METHODS)  # type: ignore[assignment]
        yield Payment(method, cents(fields, "amount"))
        fields.nothing_else()


def _lines(case: Fields) -> Iterator[Line]:
    for fields in case.list_of_sections("lines"):
        yield Line(fields.whole_number("position"), fields.whole_number("quantity"))
        fields.nothing_else()


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
