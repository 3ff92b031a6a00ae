"""The commits of pull requests, and who covers each that was merged."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_provenance()
    _make_landing()
    _make_coverage()
    for table in ("landing", "landed_commits", "coverage"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_provenance() -> None:
    op.create_table(
        "provenance",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("base_sha", sa.String(length=64), nullable=False),
        sa.Column("commits", Json(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_provenance")),
    )


def _make_landing() -> None:
    op.create_table(
        "landing",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opener_id", sa.BigInteger(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("base_sha", sa.String(length=64), nullable=False),
        sa.Column("merge_sha", sa.String(length=64), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_landing")),
    )
    op.create_table(
        "landed_commits",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commits", Json(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_landed_commits")),
    )


def _make_coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("landed_sha", sa.String(length=64), nullable=False),
        sa.Column("merge_sha", sa.String(length=64), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("scope_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.String(length=16), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("acted_at", UtcDateTime(), nullable=True),
        sa.Column("evidence", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index(
        "uq_coverage_entry",
        "coverage",
        ["repo_id", "number", "place", "entry", "revision"],
        unique=True,
    )
    for name in ("sha", "landed_sha", "merge_sha", "holder_id", "evidence"):
        op.create_index(f"ix_coverage_{name}", "coverage", [name])
