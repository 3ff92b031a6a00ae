"""Acknowledgements that are taken back, and the numbers of teams that companies list."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_retraction()
    _make_listed_team()
    refuse_changes("retraction")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_retraction() -> None:
    op.create_table(
        "retraction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_retraction_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retraction")),
    )
    op.create_index(
        "uq_retraction_sequence", "retraction", ["agreement_id", "sequence"], unique=True
    )
    op.create_index("ix_retraction_github", "retraction", ["agreement_id", "github_id"])


def _make_listed_team() -> None:
    op.create_table(
        "listed_team",
        sa.Column("agreement_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("listing", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("learnt_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_listed_team_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "listing", name=op.f("pk_listed_team")),
    )
