"""Tables of the books; transactions and entries are written once, and the database refuses changes.

Heads, balances and days are running sums of what was written once: `potluck check` reckons them
again. Who gave stands beside the books, where it can be erased without a hash that no longer fits.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

book = Table(
    "ledger_book",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("name", String(32), nullable=False),
    Column("head_sequence", BigInteger, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Index("uq_ledger_book_name", "name", unique=True),
)
"""Each book is a chain of its own: no two projects wait for one another, or know of one another."""

transaction = Table(
    "ledger_transaction",
    metadata,
    Column("book_id", ForeignKey("ledger_book.id"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(120), nullable=False),
    Column("external_id", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("about", String(120), nullable=False),
    Column("marks", String(64), nullable=False),
    Column("reversal_of", BigInteger),
    Column("hash", String(64), nullable=False),
    Index("uq_ledger_transaction_cause", "source", "external_id", "kind", unique=True),
    Index("uq_ledger_transaction_reversal", "book_id", "reversal_of", unique=True),
    Index("ix_ledger_transaction_happened", "book_id", "happened_at", "sequence"),
    Index("ix_ledger_transaction_kind", "book_id", "kind", "happened_at", "sequence"),
    sqlite_with_rowid=False,
)
"""`marks` are words with spaces between; what is hashed is `donations.ledger.recorded`."""

entry = Table(
    "ledger_entry",
    metadata,
    Column("book_id", BIG_ID, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("account", String(96), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("happened_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ("book_id", "sequence"), ("ledger_transaction.book_id", "ledger_transaction.sequence")
    ),
    CheckConstraint("minor <> 0", name="moves"),
    Index("ix_ledger_entry_currency", "book_id", "currency", "happened_at", "sequence"),
    Index("ix_ledger_entry_kind", "book_id", "kind", "currency", "happened_at", "sequence"),
    sqlite_with_rowid=False,
)
"""`kind` and `happened_at` repeat those of the transaction, so that pages find entries by them."""

balance = Table(
    "ledger_balance",
    metadata,
    Column("book_id", ForeignKey("ledger_book.id"), primary_key=True),
    Column("account", String(96), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("minor", BigInteger, nullable=False),
    Index("ix_ledger_balance_account", "account"),
)
"""The sum of all entries of an account; nothing is 0 or no row."""

day = Table(
    "ledger_day",
    metadata,
    Column("book_id", ForeignKey("ledger_book.id"), primary_key=True),
    Column("on_day", Date, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("moves", BigInteger, nullable=False),
    Column("cash", BigInteger, nullable=False),
    Column("volume", BigInteger, nullable=False),
)
"""What a kind of movement came to on a day (UTC): how many, what the processor's balance changed by,
and how much changed hands: what its accounts gained, leaving out what only passed through them."""

month = Table(
    "ledger_month",
    metadata,
    Column("book_id", ForeignKey("ledger_book.id"), primary_key=True),
    Column("on_day", Date, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("moves", BigInteger, nullable=False),
    Column("cash", BigInteger, nullable=False),
    Column("volume", BigInteger, nullable=False),
)
"""The same by months; `on_day` is the first of the month."""

part = Table(
    "ledger_part",
    metadata,
    Column("book_id", ForeignKey("ledger_book.id"), primary_key=True),
    Column("part", String(16), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("minor", BigInteger, nullable=False),
)
"""The balances of all accounts of a sort together: `part` is what stands before the colon."""

refusal = Table(
    "ledger_refusal",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("source", String(120), nullable=False),
    Column("external_id", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("record_sha256", String(64), nullable=False),
    Column("record", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Index(
        "uq_ledger_refusal_told",
        "source",
        "external_id",
        "kind",
        "record_sha256",
        unique=True,
    ),
)
"""What was to be posted and contradicts what stands there: kept, told, and never posted by itself."""

giver = Table(
    "ledger_giver",
    metadata,
    Column("book_id", BIG_ID, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("public", Boolean(name="public"), nullable=False),
    ForeignKeyConstraint(
        ("book_id", "sequence"), ("ledger_transaction.book_id", "ledger_transaction.sequence")
    ),
    Index("ix_ledger_giver_github", "github_id"),
)
"""Who gave; without a row, or not `public`, nobody is told. The only personal data of the books."""

reserve = Table(
    "ledger_reserve",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("on_day", Date, nullable=False),
    Column("record", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("uq_ledger_reserve_day", "on_day", unique=True),
)
"""The proof of reserves of each day, chained; written once."""
