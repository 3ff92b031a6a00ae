"""A text of their own for companies, and teams that are known by number."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds, stands
from core.migrations.append_only import refuse_changes

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the text, and the numbers: an entry that named a team without one names none any more."""
    if not holds("app") or stands("agreement_version", "company_document"):
        return
    for column in (
        sa.Column("company_document", sa.Text(), nullable=True),
        sa.Column("company_content", sa.LargeBinary(), nullable=True),
        sa.Column("company_sha256", sa.String(length=64), nullable=True),
    ):
        op.add_column("agreement_version", column)
    op.add_column("policy", sa.Column("company_etag", sa.Text(), nullable=True))
    _number_listings()
    _make_teams()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _number_listings() -> None:
    """SQLite adds no condition to a table that is there: it is made anew, with its rows."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE company_listing ADD COLUMN team_id BIGINT")
        op.execute("ALTER TABLE company_listing DISABLE TRIGGER USER")
        op.execute("UPDATE company_listing SET team_id = 0 WHERE rule = 'team'")
        op.execute("ALTER TABLE company_listing ENABLE TRIGGER USER")
        condition = "(rule = 'team') = (team_id IS NOT NULL)"
        op.create_check_constraint(op.f("ck_company_listing_team"), "company_listing", condition)
        return
    _make_listing("company_listing_new")
    columns = (
        "id, agreement_id, sequence, company, rule, github_id, pattern,"
        " from_at, until_at, actor_id, recorded_at"
    )
    op.execute(
        f"INSERT INTO company_listing_new ({columns}, team_id)"  # noqa: S608 - our own words
        f" SELECT {columns}, CASE WHEN rule = 'team' THEN 0 END FROM company_listing"
    )
    op.drop_table("company_listing")
    op.rename_table("company_listing_new", "company_listing")
    for name, *keys in (
        ("ix_company_listing_subject", "agreement_id", "company", "rule", "github_id"),
        ("ix_company_listing_person", "agreement_id", "github_id"),
    ):
        op.create_index(name, "company_listing", keys)
    number = ["agreement_id", "sequence"]
    op.create_index("uq_company_listing_sequence", "company_listing", number, unique=True)
    refuse_changes("company_listing")


def _make_listing(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("company", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("pattern", sa.Text(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at > from_at", name=op.f("ck_company_listing_span")
        ),
        sa.CheckConstraint(
            "(rule = 'team') = (team_id IS NOT NULL)", name=op.f("ck_company_listing_team")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_company_listing_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_listing")),
    )


def _make_teams() -> None:
    """Members are read anew within the hour, and what a name means when rules are read next."""
    op.drop_table("listed_team")
    op.drop_table("team")
    op.create_table(
        "team",
        sa.Column("installation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("members", Json(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("installation_id", "team_id", name=op.f("pk_team")),
    )
    op.create_table(
        "meant_team",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("learnt_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "owner_id", "slug", name=op.f("pk_meant_team")),
    )
