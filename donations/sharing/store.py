"""Rules, choices and statements in the database, and what the books say of a project's sales."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, case, func, insert, select

from core.db import insert_once
from core.digests import canonical, sha256
from core.money import Money
from donations.sharing import rules
from donations.sharing.rules import Choice, Rule, Written
from donations.sharing.tables import choice, rule, statement
from donations.tables import book, entry, transaction

SALE = "gift:"
"""What the name of a sale begins with, in what a transaction is about."""


@dataclass(frozen=True)
class Sold:
    """What a sale brought so far, net of fees, tax and what went back."""

    name: str
    paid_at: datetime
    net: Money


@dataclass(frozen=True)
class Statement:
    """What was shared of a period in one currency; `text` holds all that it was reckoned from."""

    repo_id: int
    period: str
    currency: str
    ends_at: datetime
    rule_sha256: str
    text: str
    sha256: str
    made_at: datetime

    @property
    def record(self) -> dict[str, Any]:
        """What stands in it."""
        found: dict[str, Any] = json.loads(self.text)
        return found


def account_of(repo_id: int) -> str:
    """Name the account in which the income of licences lies until it is shared."""
    return f"licences:{repo_id}"


def freeze(connection: Connection, repo_id: int, wanted: Rule | None, now: datetime) -> bool:
    """Write a rule down behind the others if it is another one; None is that there is none."""
    known = written(connection, repo_id)
    new = wanted or rules.UNWRITTEN
    if (known[-1].rule if known else rules.UNWRITTEN) == new:
        return False
    number = known[-1].number + 1 if known else 1
    values = {"sha256": new.sha256, "text": new.text, "frozen_at": now}
    return insert_once(connection, rule, {"repo_id": repo_id, "number": number} | values)


def written(connection: Connection, repo_id: int) -> tuple[Written, ...]:
    """Give every rule of a project, in order."""
    rows = connection.execute(
        select(rule).where(rule.c.repo_id == repo_id).order_by(rule.c.number)
    )
    return tuple(
        Written(row.number, rules.rule_of(json.loads(row.text)), row.frozen_at) for row in rows
    )


def choose(
    connection: Connection, repo_id: int, github_id: int, wanted: Choice, now: datetime
) -> None:
    """Write down what somebody wants done with their shares from now on."""
    values = {"repo_id": repo_id, "github_id": github_id, "choice": wanted, "acted_at": now}
    connection.execute(insert(choice).values(**values))


def choices(connection: Connection, repo_id: int) -> dict[int, Choice]:
    """Give what people of a project chose last."""
    rows = connection.execute(
        select(choice.c.github_id, choice.c.choice)
        .where(choice.c.repo_id == repo_id)
        .order_by(choice.c.id)
    )
    return {row.github_id: cast("Choice", row.choice) for row in rows}


def sales(connection: Connection, repo_id: int) -> tuple[Sold, ...]:
    """Give what each sale brought, as the books have it, in the order in which they were paid."""
    paid = case((transaction.c.kind == "licence", transaction.c.happened_at))
    rows = connection.execute(
        _entries(repo_id, transaction.c.about, func.min(paid).label("paid_at"), entry.c.currency)
        .where(transaction.c.about.startswith(SALE))
        .group_by(transaction.c.about, entry.c.currency)
    ).all()
    # What settled in another currency was paid in the one that was said, where nothing is left.
    when = {row.about: row.paid_at for row in rows if row.paid_at is not None}
    settled = {row.about for row in rows if row.paid_at is None and row.minor}
    found = [
        Sold(row.about, when[row.about], Money(-int(row.minor), row.currency))
        for row in rows
        if row.about in when and (row.minor or row.about not in settled)
    ]
    return tuple(sorted(found, key=lambda one: (one.paid_at, one.name)))


def payments(connection: Connection, repo_id: int, until: datetime | None) -> tuple[datetime, ...]:
    """Give when sales were paid, as far as that tells which rule holds when, oldest first.

    That is each before the first rule stood, at `until`, and the first one after; where there is no
    rule the first alone. Pages ask for it: of a hundred thousand sales it reads a few.
    """
    paid_at = transaction.c.happened_at
    paid = (
        select(paid_at)
        .join(book, book.c.id == transaction.c.book_id)
        .where(book.c.name == f"project:{repo_id}", transaction.c.kind == "licence")
        .order_by(paid_at)
    )
    if until is None:
        return tuple(connection.scalars(paid.limit(1)))
    before = connection.scalars(paid.where(paid_at < until)).all()
    return (*before, *connection.scalars(paid.where(paid_at >= until).limit(1)))


def shared(connection: Connection, repo_id: int) -> dict[str, int]:
    """Give what was shared so far, in minor units by currency: all that left and is no sale's."""
    rows = connection.execute(
        _entries(repo_id, entry.c.currency)
        .where(~transaction.c.about.startswith(SALE))
        .group_by(entry.c.currency)
    )
    return {row.currency: int(row.minor) for row in rows}


def state(
    connection: Connection,
    repo_id: int,
    period: tuple[str, datetime],
    said: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Write a statement down, once for each period and currency; `period` is (name, end)."""
    text = canonical(said)
    values = {
        "repo_id": repo_id,
        "period": period[0],
        "currency": said["currency"],
        "ends_at": period[1],
        "rule_sha256": said["rule_sha256"],
        "text": text,
        "sha256": sha256(text.encode()),
        "made_at": now,
    }
    return insert_once(connection, statement, values)


def statements(connection: Connection, repo_id: int) -> tuple[Statement, ...]:
    """Give a project's statements, the newest first."""
    rows = connection.execute(
        select(statement)
        .where(statement.c.repo_id == repo_id)
        .order_by(statement.c.ends_at.desc(), statement.c.currency)
    )
    return tuple(_statement(row) for row in rows)


def sellers(connection: Connection) -> tuple[int, ...]:
    """Give the projects whose books know an income of licences."""
    rows = connection.scalars(
        select(entry.c.account).where(entry.c.account.startswith("licences:")).distinct()
    )
    return tuple(sorted(int(account.partition(":")[2]) for account in rows))


def _entries(repo_id: int, *columns: Any) -> Any:
    there = (transaction.c.book_id == entry.c.book_id) & (
        transaction.c.sequence == entry.c.sequence
    )
    return (
        select(*columns, func.sum(entry.c.minor).label("minor"))
        .join(transaction, there)
        .join(book, book.c.id == entry.c.book_id)
        .where(book.c.name == f"project:{repo_id}", entry.c.account == account_of(repo_id))
    )


def _statement(row: Row[Any]) -> Statement:
    return Statement(
        row.repo_id,
        row.period,
        row.currency,
        row.ends_at,
        row.rule_sha256,
        row.text,
        row.sha256,
        row.made_at,
    )
