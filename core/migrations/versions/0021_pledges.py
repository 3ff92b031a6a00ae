"""A purse for each request that people promised or gave for, and what was decided there."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was decided cannot be changed."""
    if not holds("app"):
        return
    op.create_table(
        "purse",
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(name="live"), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_purse")),
    )
    live = sa.text("live")
    op.create_index("ix_purse_due", "purse", ["due_at"], sqlite_where=live, postgresql_where=live)
    op.create_table(
        "purse_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["purse.about"], name=op.f("fk_purse_act_about_purse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purse_act")),
    )
    evidence = ["about", "deed", "evidence"]
    op.create_index("uq_purse_act_evidence", "purse_act", evidence, unique=True)
    refuse_changes("purse_act")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
