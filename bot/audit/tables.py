"""The tables of audits: what stewards state, what came out, what it was made from, certificates.

Statements and certificates are written once. `audit_result` and `audit_matter` hold the newest
of each commit and target, and can be made again from a clone.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

audit_statements = Table(
    "audit_statements",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("steward_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_audit_statements_repo", "repo_id"),
)

audit_result = Table(
    "audit_result",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("commit_sha", String(64), primary_key=True),
    Column("target", String(64), primary_key=True),
    Column("sellable", Boolean(name="sellable"), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("blocked", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Column("policy_sha256", String(64), nullable=False),
    Column("ledger_sha256", String(64), nullable=False),
    Column("audited_at", UtcDateTime, nullable=False),
    Column("judged_at", UtcDateTime, nullable=False),
    Index("ix_audit_result_repo", "repo_id", "audited_at"),
)

audit_matter = Table(
    "audit_matter",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("commit_sha", String(64), primary_key=True),
    Column("target", String(64), primary_key=True),
    Column("policy_sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

audit_certificate = Table(
    "audit_certificate",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("commit_sha", String(64), nullable=False),
    Column("target", String(64), nullable=False),
    Column("policy_sha256", String(64), nullable=False),
    Column("ledger_sha256", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("kid", String(64), nullable=False),
    Column("token", Text, nullable=False),
    Column("claims", Json, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Index("uq_audit_certificate_sha256", "repo_id", "sha256", unique=True),
    Index("ix_audit_certificate_commit", "repo_id", "commit_sha", "target"),
)

audit_run = Table(
    "audit_run",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(40), primary_key=True),
    Column("commit_sha", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("asked_by", BigInteger),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
"""How far the service's own audit of something is; `what` is `tip` or `release:NUMBER`."""

audit_alias = Table(
    "audit_alias",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("person", Text, nullable=False),
    Column("same_as", Text, nullable=False),
    Column("accepted", Boolean(name="accepted"), nullable=False),
    Column("steward_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_audit_alias_repo", "repo_id"),
)
"""Whether two are the same person, as stewards said; written once, the last word counts.

Of addresses only the hashes stand here; the addresses are in `audit_alias_named` until erased.
"""

audit_alias_named = Table(
    "audit_alias_named",
    metadata,
    Column("alias_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),
    Column("same_as", Text, nullable=False),
)
"""What the hashes in `audit_alias` stand for, for maintainers to read; it can be erased."""

audit_erased = Table(
    "audit_erased",
    metadata,
    Column("address_sha256", String(64), primary_key=True),
    Column("github_id", BigInteger, nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
)
"""Addresses that people had erased, by their hashes: what comes with code later is hidden too."""

audit_notice = Table(
    "audit_notice",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("commit_sha", String(64), primary_key=True),
    Column("content", Text, nullable=False),
)
"""The NOTICE of a commit: who has to be named, because their work came under an open licence."""
