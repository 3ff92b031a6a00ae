"""Promises for a milestone: which requests were in it when its work was accepted."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    if not holds("app"):
        return
    op.create_table(
        "milestone_taken",
        sa.Column("node_id", sa.String(length=80), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("request_id", BIG_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_milestone_taken_request_id_request")
        ),
        sa.PrimaryKeyConstraint(
            "node_id", "accepted_at", "request_id", name=op.f("pk_milestone_taken")
        ),
    )
    refuse_changes("milestone_taken")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
