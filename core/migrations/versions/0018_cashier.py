"""Calls that the processor of payments still has to hear."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the indexes of a queue."""
    if not holds("app"):
        return
    op.create_table(
        "stripe_call",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entity", sa.String(length=255), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_call")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_stripe_call_effect_key")),
    )
    op.create_index("ix_stripe_call_about", "stripe_call", ["about"])
    _index("ix_stripe_call_due", ["due_at", "id"], "due")
    _index("ix_stripe_call_leased", ["leased_until"], "running")
    _index("uq_stripe_call_entity_running", ["entity"], "running", unique=True)
    _index("ix_stripe_call_dead", ["id"], "dead")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _index(name: str, columns: list[str], state: str, *, unique: bool = False) -> None:
    where = sa.text(f"state = '{state}'")
    op.create_index(
        name,
        "stripe_call",
        columns,
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )
