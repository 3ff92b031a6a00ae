"""Proof of the books in a database: chains, sums, what belongs to what, and the running sums beside.

Everything is read once, in order, holding little: a million entries take seconds.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from core.digests import canonical
from donations import ledger, sums
from donations.audit import Lines, Walk, said
from donations.sums import Sums
from donations.tables import (
    balance,
    book,
    day,
    entry,
    month,
    part,
    refusal,
    reserve,
    transaction,
)

AT_ONCE = 5_000
"""Rows that are fetched together."""

Key = tuple[int, int]
Group = tuple[Key, list[Row[Any]]]


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold in any book."""
    books = connection.execute(select(book).order_by(book.c.id)).all()
    groups = _groups(connection)
    group = next(groups, None)
    rows = _streamed(connection, _transactions())
    row = next(rows, None)
    for one in books:
        checked = _Book(connection, one)
        while row is not None and row.book_id == one.id:
            while group and group[0] < (row.book_id, row.sequence):
                yield f"{len(group[1])} entries belong to no transaction"
                group = next(groups, None)
            mine = group[1] if group and group[0] == (row.book_id, row.sequence) else []
            group = next(groups, None) if mine else group
            for problem in checked.step(row, mine):
                yield f"book of {one.name}: {problem}"
            row = next(rows, None)
        for problem in checked.end():
            yield f"book of {one.name}: {problem}"
    if row is not None or group is not None:
        yield "there are transactions or entries that belong to no book"


def books(connection: Connection) -> tuple[str, ...]:
    """Say of each book how long it is and where it ends."""
    rows = connection.execute(select(book).order_by(book.c.name))
    return tuple(said(row.name, row.head_sequence, row.head_hash) for row in rows)


def refusals(connection: Connection) -> tuple[str, ...]:
    """Say what was told and not posted, because it contradicts the books: somebody has to look at it."""
    rows = connection.execute(select(refusal).order_by(refusal.c.id))
    return tuple(
        f"not posted on {row.found_at:%Y-%m-%d}, and to be looked at:"
        f" {row.source} {row.external_id} ({row.kind}): {row.reason}"
        for row in rows
    )


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give each book as canonical JSON, and after them the proofs, for `audit.export_problems`.

    With `repo_id`: the book of one repository alone. Nobody's name is part of it: who gave stands
    beside the books.
    """
    found = select(book).order_by(book.c.name)
    if repo_id is not None:
        found = found.where(book.c.name == f"project:{repo_id}")
    for one in connection.execute(found).all():
        head = {"sequence": one.head_sequence, "hash": one.head_hash}
        yield canonical({"book": one.name, "head": head})
        for row, text in records(connection, one):
            yield canonical({"hash": row.hash, "record": text})
    if repo_id is None:
        for row in connection.execute(select(reserve).order_by(reserve.c.sequence)):
            yield canonical({"hash": row.hash, "proof": row.record})


def records(connection: Connection, one: Row[Any]) -> Iterator[tuple[Row[Any], str]]:
    """Give each transaction of a book with its record's text, in order."""
    rows = _streamed(connection, _transactions().where(transaction.c.book_id == one.id))
    for row, (_key, mine) in zip(rows, _groups(connection, one.id), strict=True):
        yield row, text_of(one.name, row, lines_of(mine))


def text_of(name: str, row: Row[Any], lines: Lines) -> str:
    """Write the record of a transaction from its columns."""
    return ledger.text_of(
        ledger.record_of(
            name,
            row.sequence,
            (row.source, row.external_id, row.kind),
            (row.happened_at.isoformat(), row.recorded_at.isoformat()),
            (row.about, row.marks, row.reversal_of),
            lines,
        )
    )


def lines_of(rows: list[Row[Any]]) -> Lines:
    """Give entries as a record has them."""
    return [[row.account, row.currency, row.minor] for row in rows]


class _Book:
    """One book being checked."""

    def __init__(self, connection: Connection, row: Row[Any]) -> None:
        self._connection = connection
        self._row = row
        self._walk = Walk(row.name)
        self._days: Sums = {}

    def step(self, row: Row[Any], rows: list[Row[Any]]) -> list[str]:
        lines = lines_of(rows)
        wrong = self._walk.step(row.sequence, text_of(self._row.name, row, lines), row.hash, lines)
        if any(
            one.line != line or one.kind != row.kind or one.happened_at != row.happened_at
            for line, one in enumerate(rows, 1)
        ):
            wrong.append(f"the entries of transaction {row.sequence} say otherwise than it does")
        self._add(row, lines)
        return wrong

    def _add(self, row: Row[Any], lines: Lines) -> None:
        net: dict[tuple[str, str], int] = {}
        for account, currency, minor in lines:
            net[account, currency] = net.get((account, currency), 0) + minor
        currencies = {currency for _account, currency in net}
        sums.add_to_days(self._days, row.happened_at.date(), row.kind, currencies, net)

    def end(self) -> Iterator[str]:
        yield from self._walk.end((self._row.head_sequence, self._row.head_hash))
        balances = {key: [minor] for key, minor in self._walk.sums.items()}
        for table, wanted in (
            (balance, balances),
            (part, sums.parts_of(self._walk.sums)),
            (day, self._days),
            (month, sums.months_of(self._days)),
        ):
            for key in sorted(_differing(self._kept(table), wanted), key=str):
                words = " ".join(map(str, key))
                yield f"{table.name.removeprefix('ledger_')} {words} is not the sum of its entries"

    def _kept(self, table: Table) -> Sums:
        keys = len(table.primary_key)
        rows = self._connection.execute(select(table).where(table.c.book_id == self._row.id))
        return {tuple(row[1:keys]): list(row[keys:]) for row in rows}


def _differing(one: Sums, other: Sums) -> set[tuple[Any, ...]]:
    """Name what is not the same in both; nothing is the same as no row."""
    return {
        key
        for key in one.keys() | other.keys()
        if any(one.get(key, ())) | any(other.get(key, ())) and one.get(key) != other.get(key)
    }


def _transactions() -> Select[Any]:
    return select(transaction).order_by(transaction.c.book_id, transaction.c.sequence)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        yield from rows


def _groups(connection: Connection, book_id: int | None = None) -> Iterator[Group]:
    """Give the entries of each transaction together, in order."""
    columns = entry.c
    query = select(entry).order_by(columns.book_id, columns.sequence, columns.line)
    if book_id is not None:
        query = query.where(columns.book_id == book_id)
    key: Key | None = None
    rows: list[Row[Any]] = []
    for row in _streamed(connection, query):
        if (row.book_id, row.sequence) != key:
            if key:
                yield key, rows
            key, rows = (row.book_id, row.sequence), []
        rows.append(row)
    if key:
        yield key, rows
