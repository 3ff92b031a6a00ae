"""Tables have one metadata; databases are opened here, SQLite and PostgreSQL alike.

There are two databases: `app` holds the registers, `inbox` the deliveries as they came. On
SQLite they are two files, so that a busy worker never delays an answer at the door; on
PostgreSQL they may be one and the same.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Insert,
    MetaData,
    PoolProxiedConnection,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.types import TypeDecorator

from core.snapshots import ANSWERS

New = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
"""The columns of a row that is to be written."""

Clause = ColumnElement[bool]
Condition = Callable[[New], Clause]
"""Says whether they may replace what stands."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INBOX = {"database": "inbox"}
"""`Table(..., info=INBOX)` puts a table into the inbox database; all others live in `app`."""

BEGIN = "sqlite_begin"
"""Under this name `Connection.info` says how the next transaction on SQLite begins: `DEFERRED`, unless."""

LOCK_WAIT_MS = 5_000
CONNECT_WITHIN_S = 5


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, in UTC, to the microsecond. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; SQLite keeps them as text without a zone, always UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive instant {value!r}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Give back an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value as text with sorted keys: the same bytes on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Write it compactly."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002 - SQLAlchemy's
        """Read it back."""
        return None if value is None else json.loads(value)


class Database:
    """One database: short transactions, `read` and `write`; only the edges of the house open them."""

    def __init__(self, url: str) -> None:
        """Open `url`; an SQLite file's folder is made when it is missing."""
        self.url = url
        self.engine = _open(url)
        is_postgresql = self.engine.dialect.name == "postgresql"
        # There, each statement would see another state; SQLite's transactions are snapshots.
        self._level = {"isolation_level": "REPEATABLE READ"} if is_postgresql else {}
        # SQLite lets writers poll for its one lock, and some wait seconds while others pass:
        # the threads of this process queue up fairly before they ask for it.
        is_file = self.engine.dialect.name == "sqlite"
        self._shared: ContextVar[Connection | None] = ContextVar("shared", default=None)
        self._turn: AbstractContextManager[object] = RLock() if is_file else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; SQLite takes its write lock at once, not half-way."""
        with self._turn, self.engine.connect() as connection:
            connection.info[BEGIN] = "IMMEDIATE"
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot to read from; within `snapshot`, that one."""
        shared = self._shared.get()
        if shared is not None:
            yield shared
            return
        with self.engine.connect() as connection:
            # Not as an option of an engine: that listens, and each statement would ask after all kinds.
            if self._level:
                connection.execution_options(**self._level)
            with connection.begin():
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything that this thread reads until the end see one state, through one connection.

        For a page that many hands put together. Nothing may be written meanwhile: it would not be seen.
        What is `asked_once` is answered once.
        """
        if self._shared.get() is not None:
            yield
            return
        with self.read() as connection:
            token = self._shared.set(connection)
            connection.info[ANSWERS] = {}
            try:
                yield
            finally:
                del connection.info[ANSWERS]
                self._shared.reset(token)

    def scrub(self) -> None:
        """Let no older copy of what was deleted linger in SQLite's log beside the file."""
        if self.engine.dialect.name != "sqlite":
            return
        with self._turn:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def insert_once(connection: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert unless a unique key is taken; say whether this call inserted (once is the database's word)."""
    statement = _insert_unless_taken(connection.dialect.name, table)
    return connection.execute(statement, dict(values)).rowcount == 1


@cache
def _insert_unless_taken(dialect_name: str, table: Table) -> Insert:
    # Put into words once: doing so at each call took longer than the database needs.
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    statement: Insert = dialect.insert(table).on_conflict_do_nothing()
    # Unless asked, SQLAlchemy forgets the count of an INSERT on PostgreSQL.
    return statement.execution_options(preserve_rowcount=True)


def upsert(
    connection: Connection,
    table: Table,
    keys: Mapping[str, object],
    values: Mapping[str, object],
    where: Condition | None = None,
) -> bool:
    """Insert the row of `keys` with `values`, or set `values` on it.

    `where` is given the columns of the new row and says whether they may replace what stands:
    the database compares and writes at once. It is a function of a module, because what it says
    is asked for once and kept. Says whether anything was written.
    """
    statement = _upsert(connection.dialect.name, table, tuple(keys), tuple(values), where)
    return connection.execute(statement, {**keys, **values}).rowcount == 1


@cache
def _upsert(
    dialect_name: str,
    table: Table,
    keys: tuple[str, ...],
    names: tuple[str, ...],
    where: Condition | None,
) -> Insert:
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    statement = dialect.insert(table)
    new = statement.excluded
    whole: Insert = statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: new[name] for name in names},
        where=where(new) if where else None,
    )
    return whole.execution_options(preserve_rowcount=True)


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        # Without a limit, an address that swallows packets holds a thread for two minutes.
        within = {"connect_timeout": CONNECT_WITHIN_S}
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, connect_args=within)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    # Not as a listener: where there is one of any kind, each statement asks after all kinds.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy begins transactions itself (see _begin_sqlite): the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={LOCK_WAIT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted is overwritten: an erased address is not to be found in the file.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    mode = dbapi_connection.info.pop(BEGIN, "DEFERRED")
    dbapi_connection.cursor().execute(f"BEGIN {mode}")
