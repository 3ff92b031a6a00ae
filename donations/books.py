"""Reads a project's book for its page and for downloads; every look costs the same, however long it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    select,
    tuple_,
)

from core.db import Database
from core.money import Money
from core.snapshots import asked_once
from donations.ledger import CASH, Entry, Kind, balances
from donations.tables import book, entry, giver, transaction

MOST = 20
"""Movements on a page."""

AT_ONCE = 2_000
"""Movements that a download reads together: between them it holds nothing."""

Place = tuple[datetime, int]


@dataclass(frozen=True)
class Book:
    """A book and where it ends."""

    id: int
    name: str
    length: int
    head: str


@dataclass(frozen=True)
class Wanted:
    """What to look for: a kind, a currency, days from `first` to `last` (UTC, both included)."""

    kind: Kind | None = None
    currency: str | None = None
    first: date | None = None
    last: date | None = None
    after: Place | None = None

    @property
    def is_all(self) -> bool:
        """Nothing is left out."""
        return replace(self, after=None) == Wanted()


@dataclass(frozen=True)
class Movement:
    """A transaction as it is shown; `giver` is a name that may be told, or empty."""

    sequence: int
    source: str
    external_id: str
    kind: Kind
    happened_at: datetime
    recorded_at: datetime
    about: str
    marks: str
    reversal_of: int | None
    hash: str
    giver: str
    entries: tuple[Entry, ...]

    @property
    def amounts(self) -> tuple[Money, ...]:
        """By how much it changed what is held, by currency; where it did not, how much it moved."""
        net = balances(self.entries)
        found = []
        for code in sorted({one.money.currency for one in self.entries}):
            gained = sum(
                minor for (_account, of), minor in net.items() if of == code and minor > 0
            )
            found.append(Money(net.get((CASH, code)) or gained, code))
        return tuple(found)

    @property
    def is_held(self) -> bool:
        """It changed what is held; otherwise it only changed to whom that belongs."""
        return any(one.account == CASH for one in self.entries)


@asked_once
def of_project(connection: Connection, repo_id: int) -> Book | None:
    """Give a project's book; None before its first movement."""
    row = connection.execute(select(book).where(book.c.name == f"project:{repo_id}")).one_or_none()
    return Book(row.id, row.name, row.head_sequence, row.head_hash) if row else None


def page(connection: Connection, of: Book, wanted: Wanted) -> tuple[list[Movement], Place | None]:
    """Give the newest movements that are wanted, and where to look on for more."""
    keys = connection.execute(_keys(of, wanted).limit(MOST + 1)).all()
    places = [(row.happened_at, row.sequence) for row in keys[:MOST]]
    rows = transaction.c.sequence.in_([sequence for _at, sequence in places])
    found = {one.sequence: one for one in _movements(connection, of, rows, Wanted())}
    ordered = [found[sequence] for _at, sequence in places]
    return ordered, places[-1] if len(keys) > MOST else None


def chunks(database: Database, of: Book, wanted: Wanted) -> Iterator[list[Movement]]:
    """Give every movement that is wanted as it was posted, some at a time, up to `of`'s end.

    What is written is never changed, so that many short looks see what one long look would have.
    """
    for first in range(1, of.length + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, of.length)
        rows: ColumnElement[bool] = transaction.c.sequence.between(first, last)
        for condition in _conditions(transaction, wanted):
            rows &= condition
        with database.read() as connection:
            found = list(_movements(connection, of, rows, wanted))
        if found:
            yield found


def _keys(of: Book, wanted: Wanted) -> Select[Any]:
    """Find where the wanted movements are: by their entries where only one currency is wanted."""
    table: FromClause = entry if wanted.currency else transaction
    columns = table.c
    query = (
        select(columns.happened_at, columns.sequence)
        .where(columns.book_id == of.id, *_conditions(table, wanted))
        .order_by(columns.happened_at.desc(), columns.sequence.desc())
    )
    if wanted.currency:
        query = query.distinct().where(columns.currency == wanted.currency)
    if wanted.after:
        query = query.where(tuple_(columns.happened_at, columns.sequence) < wanted.after)
    return query


def _conditions(table: FromClause, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = table.c
    found = [columns.kind == wanted.kind] if wanted.kind else []
    if wanted.first:
        found.append(columns.happened_at >= _midnight(wanted.first))
    if wanted.last and wanted.last < date.max:
        found.append(columns.happened_at < _midnight(wanted.last + timedelta(days=1)))
    return found


def _midnight(on_day: date) -> datetime:
    return datetime.combine(on_day, time(), UTC)


def _movements(
    connection: Connection, of: Book, rows: ColumnElement[bool], wanted: Wanted
) -> Iterator[Movement]:
    """Read movements in the order of their posting; of their entries those in the wanted currency."""
    ours = transaction.c.book_id == of.id
    told = (giver.c.book_id == of.id) & (giver.c.sequence == transaction.c.sequence)
    found = connection.execute(
        select(transaction, giver.c.name.label("giver"))
        .outerjoin(giver, told & giver.c.public)
        .where(ours, rows)
        .order_by(transaction.c.sequence)
    ).all()
    lines = _entries(connection, of, [row.sequence for row in found], wanted.currency)
    for row in found:
        if mine := lines.get(row.sequence):
            yield _movement(row, tuple(mine))


def _entries(
    connection: Connection, of: Book, sequences: list[int], currency: str | None
) -> dict[int, list[Entry]]:
    if not sequences:
        return {}
    columns = entry.c
    among: ColumnElement[bool] = columns.sequence.between(sequences[0], sequences[-1])
    if sequences[-1] - sequences[0] >= AT_ONCE:
        among = columns.sequence.in_(sequences)
    query = (
        select(columns.sequence, columns.account, columns.currency, columns.minor)
        .where(columns.book_id == of.id, among)
        .order_by(columns.sequence, columns.line)
    )
    if currency:
        query = query.where(columns.currency == currency)
    found: dict[int, list[Entry]] = {}
    for sequence, account, code, minor in connection.execute(query):
        found.setdefault(sequence, []).append(Entry(account, Money(minor, code)))
    return found


def _movement(row: Row[Any], entries: tuple[Entry, ...]) -> Movement:
    return Movement(
        sequence=row.sequence,
        source=row.source,
        external_id=row.external_id,
        kind=row.kind,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        about=row.about,
        marks=row.marks,
        reversal_of=row.reversal_of,
        hash=row.hash,
        giver=row.giver or "",
        entries=entries,
    )
