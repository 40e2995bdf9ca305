"""A database by its URL: SQLite in a file, or Postgres. One place for transactions, so that stores hold only SQL.

SQLite runs in WAL mode, and a writing transaction takes the write lock at its first statement: two processes that read
before they write wait for each other instead of failing half-way.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from kefu.errors import StoreError

_BUSY_SECONDS = 10  # how long a writer waits for another one
_WAL_POLL = 0.02  # seconds between two tries to switch a file to WAL
_WRITE = "kefu_write"
_SCHEMA_LOCK = 0x6B656675  # the key of Postgres' advisory lock around creating tables ("kefu")

_schemas = sa.MetaData()
_versions = sa.Table(
    "kefu_schemas",
    _schemas,
    sa.Column("part", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)


class Moment(TypeDecorator):
    """A point in time: zoned outside, UTC inside, on every database alike."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC without a zone."""
        return None if value is None else value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give UTC with its zone."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


class Database:
    """Transactions on one database; safe between threads and processes."""

    def __init__(self, url: str) -> None:
        """:raises StoreError: if the URL is none, or its driver is not installed."""
        try:
            self._engine: Engine = _engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"The database URL cannot be used: {type(error).__name__}: {error}") from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent view (which SQLite gives by itself)."""
        with _translated(), self._engine.connect() as plain:
            is_sqlite = plain.dialect.name == "sqlite"
            connection = plain if is_sqlite else plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: all of it happens, or nothing."""
        with (
            _translated(),
            self._engine.connect().execution_options(**{_WRITE: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def creating(self, part: str, version: int, tables: sa.MetaData) -> Iterator[Connection]:
        """Create the tables of one part where they are missing, and go on in the same transaction.

        Several processes may start at once: one of them creates, the others wait and find everything there.

        :raises StoreError: if the tables there belong to another version of Kefu.
        """
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            _schemas.create_all(connection)
            found = connection.scalar(sa.select(_versions.c.version).where(_versions.c.part == part))
            if found not in (None, version):
                raise StoreError(
                    f"The tables of `{part}` have version {found}, this Kefu needs {version}. "
                    "Use another database in endpoints.yml, or move the old one away."
                )
            tables.create_all(connection)
            if found is None:
                connection.execute(sa.insert(_versions).values(part=part, version=version))
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # Its message quotes parameters, which are customers' data: `from None` keeps it out of every traceback.
        raise StoreError(f"The database failed ({type(error).__name__}). Can it be reached, is it writable?") from None


def _engine(url: str) -> Engine:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to protect a read before a write
    _use_wal(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _use_wal(connection: Any) -> None:
    """Switch a new file to WAL. SQLite does not wait for a second process that does so at the same moment; we do."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_WAL_POLL)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
