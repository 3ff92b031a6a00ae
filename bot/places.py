"""The tables of where we are installed: installations, repositories, pull requests."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from core.db import UtcDateTime, metadata

installation = Table(
    "installation",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", BigInteger, nullable=False),
    Column("account_login", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

repository = Table(
    "repository",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("installation_id", BigInteger, nullable=False, index=True),
    Column("default_branch", Text, nullable=False),
    Column("private", Boolean(name="private"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("installed_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime),
    Column("owner_id", BigInteger, nullable=False, server_default="0"),
)

pull_request = Table(
    "pull_request",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("opener_id", BigInteger, nullable=False),
    Column("opener_login", Text, nullable=False),
    Column("opener_type", String(16), nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_ref", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("draft", Boolean(name="draft"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_pull_request_head", "repo_id", "head_sha"),
    Index("ix_pull_request_state", "repo_id", "state"),
    Index("ix_pull_request_open", "repo_id", "state", "number"),
)
