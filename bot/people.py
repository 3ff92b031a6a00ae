"""Accounts by their number, as GitHub last showed them: for show, and to tell people from bots."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from bot.places import pull_request
from core.db import UtcDateTime, insert_once, metadata, upsert
from core.github import Account

KEPT = timedelta(days=30)
"""Logins change: after this they are looked up again."""

AT_ONCE = 5_000
"""So many accounts are asked for in one query: databases bound it."""

NOBODY = "None"

GHOST_ID = 10137
"""GitHub's stand-in for accounts that are no more: it is nobody, and many."""

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text),
    Column("type", String(16), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
)
"""Without a login it was only asked when the account was made, or (`NOBODY`) nobody bears the number."""


def known(
    connection: Connection, numbers: Collection[int], now: datetime
) -> dict[int, Account | None]:
    """Give those accounts that were seen lately; None for a number that nobody bears."""
    rows = connection.execute(
        select(account)
        .where(account.c.id.in_(numbers), account.c.seen_at > now - KEPT)
        .where(or_(account.c.login.is_not(None), account.c.type == NOBODY))
    )
    return {row.id: _account(row) if row.login else None for row in rows}


def logins(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Give the logins that we know of accounts, for show: they change hands.

    As GitHub last showed them, or as somebody bore one when they opened a pull request.
    """
    wanted, found = sorted(set(numbers)), dict[int, str]()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        opened = select(
            pull_request.c.opener_id.label("id"),
            pull_request.c.opener_login.label("login"),
            literal(0).label("place"),
        ).where(pull_request.c.opener_id.in_(part), pull_request.c.opener_login != "")
        met = select(account.c.id, account.c.login, literal(1)).where(
            account.c.id.in_(part), account.c.login != ""
        )
        # What GitHub showed last comes last, so that it stands.
        rows = connection.execute(union_all(opened, met).order_by("place"))
        found.update((row.id, row.login) for row in rows)
    return found


def number_of(connection: Connection, login: str) -> int | None:
    """Find the number of the account that bore a login, in small letters, when we last saw it."""
    found: int | None = connection.scalar(
        select(account.c.id)
        .where(func.lower(account.c.login) == login)
        .order_by(account.c.seen_at.desc())
        .limit(1)
    )
    if found is not None:
        return found
    opener: int | None = connection.scalar(
        select(pull_request.c.opener_id)
        .where(func.lower(pull_request.c.opener_login) == login)
        .order_by(pull_request.c.updated_at.desc())
        .limit(1)
    )
    return opener


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.login, row.type, row.made_at)


def is_person(who: Account | None) -> bool:
    """Say whether an account is a person's: no bot's, no organisation's, nobody's that is gone."""
    return who is not None and who.type == "User" and not who.is_bot and who.id != GHOST_ID


def note(connection: Connection, number: int, found: Account | None, now: datetime) -> None:
    """Write down what GitHub said about a number."""
    values: dict[str, object] = {
        "login": found.login if found else None,
        "type": found.type if found else NOBODY,
        "seen_at": now,
    }
    if found and found.created_at:
        values["made_at"] = found.created_at
    upsert(connection, account, {"id": number}, values)


def note_made(connection: Connection, number: int, found: Account | None, now: datetime) -> None:
    """Write down only when an account was made, which keeps a row no longer than it would be."""
    if found is None:
        note(connection, number, None, now)
        return
    fresh = {"id": number, "type": found.type, "seen_at": now, "made_at": found.created_at}
    if not insert_once(connection, account, fresh):
        known = update(account).where(account.c.id == number)
        connection.execute(known.values(made_at=found.created_at))


def prune(connection: Connection, now: datetime) -> int:
    """Forget accounts that would be looked up again anyhow, and say how many."""
    return connection.execute(delete(account).where(account.c.seen_at <= now - KEPT)).rowcount
