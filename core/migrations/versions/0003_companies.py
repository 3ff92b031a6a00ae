"""Companies that sign, whom they list, and who acknowledged it."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_company()
    _make_listing()
    _make_listing_end()
    _make_acknowledgement()
    _make_contact()
    for table in ("company", "company_listing", "company_listing_end", "acknowledgement"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make(table: str, *columns: sa.Column[object], versions: bool = False) -> None:
    others = {"agreement_id": "agreement"}
    if versions:
        others["version_id"] = "agreement_version"
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in others.items()
    ]
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        *columns,
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        *keys,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"uq_{table}_sequence", table, ["agreement_id", "sequence"], unique=True)


def _make_company() -> None:
    _make(
        "company",
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("manager_id", sa.BigInteger(), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        versions=True,
    )
    op.create_index("ix_company_company", "company", ["agreement_id", "company"])
    op.create_index("ix_company_domain", "company", ["agreement_id", "domain"])


def _make_listing() -> None:
    _make(
        "company_listing",
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("pattern", sa.Text(), nullable=True),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at > from_at", name=op.f("ck_company_listing_span")
        ),
    )
    op.create_index(
        "ix_company_listing_subject",
        "company_listing",
        ["agreement_id", "company", "rule", "github_id"],
    )
    op.create_index("ix_company_listing_person", "company_listing", ["agreement_id", "github_id"])


def _make_listing_end() -> None:
    _make(
        "company_listing_end",
        sa.Column("listing", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
    )
    op.create_index(
        "ix_company_listing_end_listing",
        "company_listing_end",
        ["agreement_id", "listing", "github_id"],
    )


def _make_acknowledgement() -> None:
    _make(
        "acknowledgement",
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("domains", Json(), nullable=False),
        sa.Column("teams", Json(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=False),
        versions=True,
    )
    op.create_index("ix_acknowledgement_github", "acknowledgement", ["agreement_id", "github_id"])
    op.create_index("ix_acknowledgement_company", "acknowledgement", ["agreement_id", "company"])


def _make_contact() -> None:
    """What is personal, to be erased when asked: outside the chain, changeable."""
    op.create_table(
        "company_contact",
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_company_contact_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "sequence", name=op.f("pk_company_contact")),
    )
    op.create_index("ix_company_contact_github", "company_contact", ["github_id"])
