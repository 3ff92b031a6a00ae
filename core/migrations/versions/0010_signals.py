"""Stories and ratings beside votes, what was asked on the page, finding requests, ages of voters."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, the indexes that lists and pages are read by, and a place for ages."""
    if not holds("app"):
        return
    _make_signals()
    _make_asking()
    _make_stems()
    shown = sa.text("root_id = id")
    for name, columns in (
        ("ix_request_wanted", ["repo_id", "state", "supporters", "id"]),
        ("ix_request_opened", ["repo_id", "state", "opened_at", "id"]),
        ("ix_request_origin", ["repo_id", "state", "origin", "supporters", "id"]),
        ("ix_request_origin_opened", ["repo_id", "state", "origin", "opened_at", "id"]),
    ):
        op.create_index(name, "request", columns, sqlite_where=shown, postgresql_where=shown)
    op.add_column("account", sa.Column("made_at", UtcDateTime(), nullable=True))
    op.create_index("ix_request_author", "request", ["author_id"])
    op.create_index("ix_supporter_since", "supporter", ["root_id", "counts", "since", "github_id"])


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_signals() -> None:
    op.create_table(
        "story",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_story_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "github_id", name=op.f("pk_story")),
    )
    op.create_index("ix_story_told", "story", ["request_id", "told_at", "github_id"])
    op.create_index("ix_story_person", "story", ["github_id"])
    op.create_table(
        "rating",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("rated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name=op.f("ck_rating_value")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_rating_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "github_id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_value", "rating", ["request_id", "value"])
    op.create_index("ix_rating_person", "rating", ["github_id"])


def _make_asking() -> None:
    op.create_table(
        "asking",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_asking")),
    )
    op.create_index("ix_asking_person", "asking", ["github_id", "repo_id", "asked_at"])


def _make_stems() -> None:
    op.create_table(
        "request_stem",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stem", sa.String(length=32), nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_stem_request_id_request")
        ),
        sa.PrimaryKeyConstraint("repo_id", "stem", "request_id", name=op.f("pk_request_stem")),
    )
    op.create_index("ix_request_stem_request", "request_stem", ["request_id"])
    op.create_table(
        "stem_slip",
        sa.Column("slip", sa.String(length=32), nullable=False),
        sa.Column("stem", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("slip", "stem", name=op.f("pk_stem_slip")),
    )
