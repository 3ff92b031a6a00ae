"""Reads books from end to end, as fast as the database gives them: plain rows, in order, holding few."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from psycopg.types.string import TextLoader
from sqlalchemy import Connection, Select, select

from donations import ledger
from donations.audit import Lines
from donations.tables import entry, transaction

AT_ONCE = 5_000
"""Rows that are fetched together."""

Key = tuple[int, int]
"""Book and sequence."""


@dataclass(slots=True)
class Scanned:
    """A transaction as it stands in its rows; `agree` says whether its entries repeat it rightly."""

    key: Key
    cause: tuple[str, str, str]
    happened_at: str
    recorded_at: str
    said: tuple[str, str, int | None]
    hash: str
    lines: Lines
    agree: bool

    def text(self, book: str) -> str:
        """Write its record."""
        instants = self.happened_at, self.recorded_at
        return ledger.text_of(
            ledger.record_of(book, self.key[1], self.cause, instants, self.said, self.lines)
        )


def transactions(connection: Connection, book_id: int | None = None) -> Iterator[Scanned | int]:
    """Give every transaction of one book or of all; a number where so many entries belong to none."""
    heads = select(transaction).order_by(transaction.c.book_id, transaction.c.sequence)
    columns = entry.c
    lines = select(entry).order_by(columns.book_id, columns.sequence, columns.line)
    if book_id is not None:
        heads = heads.where(transaction.c.book_id == book_id)
        lines = lines.where(columns.book_id == book_id)
    groups = groupby(_rows(connection, lines, "scanned_lines"), itemgetter(0, 1))
    nothing: tuple[None, tuple[()]] = (None, ())
    key, rows = next(groups, nothing)
    for head in _rows(connection, heads, "scanned_heads"):
        own = head[0], head[1]
        while key is not None and key < own:
            yield sum(1 for _row in rows)
            key, rows = next(groups, nothing)
        if key == own:
            yield _scanned(head, list(rows))
            key, rows = next(groups, nothing)
        else:
            yield _scanned(head, [])
    if key is not None:
        yield sum(1 for _row in rows) + sum(1 for _group in groups)


def _scanned(head: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Scanned:
    book_id, sequence, source, external_id, kind, at, recorded, about, marks, undone, hashed = head
    lines = [[account, currency, minor] for _, _, _, account, currency, minor, _, _ in rows]
    agree = all(
        line == place and of == kind and when == at
        for place, (_, _, line, _, _, _, of, when) in enumerate(rows, 1)
    )
    return Scanned(
        key=(book_id, sequence),
        cause=(source, external_id, kind),
        happened_at=_instant(at),
        recorded_at=_instant(recorded),
        said=(about, marks, undone),
        hash=hashed,
        lines=lines,
        agree=agree,
    )


def _instant(found: str) -> str:
    """Write an instant as a record does: the databases write it in UTC, with `+00` behind it or nothing."""
    second, _point, part = found.removesuffix("+00").replace(" ", "T").partition(".")
    # PostgreSQL leaves out zeros at the end, SQLite writes all six; a record writes none or all.
    return f"{second}.{part:0<6}+00:00" if part.strip("0") else f"{second}+00:00"


def _rows(connection: Connection, query: Select[Any], name: str) -> Iterator[tuple[Any, ...]]:
    """Give rows as the driver does, with instants as the database writes them: nothing is converted.

    On PostgreSQL a cursor with a `name` leaves there what was not fetched yet.
    """
    driver: Any = connection.connection.driver_connection
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    if connection.dialect.name == "sqlite":
        with closing(driver.cursor()) as cursor:
            yield from cursor.execute(text)
        return
    driver.execute("SET LOCAL TIME ZONE 'UTC'")
    with closing(driver.cursor(name=name)) as cursor:
        cursor.adapters.register_loader("timestamptz", TextLoader)
        cursor.execute(text)
        for rows in _ahead(cursor):
            yield from rows


def _ahead(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Let PostgreSQL put the next rows together while these are looked at."""
    with ThreadPoolExecutor(1) as hand:
        coming = hand.submit(cursor.fetchmany, AT_ONCE)
        while found := coming.result():
            coming = hand.submit(cursor.fetchmany, AT_ONCE)
            yield found
