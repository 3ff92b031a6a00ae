"""Splits that were said, rewards, their shares, and what happens to them until they are paid."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what decides about money cannot be changed."""
    if not holds("app"):
        return
    _make_splits()
    _make_rewards()
    _make_acts()
    _make_payouts()
    _make_payees()
    for table in ("split_said", "reward", "reward_share", "share_act", "payout", "payee_debt"):
        refuse_changes(table)


def _make_splits() -> None:
    op.create_table(
        "split_said",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shares", Json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_said")),
    )
    op.create_index("uq_split_said_version", "split_said", ["about", "version"], unique=True)
    op.create_index("uq_split_said_evidence", "split_said", ["about", "evidence"], unique=True)
    op.create_table(
        "merged_work",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", "about", name=op.f("pk_merged_work")),
    )
    op.create_index("ix_merged_work_about", "merged_work", ["about", "merged_at"])


def _make_rewards() -> None:
    op.create_table(
        "reward",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("book", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("owed_days", sa.Integer(), nullable=False),
        sa.Column("lapse", sa.String(length=8), nullable=False),
        sa.Column("payments", Json(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
    )
    op.create_index("uq_reward_cause", "reward", ["cause"], unique=True)
    op.create_index("ix_reward_about", "reward", ["about"])
    op.create_table(
        "reward_share",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reward_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_share_reward_id_reward")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_share")),
    )
    person = ["reward_id", "github_id"]
    op.create_index("uq_reward_share_person", "reward_share", person, unique=True)
    op.create_index("ix_reward_share_person", "reward_share", ["github_id", "id"])


def _make_acts() -> None:
    op.create_table(
        "share_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("share_id", BIG_ID, nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("concerns", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["reward_share.id"], name=op.f("fk_share_act_share_id_reward_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_act")),
    )
    evidence = ["share_id", "deed", "evidence"]
    op.create_index("uq_share_act_evidence", "share_act", evidence, unique=True)
    op.create_index("ix_share_act_concerns", "share_act", ["concerns"])
    op.create_table(
        "share_wait",
        sa.Column("share_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("live", sa.Boolean(name="live"), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["reward_share.id"], name=op.f("fk_share_wait_share_id_reward_share")
        ),
        sa.PrimaryKeyConstraint("share_id", name=op.f("pk_share_wait")),
    )
    op.create_index("ix_share_wait_due", "share_wait", ["live", "due_at"])


def _make_payouts() -> None:
    op.create_table(
        "payout",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("share_id", BIG_ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("charge_id", sa.Text(), nullable=False),
        sa.Column("wanted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["reward_share.id"], name=op.f("fk_payout_share_id_reward_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
    )
    op.create_index("uq_payout_attempt", "payout", ["share_id", "attempt"], unique=True)
    op.create_index("ix_payout_account", "payout", ["stripe_id"])
    op.create_table(
        "payee_debt",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("share_id", BIG_ID, nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("bearer", sa.String(length=96), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["reward_share.id"], name=op.f("fk_payee_debt_share_id_reward_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_debt")),
    )
    evidence = ["share_id", "evidence"]
    op.create_index("uq_payee_debt_evidence", "payee_debt", evidence, unique=True)
    op.create_index("ix_payee_debt_person", "payee_debt", ["github_id", "book"])


def _make_payees() -> None:
    op.create_table(
        "payee",
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("payable", sa.Boolean(name="payable"), nullable=False),
        sa.Column("told", sa.Boolean(name="told"), nullable=False),
        sa.Column("consents", sa.Boolean(name="consents"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("github_id", name=op.f("pk_payee")),
    )
    op.create_index("ix_payee_account", "payee", ["stripe_id"])
    op.create_table(
        "fraud_warning",
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("charge_id", name=op.f("pk_fraud_warning")),
    )


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
