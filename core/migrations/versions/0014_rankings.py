"""People's own orders of requests; edits of others' comments; which threads are discussions."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; the orders themselves are written into the ledger of ballots."""
    if not holds("app"):
        return
    op.create_table(
        "ranked",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_ranked_request_id_request")
        ),
        sa.PrimaryKeyConstraint("repo_id", "github_id", "request_id", name=op.f("pk_ranked")),
    )
    op.create_index("ix_ranked_person", "ranked", ["github_id"])
    op.create_table(
        "ranking",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("firsts", sa.Integer(), nullable=False),
        sa.Column("median", sa.Float(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_ranking_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_ranking")),
    )
    op.create_index("ix_ranking_place", "ranking", ["repo_id", "place"])
    _make_foreign_edit()
    op.create_table(
        "discussion",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", name=op.f("pk_discussion")),
    )
    refuse_changes("foreign_edit")


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_foreign_edit() -> None:
    op.create_table(
        "foreign_edit",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("editor_id", sa.BigInteger(), nullable=False),
        sa.Column("commands", sa.Text(), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_foreign_edit_request_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_edit")),
    )
    act = ["comment_id", "editor_id", "acted_at"]
    op.create_index("uq_foreign_edit_act", "foreign_edit", act, unique=True)
    op.create_index("ix_foreign_edit_request", "foreign_edit", ["request_id", "acted_at"])
