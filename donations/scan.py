"""Reads books from end to end, as fast as the database gives them: plain rows, in order, holding few."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

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
    lines = []
    agree = True
    for place, (_book, _sequence, line, account, currency, minor, of, when) in enumerate(rows, 1):
        lines.append([account, currency, minor])
        if line != place or of != kind or when != at:
            agree = False
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


def _instant(found: str | datetime) -> str:
    """Write an instant as a record does; SQLite gives it as text without a zone, always UTC."""
    if isinstance(found, str):
        text = found.replace(" ", "T").removesuffix(".000000")
        return f"{text}+00:00"
    return found.astimezone(UTC).isoformat()


def _rows(connection: Connection, query: Select[Any], name: str) -> Iterator[tuple[Any, ...]]:
    """Give rows as the driver does: nothing of theirs has to be converted but instants.

    On PostgreSQL a cursor with a `name` leaves there what was not fetched yet.
    """
    driver: Any = connection.connection.driver_connection
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    named = {} if connection.dialect.name == "sqlite" else {"name": name}
    with closing(driver.cursor(**named)) as cursor:
        cursor.execute(text)
        while found := cursor.fetchmany(AT_ONCE):
            yield from found
