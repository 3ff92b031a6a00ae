"""Which comment of a person we answered last in a thread, so that an old one never speaks again."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, select

from core.db import UtcDateTime, metadata, upsert

answer = Table(
    "answer",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("comment_id", BigInteger, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
)


def topic(github_id: int) -> str:
    """Name the one comment in a thread in which a person is answered."""
    return f"answer:{github_id}"


def last(
    connection: Connection, repo_id: int, number: int, github_id: int
) -> tuple[datetime, int] | None:
    """Give when the person acted that we answered last, and by which comment."""
    row = connection.execute(
        select(answer.c.acted_at, answer.c.comment_id).where(
            answer.c.repo_id == repo_id,
            answer.c.number == number,
            answer.c.github_id == github_id,
        )
    ).one_or_none()
    return (row.acted_at, row.comment_id) if row else None


def note(
    connection: Connection,
    repo_id: int,
    number: int,
    github_id: int,
    comment_id: int,
    acted_at: datetime,
) -> bool:
    """Take the floor for an answer; False if a later comment of the person was answered already."""
    before = last(connection, repo_id, number, github_id)
    if before is not None and before > (acted_at, comment_id):
        return False
    upsert(
        connection,
        answer,
        {"repo_id": repo_id, "number": number, "github_id": github_id},
        {"comment_id": comment_id, "acted_at": acted_at},
    )
    return True
