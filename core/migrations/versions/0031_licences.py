"""Licences sold: keys, acts, files, activations; releases and the day from which each is open."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; acts and the terms of a release cannot be changed."""
    if not holds("app"):
        return
    _make_licence_book()
    _make_licence_key()
    _make_licence_act()
    _make_licence()
    _make_licence_holder()
    _make_licence_file()
    _make_licence_revocation()
    _make_licence_activation()
    _make_release()
    _make_release_standing()
    for table in ("licence_act", "release"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_licence_book() -> None:
    op.create_table(
        "licence_book",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("revocations", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_licence_book")),
    )


def _make_licence_key() -> None:
    op.create_table(
        "licence_key",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("signs_since", UtcDateTime(), nullable=True),
        sa.Column("signs_until", UtcDateTime(), nullable=True),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('standby', 'signing', 'verifying', 'retired')",
            name=op.f("ck_licence_key_state"),
        ),
        sa.ForeignKeyConstraint(
            ["repo_id"], ["licence_book.repo_id"], name=op.f("fk_licence_key_repo_id_licence_book")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_key")),
    )
    op.create_index("ix_licence_key_repo", "licence_key", ["repo_id", "id"])
    op.create_index("uq_licence_key_kid", "licence_key", ["kid"], unique=True)
    where = sa.text("state = 'signing'")
    op.create_index(
        "uq_licence_key_signing",
        "licence_key",
        ["repo_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _make_licence_act() -> None:
    op.create_table(
        "licence_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("licence", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=160), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repo_id"], ["licence_book.repo_id"], name=op.f("fk_licence_act_repo_id_licence_book")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_act")),
    )
    op.create_index("ix_licence_act_licence", "licence_act", ["licence", "sequence"])
    op.create_index(
        "uq_licence_act_cause",
        "licence_act",
        ["repo_id", "kind", "source", "external_id"],
        unique=True,
    )
    op.create_index("uq_licence_act_sequence", "licence_act", ["repo_id", "sequence"], unique=True)


def _make_licence() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("entitlements", Json(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("grace_seats", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(length=120), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("audit", Json(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("updates_until", UtcDateTime(), nullable=True),
        sa.Column("file_until", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name=op.f("ck_licence_seats")),
        sa.CheckConstraint("grace_seats >= 0", name=op.f("ck_licence_grace_seats")),
        sa.ForeignKeyConstraint(
            ["repo_id"], ["licence_book.repo_id"], name=op.f("fk_licence_repo_id_licence_book")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index("ix_licence_holder", "licence", ["holder_id", "issued_at"])
    op.create_index("ix_licence_repo", "licence", ["repo_id", "issued_at"])
    where = sa.text("revoked_at IS NOT NULL")
    op.create_index(
        "ix_licence_revoked", "licence", ["repo_id"], sqlite_where=where, postgresql_where=where
    )


def _make_licence_holder() -> None:
    op.create_table(
        "licence_holder",
        sa.Column("licence_id", sa.String(length=36), nullable=False),
        sa.Column("licensee", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_licence_holder_licence_id_licence")
        ),
        sa.PrimaryKeyConstraint("licence_id", name=op.f("pk_licence_holder")),
    )


def _make_licence_file() -> None:
    op.create_table(
        "licence_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("licence_id", sa.String(length=36), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kid"], ["licence_key.kid"], name=op.f("fk_licence_file_kid_licence_key")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_licence_file_licence_id_licence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_file")),
    )
    op.create_index("ix_licence_file_kid", "licence_file", ["kid"])
    op.create_index("ix_licence_file_licence", "licence_file", ["licence_id", "id"])


def _make_licence_revocation() -> None:
    op.create_table(
        "licence_revocation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("licence_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_licence_revocation_licence_id_licence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_revocation")),
    )
    cause = ["licence_id", "source", "external_id"]
    op.create_index("uq_licence_revocation_cause", "licence_revocation", cause, unique=True)


def _make_licence_activation() -> None:
    op.create_table(
        "licence_activation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("licence_id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("activated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("seat > 0", name=op.f("ck_licence_activation_seat")),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_licence_activation_licence_id_licence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_activation")),
    )
    machine, seat = ["licence_id", "fingerprint"], ["licence_id", "seat"]
    op.create_index("uq_licence_activation_machine", "licence_activation", machine, unique=True)
    op.create_index("uq_licence_activation_seat", "licence_activation", seat, unique=True)


def _make_release() -> None:
    op.create_table(
        "release",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("github_release", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(length=255), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("licence", sa.String(length=64), nullable=False),
        sa.Column("converts_on", sa.Date(), nullable=True),
        sa.Column("converts_to", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index("ix_release_published", "release", ["repo_id", "published_at", "id"])
    op.create_index("uq_release_github", "release", ["repo_id", "github_release"], unique=True)


def _make_release_standing() -> None:
    op.create_table(
        "release_standing",
        sa.Column("release_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=255), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=False),
        sa.Column("stated", sa.String(length=40), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_standing_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release_standing")),
    )
