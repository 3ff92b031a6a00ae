"""The tables of companies; triggers guard all but `company_contact`, which can be erased.

A company is known by the sequence of the record with which it first signed: that is what the
column `company` holds. `listing` holds the sequence of a listing's record in the same way.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

company = Table(
    "company",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Column("company", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("domain", String(253), nullable=False),
    Column("manager_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_company_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_company_company", "agreement_id", "company"),
    Index("ix_company_domain", "agreement_id", "domain"),
)

company_listing = Table(
    "company_listing",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("company", Integer, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("github_id", BigInteger),
    Column("pattern", Text),
    Column("team_id", BigInteger),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("actor_id", BigInteger, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    CheckConstraint("until_at IS NULL OR until_at > from_at", name="span"),
    CheckConstraint("(rule = 'team') = (team_id IS NOT NULL)", name="team"),
    Index("uq_company_listing_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_company_listing_subject", "agreement_id", "company", "rule", "github_id"),
    Index("ix_company_listing_person", "agreement_id", "github_id"),
)

company_listing_end = Table(
    "company_listing_end",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("listing", Integer, nullable=False),
    Column("github_id", BigInteger),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("actor_id", BigInteger),
    Column("reason", String(16), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_company_listing_end_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_company_listing_end_listing", "agreement_id", "listing", "github_id"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Column("company", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("role", String(8), nullable=False),
    Column("domains", Json, nullable=False),
    Column("teams", Json, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_acknowledgement_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_acknowledgement_github", "agreement_id", "github_id"),
    Index("ix_acknowledgement_company", "agreement_id", "company"),
)

retraction = Table(
    "retraction",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("company", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_retraction_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_retraction_github", "agreement_id", "github_id"),
)

company_contact = Table(
    "company_contact",
    metadata,
    Column("agreement_id", ForeignKey("agreement.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Index("ix_company_contact_github", "github_id"),
)

ROWS: dict[str, tuple[Table, dict[str, str]]] = {
    "company": (
        company,
        {
            "version": "version_id",
            "company": "company",
            "name": "name",
            "domain": "domain",
            "manager_id": "manager_id",
            "repository": "repo_id",
            "shown_at": "shown_at",
            "signed_at": "signed_at",
            "recorded_at": "recorded_at",
        },
    ),
    "listing": (
        company_listing,
        {
            "company": "company",
            "rule": "rule",
            "github_id": "github_id",
            "pattern": "pattern",
            "team_id": "team_id",
            "from": "from_at",
            "until": "until_at",
            "actor_id": "actor_id",
            "recorded_at": "recorded_at",
        },
    ),
    "listing_end": (
        company_listing_end,
        {
            "listing": "listing",
            "github_id": "github_id",
            "ends_at": "ends_at",
            "actor_id": "actor_id",
            "reason": "reason",
            "recorded_at": "recorded_at",
        },
    ),
    "acknowledgement": (
        acknowledgement,
        {
            "version": "version_id",
            "company": "company",
            "github_id": "github_id",
            "role": "role",
            "domains": "domains",
            "teams": "teams",
            "shown_at": "shown_at",
            "acknowledged_at": "acknowledged_at",
            "recorded_at": "recorded_at",
        },
    ),
    "retraction": (
        retraction,
        {name: name for name in ("company", "github_id", "acted_at", "recorded_at")},
    ),
}
"""For `licensing.proof`: which column repeats which field of each kind's record."""
