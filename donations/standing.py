"""Sums over a project's book, from the running ones: what is held, what came and went, and when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select

from core.money import Money
from donations.books import Book, Wanted
from donations.ledger import CASH, KINDS, Kind
from donations.tables import balance, day


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
    others: Money


def totals(connection: Connection, of: Book, wanted: Wanted) -> list[Total]:
    """Sum what is wanted by kind and currency, in the order of `KINDS`."""
    columns = day.c
    conditions = [columns.book_id == of.id, *_named(wanted)]
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


def changes(connection: Connection, of: Book) -> dict[str, list[tuple[date, int]]]:
    """Give by how much what is held changed, by currency and day, in order."""
    columns = day.c
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
    columns = balance.c

    def total(*patterns: str) -> ColumnElement[int]:
        fits: ColumnElement[bool] = columns.account.like(patterns[0])
        for pattern in patterns[1:]:
            fits |= columns.account.like(pattern)
        return func.sum(case((fits, columns.minor), else_=0))

    rows = connection.execute(
        select(
            columns.currency,
            total(CASH),
            total("project:%"),
            total("request:%"),
            total("payee:%", "owed:%"),
            total("refund:%", "tax:%"),
        )
        .where(columns.book_id == of.id)
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return [
        Standing(Money(int(held), code), *(Money(-int(minor), code) for minor in owed))
        for code, held, *owed in rows
    ]


def _named(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [day.c.kind == wanted.kind] if wanted.kind else []
    return [*found, day.c.currency == wanted.currency] if wanted.currency else found
