"""What guardians signed on paper, and who received it."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "guardian_paper"


def upgrade() -> None:
    """Make the table."""
    if not holds("app"):
        return
    op.create_table(
        NAME,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.String(length=10), nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_guardian_paper_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["agreement_version.id"],
            name=op.f("fk_guardian_paper_version_id_agreement_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_paper")),
    )
    op.create_index("uq_guardian_paper_sequence", NAME, ["agreement_id", "sequence"], unique=True)
    op.create_index("uq_guardian_paper_scan", NAME, ["agreement_id", "scan_sha256"], unique=True)
    refuse_changes(NAME)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
