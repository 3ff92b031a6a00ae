"""Rules, statements and what people chose; triggers guard all of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

rule = Table(
    "sharing_rule",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
)
"""A project's rules in the order in which they were written; one that goes is followed by `UNWRITTEN`."""

choice = Table(
    "sharing_choice",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("choice", String(8), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Index("ix_sharing_choice_person", "repo_id", "github_id", "id"),
)

statement = Table(
    "sharing_statement",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("period", String(8), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("rule_sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
"""What was shared of a period: everything from which it can be reckoned again."""
