"""Hidden pages of people, names that repositories had, and an index for lists of one stage."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    op.create_table(
        "hidden_page",
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hidden_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("github_id", name=op.f("pk_hidden_page")),
    )
    op.create_table(
        "former_name",
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_key", name=op.f("pk_former_name")),
    )
    shown = sa.text("root_id = id AND state IN ('open', 'closed')")
    op.create_index(
        "ix_request_stage_opened",
        "request",
        ["repo_id", "stage", "opened_at", "id"],
        sqlite_where=shown,
        postgresql_where=shown,
    )


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
