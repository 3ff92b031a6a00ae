"""Tokens of the API: made and revoked by maintainers, for one repository, to read only.

A token is random and shown once; only its SHA-256 is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update

from bot.maintaining.tables import api_token

PREFIX = "potluck_"
LONGEST_NAME = 80
LONGEST_TOKEN = 100
MOST = 50
"""Tokens of one repository that are good at a time."""


@dataclass(frozen=True)
class Token:
    """A token as it is listed; what it is itself is not kept."""

    id: int
    repo_id: int
    name: str
    creator_id: int
    created_at: datetime
    last_used_on: date | None = None
    revoked_at: datetime | None = None


def make(
    connection: Connection, repo_id: int, name: str, creator_id: int, now: datetime
) -> str | None:
    """Make a token and give it, for the only time; None where there are too many."""
    good = select(func.count()).where(
        api_token.c.repo_id == repo_id, api_token.c.revoked_at.is_(None)
    )
    if (connection.scalar(good) or 0) >= MOST:
        return None
    token = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(api_token).values(
            repo_id=repo_id,
            name=name,
            sha256=_digest(token),
            creator_id=creator_id,
            created_at=now,
        )
    )
    return token


def revoke(connection: Connection, repo_id: int, token_id: int, now: datetime) -> bool:
    """End a token of this repository; False where it is none, or ended before."""
    ended = connection.execute(
        update(api_token)
        .where(
            api_token.c.id == token_id,
            api_token.c.repo_id == repo_id,
            api_token.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return ended.rowcount == 1


def all_of(connection: Connection, repo_id: int) -> tuple[Token, ...]:
    """Give the tokens of a repository, those that are good first, then the newest first."""
    rows = connection.execute(
        select(
            api_token.c.id,
            api_token.c.repo_id,
            api_token.c.name,
            api_token.c.creator_id,
            api_token.c.created_at,
            api_token.c.last_used_on,
            api_token.c.revoked_at,
        )
        .where(api_token.c.repo_id == repo_id)
        .order_by(api_token.c.revoked_at.is_not(None), api_token.c.id.desc())
        .limit(4 * MOST)
    )
    return tuple(Token(*row) for row in rows)


def find(connection: Connection, token: str) -> Token | None:
    """Give the token that is good; None for all else, however it looks."""
    if not token.startswith(PREFIX) or len(token) > LONGEST_TOKEN:
        return None
    row = connection.execute(
        select(api_token).where(
            api_token.c.sha256 == _digest(token), api_token.c.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return Token(row.id, row.repo_id, row.name, row.creator_id, row.created_at, row.last_used_on)


def note_use(connection: Connection, token_id: int, day: date) -> None:
    """Write down that a token was used on a day; the hour is nobody's business."""
    connection.execute(
        update(api_token).where(api_token.c.id == token_id).values(last_used_on=day)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
