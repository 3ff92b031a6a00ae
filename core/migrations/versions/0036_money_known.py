"""What credit notes undo, by what rewards were shared, who warns of a charge, and where a mail arrived."""

import json

import sqlalchemy as sa
from alembic import op

from core.db import Json, UtcDateTime
from core.migrations import holds, stands
from core.migrations.append_only import changing

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and what is known of the rewards that there are."""
    if not holds("app") or stands("receipt", "credits"):
        return
    op.create_index("ix_gift_giver_method", "gift_giver", ["method_id"])
    # In words, as SQLite takes a reference with its column alone.
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE receipt ADD COLUMN credits {number}"
        " CONSTRAINT fk_receipt_credits_receipt REFERENCES receipt (id)"
    )
    op.create_index("ix_receipt_credits", "receipt", ["credits"])
    taker = sa.Column("sent_to", sa.String(length=64), server_default="", nullable=False)
    op.add_column("mail", taker)
    weights = sa.Column("weights", Json(), server_default="[]", nullable=False)
    op.add_column("reward", weights)
    op.add_column("reward", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    with changing("reward"):
        _weigh_rewards()
    _cover_what_was_awarded()
    _make_warnings()


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _weigh_rewards() -> None:
    """A reward of before was shared by what its parts came to: of that anybody reckons the same."""
    bind = op.get_bind()
    rewards = bind.execute(
        sa.text("SELECT id, cause, book, currency FROM reward WHERE cause LIKE 'award:%'")
    ).all()
    parts = sa.text("SELECT github_id, minor FROM reward_share WHERE reward_id = :id ORDER BY id")
    own = sa.text(
        "SELECT coalesce(-sum(e.minor), 0) FROM ledger_entry e"
        " JOIN ledger_transaction t ON t.book_id = e.book_id AND t.sequence = e.sequence"
        " JOIN ledger_book b ON b.id = t.book_id"
        " WHERE b.name = :book AND t.source = 'payouts' AND t.external_id = :cause"
        " AND e.account = :book AND e.currency = :currency AND e.minor < 0"
    )
    write = sa.text("UPDATE reward SET weights = :weights WHERE id = :id")
    for one in rewards:
        weights = [list(row) for row in bind.execute(parts, {"id": one.id})]
        where = {"book": one.book, "cause": one.cause, "currency": one.currency}
        if project := int(bind.execute(own, where).scalar_one()):
            weights.append([0, project])
        text = json.dumps(weights, separators=(",", ":"))
        bind.execute(write, {"weights": text, "id": one.id})


def _cover_what_was_awarded() -> None:
    """Note each payment that a reward of before was made of: none is awarded or given back again."""
    bind = op.get_bind()
    rewards = sa.text("SELECT about, payments, made_at FROM reward WHERE cause LIKE 'award:%'")
    write = sa.text(
        "INSERT INTO purse_act"
        " (about, deed, evidence, minor, currency, until, by_id, at, recorded_at)"
        " VALUES (:about, 'covered', :evidence, 0, '', NULL, 0, :at, :at)"
        " ON CONFLICT (about, deed, evidence) DO NOTHING"
    )
    for about, payments, at in bind.execute(rewards).all():
        for _gift, payment, *_rest in json.loads(payments):
            bind.execute(write, {"about": about, "evidence": payment, "at": at})


def _make_warnings() -> None:
    """Until now only the card's network warned."""
    bind = op.get_bind()
    known = bind.execute(sa.text("SELECT charge_id, warned_at FROM fraud_warning")).all()
    op.drop_table("fraud_warning")
    op.create_table(
        "fraud_warning",
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("charge_id", "source", name=op.f("pk_fraud_warning")),
    )
    write = sa.text("INSERT INTO fraud_warning VALUES (:charge_id, 'network', :warned_at)")
    for row in known:
        bind.execute(write, row._asdict())
