"""Asking for something on the page: the bot opens the issue and names whoever asked.

Until the issue comes back from GitHub as a request, `asking` remembers whose it is; the hidden
line with the key, in an issue that the App itself wrote, says which one it was.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, Index, String, Table, Text, func, select

from bot import outbox
from core.db import UtcDateTime, insert_once, metadata
from core.github import Account, OpenIssue, Repo

SHORTEST_TITLE, LONGEST_TITLE = 10, 120
SHORTEST_NEED, LONGEST_NEED = 10, 4_000
MOST_A_DAY = 10
"""Of one person in one repository: the bot's name is not for flooding others."""

asking = Table(
    "asking",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index("ix_asking_person", "github_id", "repo_id", "asked_at"),
)

_KEY = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_MARKED = re.compile(r"<!-- potluck:request:([A-Za-z0-9_-]{22}) -->", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What somebody sent; `key` came with the form, so that sending it again is nothing new."""

    key: str
    title: str
    need: str
    person: Account


def key() -> str:
    """Make the key of a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def is_key(said: str) -> bool:
    """Say whether a form may have come with this."""
    return _KEY.fullmatch(said) is not None


def is_too_much(connection: Connection, repo_id: int, github_id: int, now: datetime) -> bool:
    """Say whether somebody has asked for as much as one may in a day."""
    mine = (asking.c.github_id == github_id) & (asking.c.repo_id == repo_id)
    since = asking.c.asked_at > now - timedelta(days=1)
    found = connection.scalar(select(func.count()).select_from(asking).where(mine, since))
    return (found or 0) >= MOST_A_DAY


def ask(
    connection: Connection, repo: Repo, asked: Asked, body: str, label: str, now: datetime
) -> bool:
    """Let the bot open an issue; False where the form was sent before. `body` is Markdown."""
    values = {
        "key": asked.key,
        "repo_id": repo.id,
        "github_id": asked.person.id,
        "login": asked.person.login,
        "asked_at": now,
    }
    if not insert_once(connection, asking, values):
        return False
    outbox.put(connection, OpenIssue(repo, asked.title, body, (label,), asked.key), now)
    return True


def number_of(connection: Connection, repo_id: int, key: str) -> int | None:
    """Give the issue that was opened for a form; None as long as it waits."""
    surface = outbox.surface.c
    wanted = select(surface.remote_id).where(surface.surface == f"issue:{repo_id}:{key}")
    return connection.scalar(wanted)


def asker(connection: Connection, repo_id: int, body: str) -> Account | None:
    """Give who asked on the page for an issue that our App opened; None if it was not so.

    Anybody can copy the hidden line: ask this only of issues that the App wrote.
    """
    marked = _MARKED.search(body)
    if marked is None:
        return None
    here = (asking.c.key == marked[1]) & (asking.c.repo_id == repo_id)
    row = connection.execute(select(asking).where(here)).one_or_none()
    return Account(row.github_id, row.login) if row else None
