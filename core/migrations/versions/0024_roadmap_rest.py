"""Credits counted once for lists, and people whom strangers have nominated for credit."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

COUNTED = """
INSERT INTO credit_tally (repo_id, github_id, kind, number)
SELECT repo_id, github_id, kind, count(*) FROM credit
WHERE NOT EXISTS (
    SELECT 1 FROM credit_act AS own
    WHERE own.credit_id = credit.id AND own.deed IN ('taken_back', 'declined')
    AND NOT EXISTS (
        SELECT 1 FROM credit_act AS later
        WHERE later.credit_id = own.credit_id
        AND later.deed = CASE own.deed WHEN 'declined' THEN 'accepted' ELSE 'given_again' END
        AND (later.acted_at > own.acted_at OR later.acted_at = own.acted_at AND later.id > own.id)
    )
)
GROUP BY repo_id, github_id, kind
"""


def upgrade() -> None:
    """Make the tables, and count what is there."""
    if not holds("app"):
        return
    op.create_table(
        "credit_tally",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "github_id", "kind", name=op.f("pk_credit_tally")),
    )
    op.create_index("ix_credit_tally_person", "credit_tally", ["github_id"])
    op.execute(COUNTED)
    _make_nomination()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_nomination() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("evidence", sa.String(length=160), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("nominated_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    said = ["repo_id", "github_id", "kind", "subject", "by_id"]
    op.create_index("uq_nomination_said", "nomination", said, unique=True)
    op.create_index("ix_nomination_repo", "nomination", ["repo_id", "state", "id"])
    op.create_index("ix_nomination_person", "nomination", ["github_id"])
    op.create_index("ix_nomination_by", "nomination", ["by_id"])
