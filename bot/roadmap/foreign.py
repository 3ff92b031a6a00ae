"""Commands that somebody wrote into another person's comment: they do nothing, and stand in the history.

GitHub lets maintainers edit what others wrote. What a comment then says is not its author's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    func,
    select,
)

from bot import people
from bot.people import account
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.db import UtcDateTime, insert_once, metadata
from core.queue import BIG_ID
from webhooks.events import CommentWritten

foreign_edit = Table(
    "foreign_edit",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("request_id", ForeignKey(request.c.id), nullable=False),
    Column("comment_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("editor_id", BigInteger, nullable=False),
    Column("commands", Text, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_foreign_edit_act", "comment_id", "editor_id", "acted_at", unique=True),
    Index("ix_foreign_edit_request", "request_id", "acted_at"),
)


@dataclass(frozen=True)
class Edit:
    """An edit of another's comment; `commands` as "/vote /rank"; `editor` empty if not known."""

    editor: str
    commands: str
    acted_at: datetime


def note(
    connection: Connection, asked: Request, event: CommentWritten, commands: str, now: datetime
) -> None:
    """Write down that somebody put commands into another's comment; they are not carried out."""
    values = {
        "request_id": asked.id,
        "comment_id": event.comment_id,
        "author_id": event.author.id,
        "editor_id": event.sender.id,
        "commands": commands,
        "acted_at": event.acted_at,
        "recorded_at": now,
    }
    if insert_once(connection, foreign_edit, values):
        people.note(connection, event.sender.id, event.sender, now)


def edits(connection: Connection, request_id: int, most: int) -> list[Edit]:
    """Give the newest edits of others' comments on a request."""
    columns = foreign_edit.c
    rows = connection.execute(
        select(func.coalesce(account.c.login, ""), columns.commands, columns.acted_at)
        .outerjoin(account, account.c.id == columns.editor_id)
        .where(columns.request_id == request_id)
        .order_by(columns.acted_at.desc(), columns.id.desc())
        .limit(most)
    )
    return [Edit(*row) for row in rows]
