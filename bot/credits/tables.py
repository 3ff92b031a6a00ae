"""The tables of the register; triggers guard `credit` and `credit_act` against change.

Who is credited stands in them by number alone. Names stand beside, and can be erased.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

credit = Table(
    "credit",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("evidence", String(160), nullable=False),
    Column("by_id", BigInteger),
    Column("credited_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_credit_evidence", "repo_id", "github_id", "kind", "evidence", unique=True),
    Index("ix_credit_person", "github_id", "credited_at"),
    Index("ix_credit_repo", "repo_id", "credited_at", "id"),
    Index("ix_credit_by", "by_id"),
)

credit_act = Table(
    "credit_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("credit_id", ForeignKey("credit.id"), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("evidence", String(160), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Index("uq_credit_act_evidence", "credit_id", "deed", "evidence", unique=True),
    Index("ix_credit_act_actor", "actor_id"),
)

credited = Table(
    "credited",
    metadata,
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("hides", Boolean(name="hides"), nullable=False),
)
"""Who is credited anywhere: their login when we last heard it, and whether they want to be shown."""

credit_file = Table(
    "credit_file",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head", Text, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
)
"""What a file of all-contributors says beside its contributors, to be given back as it came."""

credit_entry = Table(
    "credit_entry",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("login", Text, nullable=False),
    Column("github_id", BigInteger),
    Column("state", String(12), nullable=False),
    Column("entry", Text, nullable=False),
    Index("uq_credit_entry_place", "repo_id", "place", unique=True),
    Index("ix_credit_entry_person", "github_id"),
)
"""A contributor as the file has them; `github_id` where GitHub said whose login it is."""

credit_tally = Table(
    "credit_tally",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Index("ix_credit_tally_person", "github_id"),
)
"""How many credits of a kind stand for somebody in a project: follows from the others, for lists."""

nomination = Table(
    "nomination",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("evidence", String(160), nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("nominated_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    Index("uq_nomination_said", "repo_id", "github_id", "kind", "subject", "by_id", unique=True),
    Index("ix_nomination_repo", "repo_id", "state", "id"),
    Index("ix_nomination_person", "github_id"),
    Index("ix_nomination_by", "by_id"),
)
"""Whom somebody without the right to credit has named: `waiting`, `accepted` or `declined`."""
