"""Gifts that answer appeals, memberships, who was asked, and what people would give."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_of_gifts()
    op.create_table(
        "appeal_later",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "slug", "github_id", name=op.f("pk_appeal_later")),
    )
    op.create_table(
        "would_give",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=True),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_would_give")),
    )
    op.create_index("uq_would_give_person", "would_give", ["about", "github_id"], unique=True)
    op.create_index("ix_would_give_invited", "would_give", ["invited_at", "id"])
    op.create_index("ix_would_give_person", "would_give", ["github_id"])


def downgrade() -> None:
    """What was said would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_of_gifts() -> None:
    op.create_table(
        "appeal_gift",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_appeal_gift_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_appeal_gift")),
    )
    op.create_index("ix_appeal_gift_slug", "appeal_gift", ["repo_id", "slug"])
    op.create_table(
        "membership",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("counterpart", sa.Boolean(name="counterpart"), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_membership_gift_id_gift")),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_slug", "membership", ["repo_id", "slug"])
