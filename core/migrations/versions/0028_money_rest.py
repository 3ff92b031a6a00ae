"""What was decided of calls in doubt, payments that settle in another currency, and lost projects."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; decisions and what payments settled in cannot be changed."""
    if not holds("app"):
        return
    _rulings()
    _settlements()
    op.create_table(
        "project_lost",
        sa.Column("repo_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_project_lost")),
    )


def _rulings() -> None:
    op.create_table(
        "stripe_call_ruling",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("call_id", BIG_ID, nullable=False),
        sa.Column("ruling", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["stripe_call.id"],
            name=op.f("fk_stripe_call_ruling_call_id_stripe_call"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_call_ruling")),
    )
    op.create_index(
        op.f("ix_stripe_call_ruling_call_id"), "stripe_call_ruling", ["call_id"], unique=False
    )
    refuse_changes("stripe_call_ruling")


def _settlements() -> None:
    op.create_table(
        "gift_settlement",
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_currency", sa.String(length=3), nullable=False),
        sa.Column("shown_minor", sa.BigInteger(), nullable=False),
        sa.Column("shown_currency", sa.String(length=3), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_gift_settlement_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("charge_id", name=op.f("pk_gift_settlement")),
    )
    op.create_index(
        op.f("ix_gift_settlement_gift_id"), "gift_settlement", ["gift_id"], unique=False
    )
    refuse_changes("gift_settlement")


def downgrade() -> None:
    """What was decided there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
