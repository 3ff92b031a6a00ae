"""One chain for every act: `record` takes over the links that stood in `signature`."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move the links, then add what versions and signatures did not say yet."""
    if not holds("app"):
        return
    _make_agreement_repository()
    _make_record()
    _move_links()
    _make_withdrawal()
    _make_reliance()
    op.add_column(
        "repository",
        sa.Column("owner_id", sa.BigInteger(), server_default="0", nullable=False),
    )
    # An installation reaches repositories of its own account only.
    op.execute(
        "UPDATE repository SET owner_id = coalesce((SELECT account_id FROM installation"
        " WHERE installation.id = repository.installation_id), 0)"
    )
    for column in (
        sa.Column("outbound", sa.String(length=24), server_default="", nullable=False),
        sa.Column("outbound_licences", Json(), server_default="[]", nullable=False),
        sa.Column(
            "reaches_back",
            sa.Boolean(name="reaches_back"),
            server_default=sa.false(),
            nullable=False,
        ),
        sa.Column("paths", Json(), server_default="[]", nullable=False),
        sa.Column("publisher_id", sa.BigInteger(), nullable=True),
    ):
        op.add_column("agreement_version", column)
    for column in (
        sa.Column("signed_by", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
    ):
        op.add_column("signature", column)
    for table in ("record", "withdrawal"):
        refuse_changes(table)


def downgrade() -> None:
    """Acts of new kinds have no place in the old tables: restore a backup instead."""
    raise NotImplementedError("records cannot go back into signatures: restore a backup")


def _make_agreement_repository() -> None:
    """An agreement may hold for several repositories: which one holds for each stands here."""
    op.create_table(
        "agreement_repository",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("active", sa.Boolean(name="active"), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_repository_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_agreement_repository")),
    )
    op.create_index("ix_agreement_repository_agreement", "agreement_repository", ["agreement_id"])
    op.execute(
        "INSERT INTO agreement_repository (repo_id, agreement_id, active, phrase)"
        " SELECT scope_id, id, active, phrase FROM agreement"
    )
    for column in ("active", "phrase"):
        op.drop_column("agreement", column)


def _make_record() -> None:
    op.create_table(
        "record",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_record_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_index("uq_record_sequence", "record", ["agreement_id", "sequence"], unique=True)


def _move_links() -> None:
    op.execute(
        "INSERT INTO record"
        " (agreement_id, sequence, kind, record, previous_hash, hash, recorded_at)"
        " SELECT agreement_id, sequence, 'signature', record, previous_hash, hash, recorded_at"
        " FROM signature ORDER BY agreement_id, sequence"
    )
    for column in ("record", "previous_hash", "hash"):
        op.drop_column("signature", column)
    # Who has withdrawn may sign the same version again.
    op.drop_index("uq_signature_person", table_name="signature")


def _make_withdrawal() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_withdrawal_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_index(
        "uq_withdrawal_sequence", "withdrawal", ["agreement_id", "sequence"], unique=True
    )
    op.create_index("ix_withdrawal_github", "withdrawal", ["agreement_id", "github_id"])


def _make_reliance() -> None:
    op.create_table(
        "reliance",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["agreement_version.id"],
            name=op.f("fk_reliance_version_id_agreement_version"),
        ),
        sa.PrimaryKeyConstraint("repo_id", "number", "github_id", name=op.f("pk_reliance")),
    )
    op.create_index("ix_reliance_person", "reliance", ["github_id"])
