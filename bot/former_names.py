"""The names that repositories had: addresses, badges and feeds under them lead on to the new ones."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Table, Text, select

from core.db import Clause, New, UtcDateTime, metadata, upsert

former_name = Table(
    "former_name",
    metadata,
    Column("name_key", Text, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("left_at", UtcDateTime, nullable=False),
)
"""The last repository that gave up a name; `name_key` is "owner/name" in small letters."""


def note(connection: Connection, name_key: str, repo_id: int, left_at: datetime) -> None:
    """Write down that a repository has another name now, unless another gave this one up later."""
    values = {"repo_id": repo_id, "left_at": left_at}
    upsert(connection, former_name, {"name_key": name_key}, values, _later)


def _later(new: New) -> Clause:
    return former_name.c.left_at <= new.left_at


def bearer(connection: Connection, name: str) -> int | None:
    """Give the number of the repository that was called "owner/name" last; None if none was.

    Ask only where none bears the name now: it may be somebody else's since.
    """
    here = former_name.c.name_key == name.lower()
    return connection.scalar(select(former_name.c.repo_id).where(here))
