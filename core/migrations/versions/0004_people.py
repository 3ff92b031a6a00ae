"""What is personal beside the chain: details of signers, proven addresses, sessions."""

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_sign_in()
    _make_signer_detail()
    _make_addresses()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_sign_in() -> None:
    """Who is signed in on the pages."""
    op.create_table(
        "sign_in",
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(length=255), nullable=False),
        sa.Column("addresses", Json(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_ends_at"), "sign_in", ["ends_at"], unique=False)


def _make_signer_detail() -> None:
    """What signers told us, beside the chain."""
    op.create_table(
        "signer_detail",
        sa.Column(
            "signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("details", Json(), nullable=False),
        sa.Column("kept_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_signer_detail_signature_id_signature"),
        ),
        sa.PrimaryKeyConstraint("signature_id", "kind", name=op.f("pk_signer_detail")),
    )
    op.create_index(op.f("ix_signer_detail_kept_until"), "signer_detail", ["kept_until"])


def _make_addresses() -> None:
    """Addresses that people proved, and those that GitHub could not link."""
    op.create_table(
        "proven_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("github_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("proven_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", "github_id", name=op.f("pk_proven_address")),
    )
    op.create_index("ix_proven_address_github", "proven_address", ["github_id"])
    op.create_table(
        "unlinked_address",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint(
            "repo_id", "number", "address_sha256", name=op.f("pk_unlinked_address")
        ),
    )
    op.create_index("ix_unlinked_address_sha256", "unlinked_address", ["address_sha256"])
