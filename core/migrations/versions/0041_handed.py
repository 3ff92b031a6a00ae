"""What could not go back to a giver and was paid to them by hand."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    if not holds("app"):
        return
    op.create_table(
        "gift_handed",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("gift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_gift_handed_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_gift_handed")),
    )
    op.create_index(op.f("ix_gift_handed_gift_id"), "gift_handed", ["gift_id"])


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
