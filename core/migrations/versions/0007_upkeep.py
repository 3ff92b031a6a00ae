"""Imports that wait for approval, and the upkeep of pull requests that wait."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_batch()
    _make_row()
    _make_upkeep()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("broken", Json(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_import_batch_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_repo", "import_batch", ["repo_id", "id"])


def _make_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("given_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("repo", sa.Text(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("ended", sa.Boolean(name="ended"), nullable=False),
        sa.Column("for_company", sa.Boolean(name="for_company"), nullable=False),
        sa.Column("looked_up", sa.Boolean(name="looked_up"), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("login_now", sa.Text(), nullable=True),
        sa.Column("type", sa.String(length=16), nullable=True),
        sa.Column("born_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("doubts", Json(), nullable=False),
        sa.Column("counts_for", sa.String(length=16), nullable=False),
        sa.Column(
            "left_out", sa.Boolean(name="left_out"), nullable=False, server_default=sa.false()
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("uq_import_row_line", "import_row", ["batch_id", "line"], unique=True)
    op.create_index("ix_import_row_key", "import_row", ["batch_id", "looked_up", "key"])
    op.create_index("ix_import_row_state", "import_row", ["batch_id", "state", "line"])
    op.create_index("ix_import_row_github", "import_row", ["github_id"])


def _make_upkeep() -> None:
    op.create_table(
        "upkeep",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_upkeep")),
    )
