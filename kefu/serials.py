"""Numbers that start anew every day, such as T20261120-0007: a letter, the day in the shop's time zone, a serial.

A table that has such numbers keeps them in two columns of its key, ``day`` and ``serial``.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from kefu.database import Database, take_turns
from kefu.errors import StoreError

_RACES = 5  # how often another process may come first
T = TypeVar("T")


def write_numbered(database: Database, write: Callable[[Connection], T]) -> T:
    """Run one writing transaction that takes a number, and run it again where another process wrote the same first.

    :raises StoreError: if the database cannot be used, or refuses every attempt.
    """
    for _ in range(_RACES):
        try:
            with database.writing() as connection:
                return write(connection)
        except StoreError as error:
            # Another process may have written first what must be there once, such as a conversation's open ticket.
            if not isinstance(error.__context__, IntegrityError):
                raise
    raise StoreError(
        f"The database refused a numbered row {_RACES} times. Is it overloaded, or were its tables changed by hand?"
    )


def next_serial(connection: Connection, table: sa.Table, day: date) -> int:
    """Give the serial after the last one of that day, from 1; others who want one wait for this transaction to end."""
    take_turns(connection, f"{table.name} of {day}")
    last: int | None = connection.scalar(sa.select(sa.func.max(table.c.serial)).where(table.c.day == day))
    return (last or 0) + 1


def format_number(letter: str, day: date, serial: int) -> str:
    """Write a number as customers see it."""
    return f"{letter}{day:%Y%m%d}-{serial:04d}"


def parse_number(letter: str, number: str) -> tuple[date, int]:
    """Take a number apart into day and serial.

    :raises StoreError: if it is none of this letter.
    """
    try:
        day, serial = number.removeprefix(letter).split("-")
        return datetime.strptime(day, "%Y%m%d").date(), int(serial)
    except ValueError as error:
        raise StoreError(f"Such a number looks like {letter}20261120-0007; this one is {number!r}.") from error
