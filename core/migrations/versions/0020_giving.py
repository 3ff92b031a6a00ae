"""Gifts and promises, what happened to them, who gave them, and the terms."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was said and what happened cannot be changed."""
    if not holds("app"):
        return
    op.create_table(
        "gift_terms",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_shown_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_gift_terms")),
    )
    _make_gift()
    _make_beside()
    for table in ("gift_terms", "gift", "gift_act"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_gift() -> None:
    op.create_table(
        "gift",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=12), nullable=False),
        sa.Column("rhythm", sa.String(length=8), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms_sha256", sa.String(length=64), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terms_sha256"], ["gift_terms.sha256"], name=op.f("fk_gift_terms_sha256_gift_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift")),
    )
    op.create_index("uq_gift_key", "gift", ["key"], unique=True)
    op.create_index("ix_gift_repo", "gift", ["repo_id", "id"])
    op.create_index("ix_gift_about", "gift", ["about", "id"])
    op.create_table(
        "gift_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("payment", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_gift_act_gift_id_gift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_act")),
    )
    evidence = ["gift_id", "deed", "evidence"]
    op.create_index("uq_gift_act_evidence", "gift_act", evidence, unique=True)
    op.create_index("ix_gift_act_evidence", "gift_act", ["evidence"])


def _make_beside() -> None:
    op.create_table(
        "gift_giver",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(name="public"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_gift_giver_gift_id_gift")),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_gift_giver")),
    )
    op.create_index("ix_gift_giver_person", "gift_giver", ["github_id"])
    op.create_table(
        "gift_total",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("givers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "repo_id", "about", "product", "currency", name=op.f("pk_gift_total")
        ),
    )
