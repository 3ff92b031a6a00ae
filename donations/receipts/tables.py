"""Who issues receipts, and the receipts: written once, numbered without gaps; triggers guard them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

issuer = Table(
    "receipt_issuer",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_receipt_issuer_repo", "repo_id", "id"),
)
"""The last row of a repository is the one in force."""

series = Table(
    "receipt_series",
    metadata,
    Column("registration", String(64), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("name", String(16), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number of each series: whoever takes the next one holds the row until it is written."""

receipt = Table(
    "receipt",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("registration", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("series", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("gift_id", ForeignKey("gift.id"), nullable=False),
    Column("payment", String(120), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("record_sha256", String(64), nullable=False),
    Column("cancels", ForeignKey("receipt.id")),
    Column("credits", ForeignKey("receipt.id")),
    Column("issued_at", UtcDateTime, nullable=False),
    Index("uq_receipt_number", "registration", "year", "series", "number", unique=True),
    Index("uq_receipt_payment", "kind", "payment", unique=True),
    Index("uq_receipt_cancels", "cancels", unique=True),
    Index("ix_receipt_gift", "gift_id"),
    Index("ix_receipt_credits", "credits"),
)
"""`payment` is the charge (or the receipt, or the refund) that it is about: one of each kind, and no
second one. A credit note `credits` a part of an invoice, which stays; there may be several."""

paper = Table(
    "receipt_paper",
    metadata,
    Column("receipt_id", ForeignKey("receipt.id"), primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
    Column("pdf", LargeBinary),
    Column("pdf_sha256", String(64)),
)
"""What stands on a receipt, the donor too, and its bytes once it was first printed: the same on every
download. It goes when its time is over; number, amount and hash stay."""
