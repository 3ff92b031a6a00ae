"""The books of money: transactions and entries, their running sums, refusals, and proofs of reserves."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from core.migrations import holds
from core.migrations.append_only import refuse_changes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_TRANSACTION = ["ledger_transaction.book_id", "ledger_transaction.sequence"]


def upgrade() -> None:
    """Make the tables; transactions, entries and proofs are written once."""
    if not holds("app"):
        return
    _make_book()
    _make_transaction()
    _make_entry()
    _make_sums()
    _make_beside()
    for table in ("ledger_transaction", "ledger_entry", "ledger_reserve"):
        refuse_changes(table)


def downgrade() -> None:
    """What was written there would be lost: restore a backup instead."""
    raise NotImplementedError("restore a backup")


def _of_book(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_book_id_ledger_book")
    return sa.ForeignKeyConstraint(["book_id"], ["ledger_book.id"], name=name)


def _make_book() -> None:
    op.create_table(
        "ledger_book",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("head_sequence", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_book")),
    )
    op.create_index("uq_ledger_book_name", "ledger_book", ["name"], unique=True)


def _make_transaction() -> None:
    op.create_table(
        "ledger_transaction",
        sa.Column("book_id", BIG_ID, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("marks", sa.String(length=64), nullable=False),
        sa.Column("reversal_of", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        _of_book("ledger_transaction"),
        sa.PrimaryKeyConstraint("book_id", "sequence", name=op.f("pk_ledger_transaction")),
        sqlite_with_rowid=False,
    )
    for name, columns, unique in (
        ("uq_ledger_transaction_cause", ["source", "external_id", "kind"], True),
        ("uq_ledger_transaction_reversal", ["book_id", "reversal_of"], True),
        ("ix_ledger_transaction_happened", ["book_id", "happened_at", "sequence"], False),
        ("ix_ledger_transaction_kind", ["book_id", "kind", "happened_at", "sequence"], False),
    ):
        op.create_index(name, "ledger_transaction", columns, unique=unique)


def _make_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("book_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=96), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_ledger_entry_moves")),
        sa.ForeignKeyConstraint(
            ["book_id", "sequence"],
            OF_TRANSACTION,
            name=op.f("fk_ledger_entry_book_id_sequence_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("book_id", "sequence", "line", name=op.f("pk_ledger_entry")),
        sqlite_with_rowid=False,
    )
    found_by = ["currency", "happened_at", "sequence"]
    op.create_index("ix_ledger_entry_currency", "ledger_entry", ["book_id", *found_by])
    op.create_index("ix_ledger_entry_kind", "ledger_entry", ["book_id", "kind", *found_by])


def _make_sums() -> None:
    op.create_table(
        "ledger_balance",
        sa.Column("book_id", BIG_ID, nullable=False),
        sa.Column("account", sa.String(length=96), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _of_book("ledger_balance"),
        sa.PrimaryKeyConstraint("book_id", "account", "currency", name=op.f("pk_ledger_balance")),
    )
    op.create_index("ix_ledger_balance_account", "ledger_balance", ["account"])
    _make_span("ledger_day")
    _make_span("ledger_month")
    op.create_table(
        "ledger_part",
        sa.Column("book_id", BIG_ID, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _of_book("ledger_part"),
        sa.PrimaryKeyConstraint("book_id", "part", "currency", name=op.f("pk_ledger_part")),
    )


def _make_span(name: str) -> None:
    op.create_table(
        name,
        sa.Column("book_id", BIG_ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("moves", sa.BigInteger(), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        _of_book(name),
        sa.PrimaryKeyConstraint("book_id", "on_day", "currency", "kind", name=op.f(f"pk_{name}")),
    )


def _make_beside() -> None:
    op.create_table(
        "ledger_refusal",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_refusal")),
    )
    told = ["source", "external_id", "kind", "record_sha256"]
    op.create_index("uq_ledger_refusal_told", "ledger_refusal", told, unique=True)
    op.create_table(
        "ledger_giver",
        sa.Column("book_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("github_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(name="public"), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id", "sequence"],
            OF_TRANSACTION,
            name=op.f("fk_ledger_giver_book_id_sequence_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("book_id", "sequence", name=op.f("pk_ledger_giver")),
    )
    op.create_index("ix_ledger_giver_github", "ledger_giver", ["github_id"])
    op.create_table(
        "ledger_reserve",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_ledger_reserve")),
    )
    op.create_index("uq_ledger_reserve_day", "ledger_reserve", ["on_day"], unique=True)
