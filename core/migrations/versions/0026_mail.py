"""Mails that are to be sent, addresses that stand beside them, and who wants none."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    if not holds("app"):
        return
    _make_mail()
    _make_beside()


def downgrade() -> None:
    """Mails that wait would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _make_mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("effect_key", sa.String(length=200), nullable=False),
        sa.Column("letter", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("gift_id", BIG_ID, nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *_queue_columns(),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_mail_gift_id_gift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index("uq_mail_effect_key", "mail", ["effect_key"], unique=True)
    op.create_index("uq_mail_token", "mail", ["token"], unique=True)
    op.create_index("ix_mail_gift", "mail", ["gift_id"])
    op.create_index("ix_mail_person", "mail", ["person_id"])
    op.create_index(
        "ix_mail_finished", "mail", ["finished_at"], **_where("finished_at IS NOT NULL")
    )
    op.create_index("ix_mail_due", "mail", ["due_at", "id"], **_where("state = 'due'"))
    op.create_index("ix_mail_leased", "mail", ["leased_until"], **_where("state = 'running'"))
    op.create_index(
        "uq_mail_entity_running", "mail", ["entity"], unique=True, **_where("state = 'running'")
    )
    op.create_index("ix_mail_dead", "mail", ["id"], **_where("state = 'dead'"))


def _make_beside() -> None:
    op.create_table(
        "mail_address",
        sa.Column("mail_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail.id"], name=op.f("fk_mail_address_mail_id_mail")
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mail_address")),
    )
    op.create_table(
        "mail_silence",
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_sha256", "why", name=op.f("pk_mail_silence")),
    )


def _queue_columns() -> list[sa.Column]:
    return [
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entity", sa.String(length=255), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
    ]


def _where(words: str) -> dict[str, object]:
    return {f"{dialect}_where": sa.text(words) for dialect in ("sqlite", "postgresql")}
