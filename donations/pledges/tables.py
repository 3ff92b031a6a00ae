"""A purse for each request with promises or gifts, and what was decided there; triggers guard the acts."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, text

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

purse = Table(
    "purse",
    metadata,
    Column("about", String(80), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("live", Boolean(name="live"), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Index("ix_purse_due", "due_at", sqlite_where=text("live"), postgresql_where=text("live")),
)
"""Whoever decides about a request's money holds its row; `due_at` is when to look next."""

purse_act = Table(
    "purse_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("about", ForeignKey("purse.about"), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("until", UtcDateTime),
    Column("by_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_purse_act_evidence", "about", "deed", "evidence", unique=True),
)
"""`minor` and `currency` are a goal or a sum, `until` a campaign's end; `by_id` is 0 where nobody acted."""
