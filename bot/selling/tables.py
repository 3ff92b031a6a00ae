"""What was offered, under which text, and what was bought; triggers guard all but what was read last."""

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

text = Table(
    "sale_text",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_read_at", UtcDateTime, nullable=False),
)
"""The bytes of commercial licences, as UTF-8; a sale points to those that its buyer was shown."""

document = Table(
    "sale_document",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("etag", Text, nullable=False),
    Column("refusal", String(16), nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
)
"""Which text is on the default branch now; `refusal` says why there is none: missing, too_big, not_text."""

offer = Table(
    "sale_offer",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("product", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("locked_until", UtcDateTime),
    Column("first_offered_at", UtcDateTime, nullable=False),
    Index("ix_sale_offer_product", "repo_id", "product"),
)
"""Products as they were offered; `locked_until` is when a promise about the price ends."""

sale = Table(
    "sale",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("product", String(40), nullable=False),
    Column("offer_sha256", ForeignKey("sale_offer.sha256"), nullable=False),
    Column("text_sha256", ForeignKey("sale_text.sha256"), nullable=False),
    Column("release", String(255), nullable=False),
    Column("commit_sha", String(64), nullable=False),
    Column("certificate_sha256", String(64), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("trial", Boolean(name="trial"), nullable=False),
    Column("renews", String(64), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Index("ix_sale_repo", "repo_id", "gift_id"),
    Index("ix_sale_renews", "renews"),
)
"""What was bought with a payment (`gift`); `renews` is the licence that goes on, or empty."""

passed = Table(
    "sale_passed",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("passed_at", UtcDateTime, nullable=False),
)
"""Renewals that passed the gate when they were paid; a licence that was made says so itself."""

trial = Table(
    "sale_trial",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("product", String(40), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("gift_id", ForeignKey("gift.id"), nullable=False),
)
"""Who tries what: once. Erased with the person."""
