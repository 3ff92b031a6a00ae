"""What was said about the silence of requests, and how many comments they have."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    if not holds("app"):
        return
    op.create_table(
        "silence",
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("kept_at", UtcDateTime()),
        sa.Column("kept_from", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_silence")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_silence_request_id_request")
        ),
    )
    op.create_index("ix_silence_asked", "silence", ["repo_id", "asked_at"])
    op.add_column("request", sa.Column("comments", sa.Integer()))


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
