"""What maintainers set up: tokens of the API, webhooks out; and what makes their pages fast."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_token()
    _make_chain_check()
    _make_hook()
    _make_hook_notes()
    _make_hook_message()
    _index()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index("ix_api_token_repo_id", "api_token", ["repo_id"])
    op.create_index("uq_api_token_sha256", "api_token", ["sha256"], unique=True)


def _make_chain_check() -> None:
    op.create_table(
        "chain_check",
        sa.Column("agreement_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("problems", Json(), nullable=False),
        sa.Column("number_of_problems", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_chain_check_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_chain_check")),
    )


def _make_hook() -> None:
    op.create_table(
        "hook",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("events", Json(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("off_at", UtcDateTime(), nullable=True),
        sa.Column("off_reason", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
    )
    op.create_index("ix_hook_repo_id", "hook", ["repo_id"])


def _make_hook_notes() -> None:
    op.create_table(
        "hook_cursor",
        sa.Column("hook_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("agreement_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_hook_cursor_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_cursor_hook_id_hook")
        ),
        sa.PrimaryKeyConstraint("hook_id", "agreement_id", name=op.f("pk_hook_cursor")),
    )
    op.create_table(
        "hook_ready",
        sa.Column("hook_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"], name=op.f("fk_hook_ready_hook_id_hook")),
        sa.PrimaryKeyConstraint("hook_id", "number", name=op.f("pk_hook_ready")),
    )


def _make_hook_message() -> None:
    op.create_table(
        "hook_message",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("hook_id", BIG_ID, nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_since", UtcDateTime(), nullable=True),
        sa.Column("last_tried_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_message_hook_id_hook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_message")),
    )
    op.create_index("ix_hook_message_hook", "hook_message", ["hook_id", "id"])
    op.create_index("uq_hook_message_message", "hook_message", ["message_id"], unique=True)


def _index() -> None:
    """Let maintainers look through many signatures: by login, and by all that a filter asks."""
    # SQLite adds no stored column to a table that is there, and PostgreSQL 17 no other.
    stored = op.get_bind().dialect.name == "postgresql"
    key = sa.Computed("lower(login)", persisted=stored)
    op.add_column("signer", sa.Column("login_key", IN_BYTES, key, nullable=True))
    op.create_index("ix_signer_login_key", "signer", ["login_key"])
    op.create_index(
        "ix_signature_look",
        "signature",
        ["agreement_id", "sequence", "version_id", "method", "capacity", "acted_at"],
    )
    op.create_index("ix_verdict_judged_at", "verdict", ["repo_id", "judged_at"])
    op.create_index("ix_pull_request_open", "pull_request", ["repo_id", "state", "number"])
