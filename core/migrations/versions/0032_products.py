"""What is sold: offers, texts, sales, and who tries something."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was offered and what was bought cannot be changed."""
    if not holds("app"):
        return
    op.create_table(
        "sale_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_read_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sale_text")),
    )
    op.create_table(
        "sale_document",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("refusal", sa.String(length=16), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_sale_document")),
    )
    op.create_table(
        "sale_offer",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locked_until", UtcDateTime()),
        sa.Column("first_offered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sale_offer")),
    )
    op.create_index("ix_sale_offer_product", "sale_offer", ["repo_id", "product"])
    _make_sale()
    _make_beside()
    for table in ("sale_text", "sale_offer", "sale", "sale_passed"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_sale() -> None:
    op.create_table(
        "sale",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("offer_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("release", sa.String(length=255), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("renews", sa.String(length=64), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_sale_gift_id_gift")),
        sa.ForeignKeyConstraint(
            ["offer_sha256"], ["sale_offer.sha256"], name=op.f("fk_sale_offer_sha256_sale_offer")
        ),
        sa.ForeignKeyConstraint(
            ["text_sha256"], ["sale_text.sha256"], name=op.f("fk_sale_text_sha256_sale_text")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_sale")),
    )
    op.create_index("ix_sale_repo", "sale", ["repo_id", "gift_id"])
    op.create_index("ix_sale_renews", "sale", ["renews"])


def _make_beside() -> None:
    op.create_table(
        "sale_passed",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("passed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_sale_passed_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_sale_passed")),
    )
    op.create_table(
        "sale_trial",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_sale_trial_gift_id_gift")),
        sa.PrimaryKeyConstraint("repo_id", "product", "github_id", name=op.f("pk_sale_trial")),
    )
