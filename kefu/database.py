"""A database by its URL: SQLite in a file, or Postgres. One place for transactions, so that stores hold only SQL.

SQLite runs in WAL mode, and a writing transaction takes the write lock at its first statement: two processes that read
before they write wait for each other instead of failing half-way. On Postgres they lock the rows that they go by, or
take turns (:func:`take_turns`) where there is no row yet.

No wait is without an end: for another writer, for a server that does not answer, for a connection.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from kefu.errors import StoreError

_USUAL_REMEDY = "Can it be reached, is it writable?"
_BUSY_SECONDS = 10.0  # how long a writer waits for another one
# For Postgres, in seconds; together less than the 20 that an action may take by default (server.action_timeout).
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 15.0  # with the wait for locks
_IDLE_SECONDS = 60.0  # for a process that hangs in the middle of a transaction; then the server ends it
_SILENT_SECONDS = 15  # for a machine that is gone without a word
_WAL_POLL = 0.02  # seconds between two tries to switch a file to WAL
_WRITE = "kefu_write"
_URLS = "It looks like sqlite:///file.db or postgresql://user@host/database."
_POSTGRES = ("postgresql", "postgresql+psycopg2")

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
        except ImportError as error:
            raise StoreError(f'A driver is missing: {error}. Install it: pip install "kefu[postgres]"') from error
        except (SQLAlchemyError, ValueError) as error:
            # Its message may quote the URL, which may hold a password.
            raise StoreError(f"The database URL cannot be used ({type(error).__name__}). {_URLS}") from None

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
            take_turns(connection, _versions.name)
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


def take_turns(connection: Connection, what: str) -> None:
    """Let one writing transaction at a time go on from here, of those that name the same thing.

    On SQLite there is but one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def bounded_postgres(url: URL, **options: Any) -> Engine:
    """Make an engine for Postgres, none of whose waits is endless, and whose connections survive a restart of it.

    What the URL itself says (``?connect_timeout=2``, ``?options=-c lock_timeout=500``) counts for more. ``options``
    are those of SQLAlchemy's ``create_engine``.
    """
    limits = {
        "lock_timeout": _BUSY_SECONDS,
        "statement_timeout": _STATEMENT_SECONDS,
        "idle_in_transaction_session_timeout": _IDLE_SECONDS,
    }
    settings = [f"-c {name}={seconds * 1000:.0f}" for name, seconds in limits.items()]
    given = options.pop("connect_args", {})
    asked = [*settings, given.get("options", ""), url.query.get("options", "")]  # the last one counts
    arguments = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _SILENT_SECONDS * 1000,
        "keepalives_idle": _SILENT_SECONDS // 3,
        "keepalives_interval": _SILENT_SECONDS // 3,
        "keepalives_count": 2,
        **given,
    }
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    arguments["options"] = " ".join(str(option) for option in asked if option)
    pool = {"pool_pre_ping": True, "pool_timeout": _BUSY_SECONDS}
    return sa.create_engine(url, hide_parameters=True, connect_args=arguments, **pool, **options)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # Its message quotes parameters, which are customers' data: `from None` keeps it out of every traceback.
        kind = _kind(error)
        remedy = "Nothing of this was stored: make room, and do it again." if "full" in kind else _USUAL_REMEDY
        raise StoreError(f"The database failed ({kind}). {remedy}") from None


def _kind(error: SQLAlchemyError) -> str:
    """Name an error, and the driver's own where that says more: OperationalError: LockNotAvailable.

    What went wrong while connecting is quoted: it names host, user or file, and was told nothing of customers. So are
    SQLite's own words, such as "database or disk is full", which never hold a value.
    """
    is_sqlites = isinstance(getattr(error, "orig", None), sqlite3.OperationalError)
    if isinstance(error, OperationalError) and (error.statement is None or is_sqlites):
        return f"{type(error).__name__}: {str(error.orig).strip().partition(chr(10))[0]}"
    names = [type(error).__name__, type(getattr(error, "orig", error)).__name__]
    return ": ".join(dict.fromkeys(names))


def _engine(url: str) -> Engine:
    parsed = sa.engine.make_url(url)
    if parsed.drivername in _POSTGRES:
        engine = bounded_postgres(parsed)
        sa.event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
        return engine
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"Kefu keeps no data in `{parsed.drivername}`. {_URLS}")
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _without_nul(_: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> tuple[str, Any]:
    """Put a replacement character for each NUL, which no text in Postgres may hold: what has one is just not found."""
    rows = parameters if isinstance(parameters, list) else [parameters]
    clean = [
        {name: value.replace("\0", "\ufffd") if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
        if isinstance(row, dict)
    ]
    if len(clean) != len(rows):  # a statement without parameters
        return statement, parameters
    return statement, clean if isinstance(parameters, list) else clean[0]


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
