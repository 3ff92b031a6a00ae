"""The register of contributions, and what tells people that a request has shipped."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_credit()
    _make_credit_act()
    _make_credit_files()
    _make_shipping()
    _make_answers()
    for guarded in ("credit", "credit_act"):
        refuse_changes(guarded)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_credit() -> None:
    op.create_table(
        "credit",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("evidence", sa.String(length=160), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("credited_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
    )
    unique = ["repo_id", "github_id", "kind", "evidence"]
    op.create_index("uq_credit_evidence", "credit", unique, unique=True)
    op.create_index("ix_credit_person", "credit", ["github_id", "credited_at"])
    op.create_index("ix_credit_repo", "credit", ["repo_id", "credited_at", "id"])
    op.create_index("ix_credit_by", "credit", ["by_id"])


def _make_credit_act() -> None:
    op.create_table(
        "credit_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("credit_id", BIG_ID, nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(length=160), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_credit_act_credit_id_credit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_act")),
    )
    unique = ["credit_id", "deed", "evidence"]
    op.create_index("uq_credit_act_evidence", "credit_act", unique, unique=True)
    op.create_index("ix_credit_act_actor", "credit_act", ["actor_id"])


def _make_credit_files() -> None:
    op.create_table(
        "credited",
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("hides", sa.Boolean(name="hides"), nullable=False),
        sa.PrimaryKeyConstraint("github_id", name=op.f("pk_credited")),
    )
    op.create_table(
        "credit_file",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_credit_file")),
    )
    op.create_table(
        "credit_entry",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entry")),
    )
    op.create_index("uq_credit_entry_place", "credit_entry", ["repo_id", "place"], unique=True)
    op.create_index("ix_credit_entry_person", "credit_entry", ["github_id"])


def _make_shipping() -> None:
    op.create_table(
        "shipping",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("move", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("shipped_at", UtcDateTime(), nullable=False),
        sa.Column("suggested_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        _of_request("shipping"),
        sa.PrimaryKeyConstraint("request_id", "move", name=op.f("pk_shipping")),
    )
    op.create_index("ix_shipping_repo", "shipping", ["repo_id", "shipped_at"])
    op.create_index("ix_shipping_reminded", "shipping", ["reminded_at", "shipped_at"])
    op.create_table(
        "notice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("move", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        _of_request("notice"),
        _of_request("notice", "thread_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    unique = ["request_id", "move", "github_id"]
    op.create_index("uq_notice_person", "notice", unique, unique=True)
    op.create_index("ix_notice_person", "notice", ["github_id", "told_at"])
    op.create_table(
        "quiet",
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("github_id", "repo_id", name=op.f("pk_quiet")),
    )


def _make_answers() -> None:
    op.create_table(
        "shipped_answer",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        _of_request("shipped_answer"),
        sa.PrimaryKeyConstraint("request_id", "github_id", name=op.f("pk_shipped_answer")),
    )
    op.create_index("ix_shipped_answer_person", "shipped_answer", ["github_id"])
    op.create_index("ix_shipped_answer_evidence", "shipped_answer", ["evidence"])
    op.create_table(
        "lesson",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        _of_request("lesson"),
        sa.PrimaryKeyConstraint("request_id", "side", name=op.f("pk_lesson")),
    )
    op.create_index("ix_lesson_person", "lesson", ["github_id"])


def _of_request(table: str, column: str = "request_id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_request")
    return sa.ForeignKeyConstraint([column], ["request.id"], name=name)
