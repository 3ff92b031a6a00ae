"""What is personal beside the chain: details of signers, proven addresses, sessions."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_sign_in()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_sign_in() -> None:
    """Who is signed in on the pages."""
    op.create_table(
        "sign_in",
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(length=255), nullable=False),
        sa.Column("addresses", Json(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_ends_at"), "sign_in", ["ends_at"], unique=False)
