"""The shop's orders in a database, with demo orders put in where it is empty."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kefu.database import Database
from kefu.protocols import Clock
from kefu.shop import tables
from kefu.shop.orders import Bilingual, Customer, Item, Order, Parcel, ParcelEvent
from kefu.shop.seed import Seed, load_seed


class OrderStore:
    """Reads orders. Whose they are is checked elsewhere (:mod:`kefu.shop.identity`), before they are shown."""

    def __init__(self, database: Database, clock: Clock, seed: Path | None = None) -> None:
        """``seed`` names a file of orders for a database that has none; None leaves it empty."""
        self.database = database
        self._clock = clock
        self._seed = seed

    def prepare(self) -> None:
        """Create the tables and put in the seed, both only where they are missing, both in one transaction.

        :raises StoreError: if the database cannot be used.
        :raises DataError: if the seed is wrong.
        """
        with self.database.creating(tables.PART, tables.VERSION, tables.metadata) as connection:
            is_empty = connection.scalar(sa.select(sa.func.count()).select_from(tables.customers)) == 0
            if is_empty and self._seed is not None:
                _insert(connection, load_seed(self._seed, self._clock()))

    def order(self, reference: str) -> Order | None:
        """Read an order by its number, or by the tracking number of one of its parcels."""
        with self.database.reading() as connection:
            number = order_number(connection, reference)
            return None if number is None else _read_order(connection, number)


def order_number(connection: Connection, reference: str) -> str | None:
    """Give the number of the order that an order number or a tracking number belongs to."""
    by_parcel = sa.select(tables.parcels.c.order_number).where(tables.parcels.c.tracking_number == reference)
    query = sa.select(tables.orders.c.number).where(
        sa.or_(tables.orders.c.number == reference, tables.orders.c.number.in_(by_parcel))
    )
    number: str | None = connection.scalar(query)
    return number


def _read_order(connection: Connection, number: str) -> Order:
    row = connection.execute(sa.select(tables.orders).where(tables.orders.c.number == number)).one()
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        state=row.state,
        created=row.created,
        paid=row.paid,
        cancelled=row.cancelled,
        delivery_cents=row.delivery_cents,
        items=tuple(_item(item) for item in _rows(connection, tables.order_items, number)),
        parcels=tuple(_read_parcels(connection, number)),
    )


def _rows(connection: Connection, table: sa.Table, number: str) -> list[Row]:
    query = sa.select(table).where(table.c.order_number == number).order_by(table.c.position)
    return list(connection.execute(query))


def _item(row: Row) -> Item:
    name = Bilingual(row.name_zh, row.name_en)
    return Item(row.sku, name, row.category, row.price_cents, row.quantity, row.parcel)


def _read_parcels(connection: Connection, number: str) -> Iterable[Parcel]:
    events: dict[int, list[ParcelEvent]] = defaultdict(list)
    for row in _rows(connection, tables.parcel_events, number):
        events[row.parcel].append(ParcelEvent(row.at, Bilingual(row.text_zh, row.text_en)))
    for row in _rows(connection, tables.parcels, number):
        carrier = Bilingual(row.carrier_zh, row.carrier_en)
        yield Parcel(row.position, carrier, row.tracking_number, row.state, tuple(events[row.position]))


def _insert(connection: Connection, seed: Seed) -> None:
    _insert_rows(connection, tables.customers, [_customer_row(customer) for customer in seed.customers])
    _insert_rows(connection, tables.orders, [_order_row(order) for order in seed.orders])
    for order in seed.orders:
        _insert_rows(connection, tables.parcels, [_parcel_row(order, parcel) for parcel in order.parcels])
        _insert_rows(connection, tables.order_items, _item_rows(order))
        _insert_rows(connection, tables.parcel_events, _event_rows(order))


def _insert_rows(connection: Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _customer_row(customer: Customer) -> dict[str, object]:
    return asdict(customer)


def _order_row(order: Order) -> dict[str, object]:
    times: dict[str, datetime | None] = {
        "created": order.created,
        "paid": order.paid,
        "cancelled": order.cancelled,
    }
    return dict(
        number=order.number,
        customer_id=order.customer_id,
        state=order.state,
        delivery_cents=order.delivery_cents,
        **times,
    )


def _parcel_row(order: Order, parcel: Parcel) -> dict[str, object]:
    return {
        "order_number": order.number,
        "position": parcel.position,
        "carrier_zh": parcel.carrier.zh,
        "carrier_en": parcel.carrier.en,
        "tracking_number": parcel.tracking_number,
        "state": parcel.state,
    }


def _item_rows(order: Order) -> list[dict[str, object]]:
    return [
        {
            "order_number": order.number,
            "position": position,
            "sku": item.sku,
            "name_zh": item.name.zh,
            "name_en": item.name.en,
            "category": item.category,
            "price_cents": item.price_cents,
            "quantity": item.quantity,
            "parcel": item.parcel,
        }
        for position, item in enumerate(order.items, start=1)
    ]


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
