"""What was said about a request’s silence: that it was asked about, or that a bot’s closing was undone."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from core.db import UtcDateTime, metadata

silence = Table(
    "silence",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("kept_at", UtcDateTime),
    Column("kept_from", Text, nullable=False, server_default=""),
    Index("ix_silence_asked", "repo_id", "asked_at"),
)
"""`asked_at`: when the bot asked whether anybody still wants it, empty where it need not ask;
`kept_at`: when `kept_from`, a bot, last closed what people want."""
