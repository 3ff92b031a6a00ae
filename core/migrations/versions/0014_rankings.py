"""People's own orders of the requests that they voted for, and what all of them say."""

import sqlalchemy as sa
from alembic import op

from core.migrations import holds

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


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
