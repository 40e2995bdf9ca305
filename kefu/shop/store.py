"""The shop's orders in a database, with demo orders put in where it is empty."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kefu.database import Database
from kefu.protocols import Clock
from kefu.shop import tables
from kefu.shop.case_rows import insert_case
from kefu.shop.order_rows import insert_customers, insert_orders, order_number, read_customer, read_orders
from kefu.shop.orders import Customer, Order
from kefu.shop.seed import Seed, load_seed
from kefu.shop.seed_values import ZONE


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
            return None if number is None else read_orders(connection, [number])[0]

    def customer_of(self, reference: str) -> Customer | None:
        """Read who placed an order, given by its number or by the tracking number of one of its parcels."""
        with self.database.reading() as connection:
            number = order_number(connection, reference)
            return None if number is None else read_customer(connection, number)

    def orders_of(self, customer_id: str, limit: int = 20) -> list[Order]:
        """Read the orders of a customer, newest first, at most ``limit`` of them."""
        orders = tables.orders.c
        query = sa.select(orders.number).where(orders.customer_id == customer_id)
        query = query.order_by(orders.created.desc(), orders.number.desc()).limit(limit)
        with self.database.reading() as connection:
            return read_orders(connection, connection.execute(query).scalars().all())


def _insert(connection: Connection, seed: Seed) -> None:
    insert_customers(connection, seed.customers)
    insert_orders(connection, seed.orders)
    for case in seed.cases:
        insert_case(connection, case, ZONE)
