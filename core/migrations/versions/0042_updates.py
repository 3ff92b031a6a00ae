"""What is said of how work goes, and who was told of it."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    op.create_table(
        "outcome_update",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_update")),
    )
    op.create_index("uq_outcome_update_evidence", "outcome_update", ["evidence"], unique=True)
    op.create_index("ix_outcome_update_about", "outcome_update", ["about", "said_at"])
    op.create_index("ix_outcome_update_person", "outcome_update", ["github_id"])
    op.create_table(
        "update_told",
        sa.Column("update_id", BIG_ID, nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["outcome_update.id"],
            name=op.f("fk_update_told_update_id_outcome_update"),
        ),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_update_told_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("update_id", "gift_id", name=op.f("pk_update_told")),
    )
    op.create_index("ix_update_told_gift", "update_told", ["gift_id"])


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
