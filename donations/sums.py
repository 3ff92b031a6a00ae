"""Running sums beside the books: balances, days and months by kind; added to with each posting.

They spare the pages from summing everything, and prove nothing: `donations.proof` reckons them again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from donations import ledger
from donations.ledger import CASH, Kind, Transaction
from donations.tables import balance, day, month, part

Net = Mapping[tuple[str, str], int]
"""What (account, currency) gained, in minor units."""

Sums = dict[tuple[Any, ...], list[int]]
"""Rows of a table of sums: the rest of its key, and its numbers."""


def add(connection: Connection, book_id: int, posted: Transaction) -> None:
    """Add a transaction to the sums of its book, which the caller holds."""
    days, net = days_of(posted), ledger.balances(posted.entries)
    _add(connection, balance, book_id, {key: [minor] for key, minor in net.items()})
    _add(connection, part, book_id, parts_of(net))
    _add(connection, day, book_id, days)
    _add(connection, month, book_id, months_of(days))


def days_of(posted: Transaction) -> Sums:
    """Give what a transaction adds to its day: [how many, cash, volume] by (day, currency, kind)."""
    found: Sums = {}
    net = ledger.balances(posted.entries)
    add_to_days(found, posted.happened_at.date(), posted.cause.kind, posted.currencies, net)
    return found


def add_to_days(days: Sums, on_day: date, kind: Kind, currencies: Iterable[str], net: Net) -> None:
    """Add a transaction to its day; what only passes through an account counts in no volume."""
    for currency in currencies:
        days.setdefault((on_day, currency, kind), [0, 0, 0])[0] += 1
    for (account, currency), minor in net.items():
        sums = days[on_day, currency, kind]
        if account == CASH:
            sums[1] += minor
        if minor > 0:
            sums[2] += minor


def months_of(days: Sums) -> Sums:
    """Gather days into months."""
    found: Sums = {}
    for (on_day, *rest), numbers in days.items():
        sums = found.setdefault((on_day.replace(day=1), *rest), [0] * len(numbers))
        for place, number in enumerate(numbers):
            sums[place] += number
    return found


def parts_of(net: Net) -> Sums:
    """Gather accounts by what stands before the colon; leaves out what comes to nothing."""
    found: Sums = {}
    for (account, currency), minor in net.items():
        found.setdefault((account.partition(":")[0], currency), [0])[0] += minor
    return {key: numbers for key, numbers in found.items() if numbers[0]}


def _add(connection: Connection, table: Table, book_id: int, sums: Sums) -> None:
    """Add to the rows of a table; those that are not there begin at nothing."""
    if not sums:
        return
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, (book_id, *key, *more), strict=True)) for key, more in sums.items()]
    connection.execute(_added(connection.dialect.name, table), rows)


@cache
def _added(dialect_name: str, table: Table) -> Insert:
    # Put into words once: each posting says it four times.
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    added = {
        column.name: column + statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    whole: Insert = statement.on_conflict_do_update(index_elements=keys, set_=added)
    return whole
