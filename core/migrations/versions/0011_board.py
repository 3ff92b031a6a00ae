"""The board: the stage of each request, the chained moves, and what GitHub shows of them."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; requests that stand there already get their stage when they are read next."""
    if not holds("app"):
        return
    op.add_column(
        "request", sa.Column("stage", sa.String(length=24), server_default="", nullable=False)
    )
    op.add_column("request", sa.Column("moved_at", UtcDateTime(), nullable=True))
    shown = sa.text("root_id = id AND state IN ('open', 'closed')")
    for name, columns in (
        ("ix_request_stage", ["repo_id", "stage", "supporters", "id"]),
        ("ix_request_moved", ["repo_id", "stage", "moved_at", "id"]),
    ):
        op.create_index(name, "request", columns, sqlite_where=shown, postgresql_where=shown)
    _make_moves()
    refuse_changes("move")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_moves() -> None:
    op.create_table(
        "board",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_board")),
    )
    op.create_table(
        "move",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("from_stage", sa.String(length=24), nullable=False),
        sa.Column("to_stage", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(length=160), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["repo_id"], ["board.repo_id"], name="fk_move_repo_id_board"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_move_request_id_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    op.create_index("uq_move_sequence", "move", ["repo_id", "sequence"], unique=True)
    op.create_index("uq_move_evidence", "move", ["request_id", "evidence"], unique=True)
    op.create_index("ix_move_actor", "move", ["actor_id", "repo_id", "cause"])
    op.create_table(
        "board_view",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("labels", Json(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.Column("heard", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name="fk_board_view_request_id_request"
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_board_view")),
    )
