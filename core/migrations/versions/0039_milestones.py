"""Milestones as facts heard from GitHub, and in which of them issues are."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

UNREAD = sa.text("milestone_number IS NULL")


def upgrade() -> None:
    """Make the table, and the column: of issues that were seen before, nobody has looked yet."""
    if not holds("app"):
        return
    op.create_table(
        "milestone",
        sa.Column("node_id", sa.String(length=80), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("last_closed_at", UtcDateTime(), nullable=True),
        sa.Column("reopened_at", UtcDateTime(), nullable=True),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_milestone")),
    )
    op.create_index("ix_milestone_number", "milestone", ["repo_id", "number"])
    op.add_column("board_view", sa.Column("milestone_number", sa.Integer(), nullable=True))
    op.create_index(
        "ix_board_view_unread",
        "board_view",
        ["request_id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index("ix_board_view_milestone", "board_view", ["milestone_number"])


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
