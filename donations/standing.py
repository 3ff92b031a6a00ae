"""Sums over a project's book, from the running ones: what is held, what came and went, and when."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from core.money import Money
from donations.books import Book, Wanted
from donations.ledger import CASH, KINDS, Kind
from donations.tables import balance, day, month, part

DAY = timedelta(days=1)
BY_DAYS = timedelta(weeks=12)
"""A book younger than that is told by days."""


@dataclass(frozen=True)
class Total:
    """What a kind of movement came to: how many, the change of what is held, and how much changed hands."""

    kind: Kind
    moves: int
    cash: Money
    volume: Money


@dataclass(frozen=True)
class Standing:
    """What a book holds in a currency, and to whom that belongs."""

    held: Money
    project: Money
    requests: Money
    people: Money
    licences: Money
    others: Money


def totals(connection: Connection, of: Book, wanted: Wanted) -> list[Total]:
    """Sum what is wanted by kind and currency, in the order of `KINDS`."""
    table = month if _is_of_months(wanted) else day
    columns = table.c
    conditions = [columns.book_id == of.id]
    if wanted.kind:
        conditions.append(columns.kind == wanted.kind)
    if wanted.currency:
        conditions.append(columns.currency == wanted.currency)
    if wanted.first:
        conditions.append(columns.on_day >= wanted.first)
    if wanted.last:
        conditions.append(columns.on_day <= wanted.last)
    sums = (func.sum(columns.moves), func.sum(columns.cash), func.sum(columns.volume))
    rows = connection.execute(
        select(columns.kind, columns.currency, *sums)
        .where(*conditions)
        .group_by(columns.kind, columns.currency)
    )
    found = [
        Total(kind, int(moves), Money(int(cash), code), Money(int(volume), code))
        for kind, code, moves, cash, volume in rows
    ]
    return sorted(found, key=lambda one: (one.cash.currency, KINDS.index(one.kind)))


def _is_of_months(wanted: Wanted) -> bool:
    begins = wanted.first is None or wanted.first.day == 1
    ends = wanted.last is None or wanted.last == date.max or (wanted.last + DAY).day == 1
    return begins and ends


def changes(connection: Connection, of: Book) -> dict[str, list[tuple[date, int]]]:
    """Give by how much what is held changed, by currency and day (of an old book: month), in order."""
    ends = select(func.min(day.c.on_day), func.max(day.c.on_day)).where(day.c.book_id == of.id)
    first, last = connection.execute(ends).one()
    if first is None:
        return {}
    table = month if last - first > BY_DAYS else day
    columns = table.c
    rows = connection.execute(
        select(columns.on_day, columns.currency, func.sum(columns.cash))
        .where(columns.book_id == of.id)
        .group_by(columns.on_day, columns.currency)
        .order_by(columns.on_day)
    )
    found: dict[str, list[tuple[date, int]]] = {}
    for on_day, code, minor in rows:
        found.setdefault(code, []).append((on_day, int(minor)))
    return dict(sorted(found.items()))


def standings(connection: Connection, of: Book) -> list[Standing]:
    """Give what is held in each currency, and to whom it belongs."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(select(part).where(part.c.book_id == of.id)):
        found.setdefault(row.currency, {})[row.part] = row.minor
    held = connection.execute(
        select(balance.c.currency, balance.c.minor).where(
            balance.c.book_id == of.id, balance.c.account == CASH
        )
    )
    cash: dict[str, int] = {row.currency: row.minor for row in held}

    def owed(code: str, *parts: str) -> Money:
        return Money(-sum(found[code].get(name, 0) for name in parts), code)

    return [
        Standing(
            held=Money(cash.get(code, 0), code),
            project=owed(code, "project"),
            requests=owed(code, "request"),
            people=owed(code, "payee", "owed"),
            licences=owed(code, "licences"),
            others=owed(code, "refund", "tax"),
        )
        for code in sorted(found)
    ]
