"""Receipts for money: who issues them, their series and numbers, and what stands on each."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was issued cannot be changed."""
    if not holds("app"):
        return
    op.create_table(
        "receipt_issuer",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_issuer")),
    )
    op.create_index("ix_receipt_issuer_repo", "receipt_issuer", ["repo_id", "id"])
    op.create_table(
        "receipt_series",
        sa.Column("registration", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("registration", "year", "name", name=op.f("pk_receipt_series")),
    )
    _make_receipt()
    for table in ("receipt_issuer", "receipt"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("registration", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.Column("payment", sa.String(length=120), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("cancels", BIG_ID, nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_receipt_gift_id_gift")),
        sa.ForeignKeyConstraint(
            ["cancels"], ["receipt.id"], name=op.f("fk_receipt_cancels_receipt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    number = ["registration", "year", "series", "number"]
    op.create_index("uq_receipt_number", "receipt", number, unique=True)
    op.create_index("uq_receipt_payment", "receipt", ["kind", "payment"], unique=True)
    op.create_index("uq_receipt_cancels", "receipt", ["cancels"], unique=True)
    op.create_index("ix_receipt_gift", "receipt", ["gift_id"])
    op.create_table(
        "receipt_paper",
        sa.Column("receipt_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_paper_receipt_id_receipt")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_receipt_paper")),
    )
