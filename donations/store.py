"""Writes to the books, each cause once, and reads what stands there.

    posted = store.post(connection, Transaction(book, Cause("stripe", "txn_1", "gift"), at, entries), now)

`outcome` is `posted`, `known` (the same was told before) or `refused` (it contradicts what was told
before: kept aside and reported, never an error of the caller's). A posting holds its book until the
transaction ends, and touches nothing else that grows with the books.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.db import insert_once, upsert
from core.digests import START, digest, sha256
from core.money import Money
from donations import ledger, sums
from donations.ledger import Cause, Entry, Mark, Transaction
from donations.tables import balance, book, entry, giver, refusal, transaction


@dataclass(frozen=True)
class Posting:
    """What became of a posting; `sequence` is where it stands in its book, `reason` why it does not."""

    outcome: Literal["posted", "known", "refused"]
    sequence: int | None
    reason: str = ""


@dataclass(frozen=True)
class Stored:
    """A transaction in its place."""

    book_id: int
    sequence: int
    transaction: Transaction
    recorded_at: datetime
    hash: str


def post(connection: Connection, wanted: Transaction, recorded_at: datetime) -> Posting:
    """Write a transaction behind the last one of its book, unless its cause is known."""
    held = _held(connection, wanted.book)
    known = stored(connection, wanted.cause)
    if known is not None:
        return _told_again(connection, known.transaction, wanted, known.sequence, recorded_at)
    if wanted.reversal_of is not None and (
        reason := _no_reversal(connection, held.id, wanted, wanted.reversal_of)
    ):
        return _refuse(connection, wanted, reason, recorded_at)
    sequence = held.head_sequence + 1
    text = ledger.text_of(ledger.recorded(wanted, sequence, recorded_at))
    hashed = digest(held.head_hash, text)
    if not insert_once(
        connection, transaction, row_of(held.id, sequence, wanted, recorded_at, hashed)
    ):
        # Another book was told of the same cause at this very moment, and was first.
        return post(connection, wanted, recorded_at)
    connection.execute(insert(entry), lines_of(held.id, sequence, wanted))
    sums.add(connection, held.id, wanted)
    head = {"head_sequence": sequence, "head_hash": hashed}
    connection.execute(update(book).where(book.c.id == held.id).values(**head))
    return Posting("posted", sequence)


def reverse(
    connection: Connection,
    cause: Cause,
    source: str,
    external_id: str,
    at: datetime,
    now: datetime,
) -> Posting:
    """Take back what was posted for `cause`; refused where nothing was, or it is taken back already."""
    found = stored(connection, cause)
    if found is None:
        return Posting("refused", None, "nothing was posted for that cause")
    undoing = ledger.reversal(found.transaction, found.sequence, source, external_id, at)
    return post(connection, undoing, now)


def stored(connection: Connection, cause: Cause) -> Stored | None:
    """Give what was posted for a cause."""
    columns = transaction.c
    row = connection.execute(
        select(transaction, book.c.name)
        .join(book, book.c.id == columns.book_id)
        .where(
            columns.source == cause.source,
            columns.external_id == cause.external_id,
            columns.kind == cause.kind,
        )
    ).one_or_none()
    return _stored(connection, row) if row else None


def balances(connection: Connection, account: str) -> tuple[Money, ...]:
    """Give the balance of an account in each currency, over all books; debits are positive."""
    rows = connection.execute(
        select(balance.c.currency, func.sum(balance.c.minor))
        .where(balance.c.account == account)
        .group_by(balance.c.currency)
        .order_by(balance.c.currency)
    )
    return tuple(Money(int(minor), currency) for currency, minor in rows if minor)


def balances_in(connection: Connection, name: str, account: str) -> tuple[Money, ...]:
    """Give the balance of an account in one book in each currency; debits are positive."""
    rows = connection.execute(
        select(balance.c.currency, balance.c.minor)
        .join(book, book.c.id == balance.c.book_id)
        .where(book.c.name == name, balance.c.account == account, balance.c.minor != 0)
        .order_by(balance.c.currency)
    )
    return tuple(Money(int(minor), currency) for currency, minor in rows)


def owed(connection: Connection, account: str, currency: str) -> Money:
    """Give what we owe to an account in a currency: nothing, or more; negative if it got too much."""
    found = (money for money in balances(connection, account) if money.currency == currency)
    return -next(found, Money(0, currency))


def in_book(connection: Connection, name: str) -> dict[tuple[str, str], int]:
    """Give each balance of a book by (account, currency), in minor units."""
    rows = connection.execute(
        select(balance.c.account, balance.c.currency, balance.c.minor)
        .join(book, book.c.id == balance.c.book_id)
        .where(book.c.name == name, balance.c.minor != 0)
        .order_by(balance.c.account, balance.c.currency)
    )
    return {(row.account, row.currency): row.minor for row in rows}


def name_giver(
    connection: Connection, cause: Cause, github_id: int | None, name: str, *, public: bool
) -> None:
    """Say who gave what was posted for `cause`; they are shown to others only if `public`."""
    found = stored(connection, cause)
    if found is None:
        raise LookupError(f"nothing was posted for {cause}")
    keys = {"book_id": found.book_id, "sequence": found.sequence}
    upsert(connection, giver, keys, {"github_id": github_id, "name": name, "public": public})


def hold(connection: Connection, name: str) -> None:
    """Let nobody else write to a book until the transaction ends: what it owes stays as it is."""
    _held(connection, name)


def forget_giver(connection: Connection, github_id: int) -> int:
    """Erase who gave from beside the books, which stay as they are; says from how many lines."""
    return connection.execute(delete(giver).where(giver.c.github_id == github_id)).rowcount


def _held(connection: Connection, name: str) -> Row[Any]:
    """Give a book, which nobody else writes to until the transaction ends."""
    asked = select(book).where(book.c.name == name).with_for_update()
    found = connection.execute(asked).one_or_none()
    if found is None:
        insert_once(connection, book, {"name": name, "head_sequence": 0, "head_hash": START})
        found = connection.execute(asked).one()
    return found


def _told_again(
    connection: Connection,
    known: Transaction,
    wanted: Transaction,
    sequence: int,
    now: datetime,
) -> Posting:
    if ledger.same(known, wanted):
        return Posting("known", sequence)
    return _refuse(connection, wanted, "the same cause was told differently before", now)


def _no_reversal(
    connection: Connection, book_id: int, wanted: Transaction, sequence: int
) -> str | None:
    columns = transaction.c
    of_book = (
        select(transaction, book.c.name)
        .join(book, book.c.id == columns.book_id)
        .where(columns.book_id == book_id)
    )
    row = connection.execute(of_book.where(columns.sequence == sequence)).one_or_none()
    if row is None:
        return "what it reverses is not in this book"
    if connection.execute(of_book.where(columns.reversal_of == sequence)).first():
        return "what it reverses was reversed before"
    undone = _stored(connection, row).transaction
    turned = {(one.account, -one.money) for one in wanted.entries}
    if turned != {(one.account, one.money) for one in undone.entries}:
        return "its entries are not those that it reverses"
    return None


def _refuse(
    connection: Connection, wanted: Transaction, reason: str, found_at: datetime
) -> Posting:
    text = ledger.text_of(ledger.recorded(wanted, 0, wanted.happened_at))
    values = {
        "source": wanted.cause.source,
        "external_id": wanted.cause.external_id,
        "kind": wanted.cause.kind,
        "record_sha256": sha256(text.encode()),
        "record": text,
        "reason": reason,
        "found_at": found_at,
    }
    insert_once(connection, refusal, values)
    return Posting("refused", None, reason)


def row_of(
    book_id: int, sequence: int, wanted: Transaction, recorded_at: datetime, hashed: str
) -> dict[str, object]:
    """Give the row of a transaction in its place."""
    return {
        "book_id": book_id,
        "sequence": sequence,
        "source": wanted.cause.source,
        "external_id": wanted.cause.external_id,
        "kind": wanted.cause.kind,
        "happened_at": wanted.happened_at,
        "recorded_at": recorded_at,
        "about": wanted.about,
        "marks": " ".join(wanted.marks),
        "reversal_of": wanted.reversal_of,
        "hash": hashed,
    }


def lines_of(book_id: int, sequence: int, wanted: Transaction) -> list[dict[str, object]]:
    """Give the rows of its entries."""
    return [
        {
            "book_id": book_id,
            "sequence": sequence,
            "line": line,
            "account": one.account,
            "currency": one.money.currency,
            "minor": one.money.minor,
            "kind": wanted.cause.kind,
            "happened_at": wanted.happened_at,
        }
        for line, one in enumerate(wanted.entries, 1)
    ]


def _stored(connection: Connection, row: Row[Any]) -> Stored:
    lines = connection.execute(
        select(entry.c.account, entry.c.minor, entry.c.currency)
        .where(entry.c.book_id == row.book_id, entry.c.sequence == row.sequence)
        .order_by(entry.c.line)
    )
    found = Transaction(
        book=row.name,
        cause=Cause(row.source, row.external_id, row.kind),
        happened_at=row.happened_at,
        entries=tuple(Entry(one.account, Money(one.minor, one.currency)) for one in lines),
        about=row.about,
        marks=cast("tuple[Mark, ...]", tuple(row.marks.split())),
        reversal_of=row.reversal_of,
    )
    return Stored(row.book_id, row.sequence, found, row.recorded_at, row.hash)
