"""The audit: what stewards state about a code base, what audits found, and their certificates."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what was stated and certified cannot be changed."""
    if not holds("app"):
        return
    _make_statements()
    _make_results()
    _make_certificate()
    for table in ("audit_statements", "audit_certificate"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_statements() -> None:
    op.create_table(
        "audit_statements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("steward_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_statements")),
    )
    op.create_index("ix_audit_statements_repo", "audit_statements", ["repo_id"])


def _make_results() -> None:
    op.create_table(
        "audit_result",
        *_of_commit(),
        sa.Column("sellable", sa.Boolean(name="sellable"), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("policy_sha256", sa.String(length=64), nullable=False),
        sa.Column("ledger_sha256", sa.String(length=64), nullable=False),
        sa.Column("audited_at", UtcDateTime(), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "commit_sha", "target", name=op.f("pk_audit_result")),
    )
    op.create_index("ix_audit_result_repo", "audit_result", ["repo_id", "audited_at"])
    op.create_table(
        "audit_matter",
        *_of_commit(),
        sa.Column("policy_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "commit_sha", "target", name=op.f("pk_audit_matter")),
    )


def _make_certificate() -> None:
    op.create_table(
        "audit_certificate",
        sa.Column("id", BIG_ID, nullable=False),
        *_of_commit(),
        sa.Column("policy_sha256", sa.String(length=64), nullable=False),
        sa.Column("ledger_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("claims", Json(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_certificate")),
    )
    op.create_index(
        "uq_audit_certificate_sha256", "audit_certificate", ["repo_id", "sha256"], unique=True
    )
    op.create_index(
        "ix_audit_certificate_commit", "audit_certificate", ["repo_id", "commit_sha", "target"]
    )


def _of_commit() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
    )
