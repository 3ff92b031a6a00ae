"""Budgets of organisations, gifts that go on in another currency, and where gifts stand in the books."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds, stands

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app") or stands("organisation"):
        return
    _make_organisations()
    _make_budgets()
    _make_successors()
    _note_where_gifts_stand()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index("uq_organisation_token", "organisation", ["token"], unique=True)
    op.create_table(
        "organisation_member",
        sa.Column("organisation_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("manages", sa.Boolean(name="manages"), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        _of_organisation("organisation_member"),
        sa.PrimaryKeyConstraint(
            "organisation_id", "github_id", name=op.f("pk_organisation_member")
        ),
    )
    op.create_index("ix_organisation_member_person", "organisation_member", ["github_id"])


def _make_budgets() -> None:
    op.create_table(
        "organisation_budget",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of_organisation("organisation_budget"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_budget")),
    )
    op.create_index(
        "ix_organisation_budget_organisation",
        "organisation_budget",
        ["organisation_id", "currency", "id"],
    )
    op.create_table(
        "organisation_gift",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_organisation_gift_gift_id_gift")
        ),
        _of_organisation("organisation_gift"),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_organisation_gift")),
    )
    op.create_index(
        "ix_organisation_gift_organisation", "organisation_gift", ["organisation_id", "gift_id"]
    )


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_organisation_id_organisation")
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=name)


def _make_successors() -> None:
    op.create_table(
        "gift_retiring",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("into", sa.String(length=3), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_gift_retiring_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_gift_retiring")),
    )
    op.create_table(
        "gift_successor",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("before_id", BIG_ID, nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["before_id"], ["gift.id"], name=op.f("fk_gift_successor_before_id_gift")
        ),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_gift_successor_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_gift_successor")),
    )
    op.create_index("ix_gift_successor_before", "gift_successor", ["before_id"])
    op.create_table(
        "gift_posted",
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_gift_posted_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("external_id", "kind", name=op.f("pk_gift_posted")),
    )
    op.create_index("ix_gift_posted_gift", "gift_posted", ["gift_id"])


def _note_where_gifts_stand() -> None:
    """Payments of before are told by project, purpose, instant and sum, where only one of each fits."""
    op.execute(
        "INSERT INTO gift_posted (external_id, kind, gift_id)"
        " SELECT t.external_id, t.kind, min(g.id) FROM ledger_transaction t"
        " JOIN ledger_book b ON b.id = t.book_id"
        " JOIN gift_act a ON a.deed = 'paid' AND a.at = t.happened_at"
        " JOIN gift g ON g.id = a.gift_id AND b.name = 'project:' || g.repo_id"
        " AND t.about IN (g.about, 'gift:' || g.id)"
        " WHERE t.source = 'stripe' AND t.kind IN ('gift', 'pledge', 'licence')"
        " AND a.minor = (SELECT -sum(e.minor) FROM ledger_entry e WHERE e.book_id = t.book_id"
        " AND e.sequence = t.sequence AND e.minor < 0 AND e.currency = g.currency)"
        " GROUP BY t.external_id, t.kind HAVING count(*) = 1"
    )
