"""Gifts that answer appeals, memberships, who was asked, what people would give, budgets, successors."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_of_gifts()
    op.create_table(
        "appeal_later",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "slug", "github_id", name=op.f("pk_appeal_later")),
    )
    op.create_table(
        "would_give",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=True),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_would_give")),
    )
    op.create_index("uq_would_give_person", "would_give", ["about", "github_id"], unique=True)
    op.create_index("ix_would_give_invited", "would_give", ["invited_at", "id"])
    op.create_index("ix_would_give_person", "would_give", ["github_id"])
    _make_organisations()
    _make_budgets()
    _make_successors()


def downgrade() -> None:
    """What was said would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_of_gifts() -> None:
    op.create_table(
        "appeal_gift",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_id"], ["gift.id"], name=op.f("fk_appeal_gift_gift_id_gift")
        ),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_appeal_gift")),
    )
    op.create_index("ix_appeal_gift_slug", "appeal_gift", ["repo_id", "slug"])
    op.create_table(
        "membership",
        sa.Column("gift_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("counterpart", sa.Boolean(name="counterpart"), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_membership_gift_id_gift")),
        sa.PrimaryKeyConstraint("gift_id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_slug", "membership", ["repo_id", "slug"])


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
