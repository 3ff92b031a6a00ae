"""Webhooks out: where they go, how far each was told, and what became of each message."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

hook = Table(
    "hook",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("events", Json, nullable=False),
    Column("creator_id", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("off_at", UtcDateTime),
    Column("off_reason", String(24)),
)
"""`sealed` is the secret, encrypted; `since` is the instant from which judgements are told."""

hook_cursor = Table(
    "hook_cursor",
    metadata,
    Column("hook_id", ForeignKey("hook.id"), primary_key=True, autoincrement=False),
    Column("agreement_id", ForeignKey("agreement.id"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
)
"""The last record of an agreement's chain that was told."""

hook_ready = Table(
    "hook_ready",
    metadata,
    Column("hook_id", ForeignKey("hook.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), nullable=False),
)
"""The pull requests of which it was told that everybody has signed, each with that commit."""

hook_message = Table(
    "hook_message",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("hook_id", ForeignKey("hook.id"), nullable=False),
    Column("message_id", String(40), nullable=False),
    Column("event", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_since", UtcDateTime),
    Column("last_tried_at", UtcDateTime),
    Column("outcome", String(24)),
    Column("status", Integer),
    Index("ix_hook_message_hook", "hook_id", "id"),
    Index("uq_hook_message_message", "message_id", unique=True),
)
"""`state` is `waiting`, `delivered` or `failed`; `outcome` and `status` are of the last attempt."""
