"""The tables of the loop: who is told of what has shipped, what they answer, what was learned."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.roadmap.tables import request
from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

notice = Table(
    "notice",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("request_id", ForeignKey(request.c.id), nullable=False),
    Column("move", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("thread_id", ForeignKey(request.c.id), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("told_at", UtcDateTime),
    Index("uq_notice_person", "request_id", "move", "github_id", unique=True),
    Index("ix_notice_person", "github_id", "told_at"),
)
"""Who is told of a shipping: in a comment (`github`) on the thread where they voted, or on their page
(`page`); `quiet` wanted none, `nobody` has no account any more. Without `told_at` it is due."""

quiet = Table(
    "quiet",
    metadata,
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
)
"""Who wants to be told of nothing that ships in a repository, or (0) in any."""

answer = Table(
    "shipped_answer",
    metadata,
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("choice", String(8), nullable=False),
    Column("words", Text, nullable=False),
    Column("door", String(8), nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("ix_shipped_answer_person", "github_id"),
    Index("ix_shipped_answer_evidence", "evidence"),
)
"""Whether it does somebody's job, as it stands; the acts that led there are in the ledger of ballots."""

lesson = Table(
    "lesson",
    metadata,
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("side", String(8), primary_key=True),
    Column("github_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Index("ix_lesson_person", "github_id"),
)
"""What the `project` learned, and what the `asker` can do now."""
