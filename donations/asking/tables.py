"""Which gifts answer an appeal, who is a member, who said not now, and what people would give."""

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

appeal_gift = Table(
    "appeal_gift",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("slug", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("kept", BigInteger, nullable=False),
    Index("ix_appeal_gift_slug", "repo_id", "slug"),
)
"""`kept` follows what happens to the gift: what is there of it, in minor units."""

appeal_later = Table(
    "appeal_later",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slug", String(40), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
)
"""Who said “not now”, and until when they are not asked."""

membership = Table(
    "membership",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("slug", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("thanks", Text, nullable=False),
    Column("counterpart", Boolean(name="counterpart"), nullable=False),
    Index("ix_membership_slug", "repo_id", "slug"),
)
"""What the membership was when somebody joined: what changes later is for later members."""

would_give = Table(
    "would_give",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("about", String(120), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("language", String(8), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("invited_at", UtcDateTime),
    Column("over_at", UtcDateTime),
    Index("uq_would_give_person", "about", "github_id", unique=True),
    Index("ix_would_give_invited", "invited_at", "id"),
    Index("ix_would_give_person", "github_id"),
)
"""What people would give if there was a bank: no card, no money, in no book.

`over_at`: taken back, or made real.
"""
