"""Addresses in what stewards said of people stand apart, and can be erased."""

import hashlib
import re

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds, stands
from core.migrations.append_only import changing

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,200}@[^\s<>()\[\]\"',;:@]{1,200}")


def upgrade() -> None:
    """Make the tables, and put a hash where an address stands."""
    if not holds("app") or stands("audit_erased"):
        return
    op.create_table(
        "audit_alias_named",
        sa.Column("alias_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("same_as", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("alias_id", name=op.f("pk_audit_alias_named")),
    )
    op.create_table(
        "audit_erased",
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_sha256", name=op.f("pk_audit_erased")),
    )
    with changing("audit_alias"):
        _part_addresses()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _part_addresses() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, person, same_as, reason FROM audit_alias")).all()
    named = sa.text("INSERT INTO audit_alias_named VALUES (:id, :person, :same_as)")
    hidden = sa.text(
        "UPDATE audit_alias SET person = :person, same_as = :same_as, reason = :reason"
        " WHERE id = :id"
    )
    for row in rows:
        pair = {"person": row.person, "same_as": row.same_as}
        bind.execute(named, {"id": row.id, **pair})
        hashed = {name: _hashed(key) for name, key in pair.items()}
        reason = ADDRESS.sub("[address]", row.reason)
        bind.execute(hidden, {"id": row.id, "reason": reason, **hashed})


def _hashed(key: str) -> str:
    kind, _, address = key.partition(":")
    if kind != "mail":
        return key
    return "mail-sha256:" + hashlib.sha256(address.strip().lower().encode()).hexdigest()
