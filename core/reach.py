"""Whether a database is there at all, said in one sentence before anybody works with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from core.db import Database
from core.errors import UserError
from core.migrations import head

STEPS = "alembic_version"
FAILURES = (DBAPIError, OSError, ArgumentError, ImportError)
"""The database's own, the folder's, and those of an address that names a driver we lack."""


class DatabaseAway(UserError):
    """There is no database of ours there, or it does not answer."""


def shown(url: str) -> str:
    """Give the address of a database without its password."""
    return make_url(url).render_as_string(hide_password=True)


def is_missing(url: str) -> bool:
    """Say whether `url` is an SQLite file that is not there; opening it would make it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return False
    return parsed.database != ":memory:" and not Path(parsed.database).exists()


@contextmanager
def reached(url: str) -> Iterator[Database]:
    """Open a database that answers, making an SQLite file; it is closed at the end.

    Raises `DatabaseAway`.
    """
    try:
        database = Database(url)
        with database.read() as connection:
            connection.execute(
                text("SELECT 1 FROM sqlite_master" if _is_file(url) else "SELECT 1")
            )
    except FAILURES as error:
        raise DatabaseAway(
            f"The database at {shown(url)} cannot be opened ({_reason(error)}):"
            " see that it runs, or mend DATABASE_URL."
        ) from None
    try:
        yield database
    finally:
        database.close()


def require(*urls: str, newest: bool = False) -> None:
    """Raise `DatabaseAway` unless each database is there and migrated; no file is made.

    `newest` asks for every migration of this version too: who only reads needs all columns,
    while a door may still take deliveries in.
    """
    for url in urls:
        step = None if is_missing(url) else _step(url)
        if step is None:
            raise DatabaseAway(
                f"There is no Potluck database at {shown(url)}:"
                " run `potluck migrate`, or mend DATABASE_URL."
            )
        if newest and step < head():
            raise DatabaseAway(
                f"The database at {shown(url)} is of an older version: run `potluck migrate`."
            )


def _step(url: str) -> str | None:
    with reached(url) as database, database.read() as connection:
        if not connection.dialect.has_table(connection, STEPS):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _is_file(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _reason(error: Exception) -> str:
    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, OSError) and told.strerror:
        return told.strerror
    return str(told).strip().partition("\n")[0].rstrip(":. ")
