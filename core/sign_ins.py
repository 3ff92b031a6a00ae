"""Who is signed in on the pages: one row for each sign-in, gone when it ends.

The browser holds a random key, the row its SHA-256: whoever reads the table can be nobody. What
is personal, the verified addresses above all, never leaves the server and ends with the row.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select

from core.db import Json, UtcDateTime, metadata
from core.github import Account

LIFE = timedelta(hours=12)
"""From signing in to having to do it again, however busy somebody is in between."""

sign_in = Table(
    "sign_in",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("login", String(255), nullable=False),
    Column("addresses", Json, nullable=True),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
)


class SignIn(NamedTuple):
    """Somebody who is signed in; `addresses` is None if GitHub was not asked for them."""

    account_id: int
    login: str
    addresses: tuple[str, ...] | None
    ends_at: datetime


def begin(
    connection: Connection, who: Account, addresses: Sequence[str] | None, now: datetime
) -> str:
    """Sign somebody in until `now + LIFE`; gives the new key, which only the browser keeps."""
    prune(connection, now)
    key = secrets.token_urlsafe(32)
    connection.execute(
        insert(sign_in).values(
            key_sha256=_digest(key),
            account_id=who.id,
            login=who.login,
            addresses=None if addresses is None else list(addresses),
            ends_at=now + LIFE,
        )
    )
    return key


def find(connection: Connection, key: str, now: datetime) -> SignIn | None:
    """Give who is signed in under this key; None if nobody is, or no longer."""
    row = connection.execute(
        select(sign_in).where(sign_in.c.key_sha256 == _digest(key), sign_in.c.ends_at > now)
    ).one_or_none()
    if row is None:
        return None
    addresses = None if row.addresses is None else tuple(row.addresses)
    return SignIn(row.account_id, row.login, addresses, row.ends_at)


def end(connection: Connection, key: str) -> None:
    """Sign out: the key is worth nothing from now on."""
    connection.execute(delete(sign_in).where(sign_in.c.key_sha256 == _digest(key)))


def end_all(connection: Connection, account_id: int) -> int:
    """Sign an account out in every browser, and forget its addresses; gives how many."""
    result = connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id))
    return int(result.rowcount)


def prune(connection: Connection, now: datetime) -> int:
    """Forget the sign-ins that have ended; gives how many."""
    return int(connection.execute(delete(sign_in).where(sign_in.c.ends_at <= now)).rowcount)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
