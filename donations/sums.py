"""Running sums beside the books: balances by account, and days by kind; added to with each posting.

They spare the pages from summing everything, and prove nothing: `donations.proof` reckons them again.
"""

from datetime import date

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from donations import ledger
from donations.ledger import CASH, Transaction
from donations.tables import balance, day

Sums = dict[tuple[date | str, ...], tuple[int, ...]]


def add(connection: Connection, book_id: int, posted: Transaction) -> None:
    """Add a transaction to the sums of its book, which the caller holds."""
    found: Sums = {key: (minor,) for key, minor in ledger.balances(posted.entries).items()}
    _add(connection, balance, book_id, found)
    _add(connection, day, book_id, days_of(posted))


def days_of(posted: Transaction) -> Sums:
    """Give what a transaction adds to its day: (how many, cash, volume) by (day, currency, kind).

    What only passes through an account counts in no volume.
    """
    cash = dict.fromkeys(posted.currencies, 0)
    volume = dict.fromkeys(posted.currencies, 0)
    for (account, code), minor in ledger.balances(posted.entries).items():
        cash[code] += minor if account == CASH else 0
        volume[code] += max(0, minor)
    on_day, kind = posted.happened_at.date(), posted.cause.kind
    return {(on_day, code, kind): (1, cash[code], volume[code]) for code in volume}


def _add(connection: Connection, table: Table, book_id: int, sums: Sums) -> None:
    """Add to the rows of a table; those that are not there begin at nothing."""
    if not sums:
        return
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, (book_id, *key, *more), strict=True)) for key, more in sums.items()]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    added = {
        column.name: column + statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)
