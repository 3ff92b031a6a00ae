"""Gifts, who gave them, what happened to them, and the terms; triggers guard all but the givers."""

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

terms = Table(
    "gift_terms",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_shown_at", UtcDateTime, nullable=False),
)

gift = Table(
    "gift",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("key", String(32), nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("about", String(120), nullable=False),
    Column("product", String(12), nullable=False),
    Column("rhythm", String(8), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("terms_sha256", ForeignKey("gift_terms.sha256"), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Index("uq_gift_key", "key", unique=True),
    Index("ix_gift_repo", "repo_id", "id"),
    Index("ix_gift_about", "about", "id"),
)
"""`about` is the node id of the request that it is for, or empty; amounts are minor units."""

giver = Table(
    "gift_giver",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("github_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("public", Boolean(name="public"), nullable=False),
    Column("language", String(8), nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("method_id", Text, nullable=False),
    Column("subscription_id", Text, nullable=False),
    Index("ix_gift_giver_person", "github_id"),
    Index("ix_gift_giver_method", "method_id"),
)
"""What can be erased: the gift and the books stay whole without it."""

act = Table(
    "gift_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("gift_id", ForeignKey("gift.id"), nullable=False),
    Column("deed", String(16), nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("payment", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_gift_act_evidence", "gift_id", "deed", "evidence", unique=True),
    Index("ix_gift_act_evidence", "evidence"),
)

total = Table(
    "gift_total",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("about", String(120), primary_key=True),
    Column("product", String(12), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("minor", BigInteger, nullable=False),
    Column("givers", Integer, nullable=False),
)
"""Running sums for pages: what is there of the gifts, and of how many; `potluck check` reckons them again."""

settlement = Table(
    "gift_settlement",
    metadata,
    Column("charge_id", String(120), primary_key=True),
    Column("gift_id", ForeignKey("gift.id"), nullable=False, index=True),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("settled_minor", BigInteger, nullable=False),
    Column("settled_currency", String(3), nullable=False),
    Column("shown_minor", BigInteger, nullable=False),
    Column("shown_currency", String(3), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)
"""What a payment settled in, and what the card was shown, where either is another currency than said."""

handed = Table(
    "gift_handed",
    metadata,
    Column("reference", String(40), primary_key=True),
    Column("gift_id", ForeignKey("gift.id"), nullable=False, index=True),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What could not go back to a card and was paid to its giver by hand, under the reference of that
payment; who booked it and why go when the giver is erased."""
