"""Accounts by their number, as GitHub last showed them: for show, and to tell people from bots."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, delete, select

from core.db import UtcDateTime, metadata, upsert
from core.github import Account

KEPT = timedelta(days=30)
"""Logins change: after this they are looked up again."""

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text),
    Column("type", String(16), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)


def known(
    connection: Connection, numbers: Collection[int], now: datetime
) -> dict[int, Account | None]:
    """Give those accounts that were seen lately; None for a number that nobody bears."""
    rows = connection.execute(
        select(account).where(account.c.id.in_(numbers), account.c.seen_at > now - KEPT)
    )
    return {row.id: Account(row.id, row.login, row.type) if row.login else None for row in rows}


def note(connection: Connection, number: int, found: Account | None, now: datetime) -> None:
    """Write down what GitHub said about a number."""
    values = {
        "login": found.login if found else None,
        "type": found.type if found else "None",
        "seen_at": now,
    }
    upsert(connection, account, {"id": number}, values)


def prune(connection: Connection, now: datetime) -> int:
    """Forget accounts that would be looked up again anyhow, and say how many."""
    return connection.execute(delete(account).where(account.c.seen_at <= now - KEPT)).rowcount
