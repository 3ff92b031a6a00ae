"""Who shares in what licences bring: rules, choices and statements."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was written there cannot be changed."""
    if not holds("app"):
        return
    op.create_table(
        "sharing_rule",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_sharing_rule")),
    )
    op.create_table(
        "sharing_choice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_choice")),
    )
    op.create_index("ix_sharing_choice_person", "sharing_choice", ["repo_id", "github_id", "id"])
    op.create_table(
        "sharing_statement",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("rule_sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "repo_id", "period", "currency", name=op.f("pk_sharing_statement")
        ),
    )
    for table in ("sharing_rule", "sharing_choice", "sharing_statement"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
