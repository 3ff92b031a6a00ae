"""Requests, the ballots of their votes, and who supports what."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; ballots and joinings are written once."""
    if not holds("app"):
        return
    _make_request()
    _make_ballot()
    _make_support()
    for table in ("ballot", "joining"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_request() -> None:
    op.create_table(
        "request",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("node_id", sa.String(length=80), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("author_login", sa.Text(), nullable=False),
        sa.Column("intake", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("locked", sa.Boolean(name="locked"), server_default=sa.false(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("supporters", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reactions_seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.Column(
            "labelled", sa.Boolean(name="labelled"), server_default=sa.false(), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("uq_request_node", "request", ["node_id"], unique=True)
    op.create_index("ix_request_thread", "request", ["repo_id", "number"])
    op.create_index("ix_request_root", "request", ["root_id"])
    op.create_index("ix_request_asked", "request", ["repo_id", "state", "supporters"])
    op.create_table(
        "request_alias",
        sa.Column("node_id", sa.String(length=80), nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_alias_request_id_request")
        ),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_request_alias")),
    )
    op.create_table(
        "request_backfill",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("cursor", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "label", name=op.f("pk_request_backfill")),
    )
    op.create_table(
        "joining",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("onto_id", BIG_ID, nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_joining_request_id_request")
        ),
        sa.ForeignKeyConstraint(
            ["onto_id"], ["request.id"], name=op.f("fk_joining_onto_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
    )
    op.create_index("uq_joining_evidence", "joining", ["request_id", "evidence"], unique=True)


def _make_ballot() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_box")),
    )
    op.create_index("uq_ballot_box_subject", "ballot_box", ["subject"], unique=True)
    op.create_table(
        "ballot",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("box_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=8), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["box_id"], ["ballot_box.id"], name=op.f("fk_ballot_box_id_ballot_box")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index("uq_ballot_sequence", "ballot", ["box_id", "sequence"], unique=True)
    op.create_index(
        "uq_ballot_act",
        "ballot",
        ["box_id", "github_id", "deed", "door", "evidence", "acted_at"],
        unique=True,
    )
    op.create_index("ix_ballot_person", "ballot", ["github_id", "evidence"])


def _make_support() -> None:
    op.create_table(
        "vote",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_vote_request_id_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "github_id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_person", "vote", ["github_id"])
    op.create_table(
        "supporter",
        sa.Column("root_id", BIG_ID, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("counts", sa.Boolean(name="counts"), nullable=False),
        sa.ForeignKeyConstraint(
            ["root_id"], ["request.id"], name=op.f("fk_supporter_root_id_request")
        ),
        sa.PrimaryKeyConstraint("root_id", "github_id", name=op.f("pk_supporter")),
    )
    op.create_index("ix_supporter_person", "supporter", ["repo_id", "github_id"])
