"""Organisations, their members and budgets, and which gifts were given in their name."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

organisation = Table(
    "organisation",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("token", String(32), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("uq_organisation_token", "token", unique=True),
)
"""Whoever gives in its name holds its row; `token` is in the address at which people join."""

member = Table(
    "organisation_member",
    metadata,
    Column(
        "organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    ),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("manages", Boolean(name="manages"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_organisation_member_person", "github_id"),
)

budget = Table(
    "organisation_budget",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("by_id", BigInteger),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_organisation_budget_organisation", "organisation_id", "currency", "id"),
)
"""What may be promised in each month, in minor units; the last row of a currency holds."""

given = Table(
    "organisation_gift",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Index("ix_organisation_gift_organisation", "organisation_id", "gift_id"),
)
