"""Orders as rows of the tables, both ways; for stores that hold a transaction open."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kefu.errors import StoreError
from kefu.serials import parse_number
from kefu.shop import tables
from kefu.shop.orders import Bilingual, Customer, Item, Order, Parcel, ParcelEvent, Payment

_CASE_NUMBER = re.compile(r"R\d{8}-\d{4}")


def order_number(connection: Connection, reference: str) -> str | None:
    """Give the number of the order that an order number, a tracking number or a case's number belongs to."""
    if _CASE_NUMBER.fullmatch(reference):
        return _order_of_case(connection, reference)
    by_parcel = sa.select(tables.parcels.c.order_number).where(tables.parcels.c.tracking_number == reference)
    query = sa.select(tables.orders.c.number).where(
        sa.or_(tables.orders.c.number == reference, tables.orders.c.number.in_(by_parcel))
    )
    number: str | None = connection.scalar(query)
    return number


def _order_of_case(connection: Connection, number: str) -> str | None:
    try:
        day, serial = parse_number("R", number)
    except StoreError:  # no such day
        return None
    cases = tables.cases.c
    query = sa.select(cases.order_number).where(cases.day == day, cases.serial == serial)
    order: str | None = connection.scalar(query)
    return order


def lock_order(connection: Connection, number: str) -> bool:
    """Keep others from changing an order until this transaction ends; say whether there is one.

    On SQLite the writing transaction itself does it: there is but one writer.
    """
    query = sa.select(tables.orders.c.number).where(tables.orders.c.number == number).with_for_update()
    return connection.scalar(query) is not None


def read_customer(connection: Connection, number: str) -> Customer | None:
    """Read who placed an order."""
    query = (
        sa.select(tables.customers)
        .join(tables.orders, tables.orders.c.customer_id == tables.customers.c.id)
        .where(tables.orders.c.number == number)
    )
    row = connection.execute(query).first()
    return None if row is None else Customer(row.id, row.name, row.email, row.phone, row.level)


def read_orders(connection: Connection, numbers: Sequence[str]) -> list[Order]:
    """Read orders, in the order in which their numbers are given; numbers of none are left out."""
    found = connection.execute(sa.select(tables.orders).where(tables.orders.c.number.in_(numbers)))
    rows = {row.number: row for row in found}
    items = _by_order(connection, tables.order_items, numbers)
    payments = _by_order(connection, tables.order_payments, numbers)
    parcels = _by_order(connection, tables.parcels, numbers)
    events = _by_order(connection, tables.parcel_events, numbers)
    return [
        Order(
            number=row.number,
            customer_id=row.customer_id,
            state=row.state,
            created=row.created,
            paid=row.paid,
            cancelled=row.cancelled,
            delivery_cents=row.delivery_cents,
            items=tuple(_item(item) for item in items[row.number]),
            parcels=tuple(_parcels(parcels[row.number], events[row.number])),
            discount_cents=row.discount_cents,
            payments=tuple(Payment(payment.method, payment.cents) for payment in payments[row.number]),
            freight_insurance=row.freight_insurance,
        )
        for row in (rows[number] for number in numbers if number in rows)
    ]


def insert_customers(connection: Connection, customers: Iterable[Customer]) -> None:
    """Write customers."""
    _insert(connection, tables.customers, [asdict(customer) for customer in customers])


def insert_orders(connection: Connection, orders: Sequence[Order]) -> None:
    """Write orders with all that is in them."""
    _insert(connection, tables.orders, [_order_row(order) for order in orders])
    _insert(connection, tables.order_items, [row for order in orders for row in _item_rows(order)])
    _insert(connection, tables.order_payments, [row for order in orders for row in _payment_rows(order)])
    _insert(connection, tables.parcels, [_parcel_row(order, parcel) for order in orders for parcel in order.parcels])
    _insert(connection, tables.parcel_events, [row for order in orders for row in _event_rows(order)])


def _by_order(connection: Connection, table: sa.Table, numbers: Sequence[str]) -> dict[str, list[Row]]:
    query = sa.select(table).where(table.c.order_number.in_(numbers)).order_by(table.c.position)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(query):
        rows[row.order_number].append(row)
    return rows


def _item(row: Row) -> Item:
    return Item(
        position=row.position,
        sku=row.sku,
        name=Bilingual(row.name_zh, row.name_en),
        category=row.category,
        price_cents=row.price_cents,
        quantity=row.quantity,
        parcel=row.parcel,
        also=tuple(json.loads(row.also)),
        return_excluded=row.return_excluded,
    )


def _parcels(rows: Iterable[Row], event_rows: Iterable[Row]) -> Iterable[Parcel]:
    events: dict[int, list[ParcelEvent]] = defaultdict(list)
    for row in event_rows:
        events[row.parcel].append(ParcelEvent(row.at, Bilingual(row.text_zh, row.text_en)))
    for row in rows:
        carrier = Bilingual(row.carrier_zh, row.carrier_en)
        yield Parcel(row.position, carrier, row.tracking_number, row.state, tuple(events[row.position]))


def _insert(connection: Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _order_row(order: Order) -> dict[str, object]:
    return {column.name: getattr(order, column.name) for column in tables.orders.c}


def _item_rows(order: Order) -> list[dict[str, object]]:
    return [
        {
            "order_number": order.number,
            "position": item.position,
            "sku": item.sku,
            "name_zh": item.name.zh,
            "name_en": item.name.en,
            "category": item.category,
            "price_cents": item.price_cents,
            "quantity": item.quantity,
            "parcel": item.parcel,
            "also": json.dumps(item.also, ensure_ascii=False),
            "return_excluded": item.return_excluded,
        }
        for item in order.items
    ]


def _payment_rows(order: Order) -> list[dict[str, object]]:
    return [
        {"order_number": order.number, "position": position, "method": payment.method, "cents": payment.cents}
        for position, payment in enumerate(order.payments, start=1)
    ]


def _parcel_row(order: Order, parcel: Parcel) -> dict[str, object]:
    return {
        "order_number": order.number,
        "position": parcel.position,
        "carrier_zh": parcel.carrier.zh,
        "carrier_en": parcel.carrier.en,
        "tracking_number": parcel.tracking_number,
        "state": parcel.state,
    }


def _event_rows(order: Order) -> list[dict[str, object]]:
    return [
        {
            "order_number": order.number,
            "parcel": parcel.position,
            "position": position,
            "at": event.at,
            "text_zh": event.text.zh,
            "text_en": event.text.en,
        }
        for parcel in order.parcels
        for position, event in enumerate(parcel.events, start=1)
    ]
