"""Calls for offers, claims, contests, and members who could answer."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; acts are written once."""
    if not holds("app"):
        return
    _make_acts()
    _make_standing()
    _make_people()
    refuse_changes("intent_act")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_acts() -> None:
    op.create_table(
        "intent_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_intent_act_request_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_act")),
    )
    op.create_index(
        "uq_intent_act_sequence", "intent_act", ["request_id", "sequence"], unique=True
    )
    op.create_index(
        "uq_intent_act_evidence", "intent_act", ["request_id", "evidence", "kind"], unique=True
    )
    op.create_index("ix_intent_act_person", "intent_act", ["github_id"])
    op.create_table(
        "intent_words",
        sa.Column("act_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["intent_act.id"], name=op.f("fk_intent_words_act_id_intent_act")
        ),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_intent_words")),
    )
    op.create_index("ix_intent_words_person", "intent_words", ["github_id"])


def _make_standing() -> None:
    op.create_table(
        "intent",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("read_for", UtcDateTime(), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_intent_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_intent")),
    )
    op.create_index("ix_intent_due", "intent", ["due_at"])
    op.create_index("ix_intent_listed", "intent", ["repo_id", "phase", "until"])
    op.create_table(
        "claim",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("active_at", UtcDateTime(), nullable=False),
        sa.Column("warned_for", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_claim_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "github_id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_due", "claim", ["due_at"])
    op.create_index("ix_claim_person", "claim", ["github_id"])


def _make_people() -> None:
    op.create_table(
        "linked_pull",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("opener_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_linked_pull_request_id_request")
        ),
        sa.PrimaryKeyConstraint("repo_id", "number", "request_id", name=op.f("pk_linked_pull")),
    )
    op.create_index("ix_linked_pull_request", "linked_pull", ["request_id"])
    op.create_index("ix_linked_pull_opener", "linked_pull", ["opener_id"])
    op.create_table(
        "answerer",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(name="named"), server_default=sa.false(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("mentioned_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "github_id", name=op.f("pk_answerer")),
    )
    op.create_index("ix_answerer_person", "answerer", ["github_id"])
    op.create_table(
        "answerer_path",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "github_id", "number", name=op.f("pk_answerer_path")),
    )
    op.create_index("ix_answerer_path_person", "answerer_path", ["github_id"])
