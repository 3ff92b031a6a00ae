"""Proof of the books in a database: chains, sums, what belongs to what, and the running sums beside.

Everything is read once, in order, holding little: a million entries take seconds.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, select

from core.digests import canonical
from donations import scan, sums
from donations.audit import Walk, said
from donations.ledger import Kind
from donations.scan import Scanned
from donations.sums import Sums
from donations.tables import (
    balance,
    book,
    day,
    month,
    part,
    refusal,
    reserve,
)


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold in any book."""
    known = connection.execute(select(book).order_by(book.c.id)).all()
    checking = {row.id: _Book(connection, row) for row in known}
    for found in scan.transactions(connection):
        if isinstance(found, int):
            yield f"{found} entries belong to no transaction"
        elif found.key[0] not in checking:
            yield "a transaction belongs to no book"
        else:
            of = checking[found.key[0]]
            for problem in of.step(found):
                yield f"book of {of.name}: {problem}"
    for of in checking.values():
        for problem in of.end():
            yield f"book of {of.name}: {problem}"


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
        for item in scan.transactions(connection, one.id):
            if not isinstance(item, int):
                yield canonical({"hash": item.hash, "record": item.text(one.name)})
    if repo_id is None:
        for row in connection.execute(select(reserve).order_by(reserve.c.sequence)):
            yield canonical({"hash": row.hash, "proof": row.record})


class _Book:
    """One book being checked."""

    def __init__(self, connection: Connection, row: Row[Any]) -> None:
        self._connection = connection
        self._row = row
        self._walk = Walk(row.name)
        self._days: Sums = {}

    @property
    def name(self) -> str:
        return self._walk.name

    def step(self, found: Scanned) -> list[str]:
        sequence, lines = found.key[1], found.lines
        wrong = self._walk.step(sequence, found.text(self._walk.name), found.hash, lines)
        if not found.agree:
            wrong.append(f"the entries of transaction {sequence} say otherwise than it does")
        net = self._walk.net
        on_day = date.fromisoformat(found.happened_at[:10])
        currencies = {currency for _account, currency in net}
        sums.add_to_days(self._days, on_day, cast("Kind", found.cause[2]), currencies, net)
        return wrong

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
