"""The tables of licences sold; triggers guard `licence_act`, so that no act can be unmade.

Who holds a licence stands beside it, in `licence_holder` and in the text of the file alone: both
can be erased, and the chain of acts, which has only hashes of them, still proves itself.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

book = Table(
    "licence_book",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head_sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("revocations", Integer, nullable=False),
)
"""One row for each seller: the end of its chain, and the number of its revocation list. Whoever
writes an act holds the row until it is written."""

key = Table(
    "licence_key",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", ForeignKey("licence_book.repo_id"), nullable=False),
    Column("kid", String(64), nullable=False),
    Column("public", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("signs_since", UtcDateTime),
    Column("signs_until", UtcDateTime),
    Column("retired_at", UtcDateTime),
    CheckConstraint("state IN ('standby', 'signing', 'verifying', 'retired')", name="state"),
    Index("uq_licence_key_kid", "kid", unique=True),
    Index(
        "uq_licence_key_signing",
        "repo_id",
        unique=True,
        sqlite_where=text("state = 'signing'"),
        postgresql_where=text("state = 'signing'"),
    ),
    Index("ix_licence_key_repo", "repo_id", "id"),
)
"""`public` is written as PASERK, `sealed` is the private half under the secret key."""

act = Table(
    "licence_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", ForeignKey("licence_book.repo_id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("licence", String(36), nullable=False),
    Column("source", String(24), nullable=False),
    Column("external_id", String(160), nullable=False),
    Column("record", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Index("uq_licence_act_sequence", "repo_id", "sequence", unique=True),
    Index("uq_licence_act_cause", "repo_id", "kind", "source", "external_id", unique=True),
    Index("ix_licence_act_licence", "licence", "sequence"),
)
"""What was done and why: one cause does one kind of thing once. `licence` is empty for keys."""

licence = Table(
    "licence",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("repo_id", ForeignKey("licence_book.repo_id"), nullable=False),
    Column("product", String(64), nullable=False),
    Column("edition", String(64), nullable=False),
    Column("entitlements", Json, nullable=False),
    Column("seats", Integer),
    Column("grace_seats", Integer, nullable=False),
    Column("order", String(120), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("audit", Json, nullable=False),
    Column("holder_id", BigInteger),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("updates_until", UtcDateTime),
    Column("file_until", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    CheckConstraint("seats IS NULL OR seats > 0", name="seats"),
    CheckConstraint("grace_seats >= 0", name="grace_seats"),
    Index("ix_licence_repo", "repo_id", "issued_at"),
    Index("ix_licence_holder", "holder_id", "issued_at"),
    Index(
        "ix_licence_revoked",
        "repo_id",
        sqlite_where=text("revoked_at IS NOT NULL"),
        postgresql_where=text("revoked_at IS NOT NULL"),
    ),
)
"""The terms as they are now; how they came to be is told by the acts."""

holder = Table(
    "licence_holder",
    metadata,
    Column("licence_id", ForeignKey("licence.id"), primary_key=True),
    Column("licensee", Text, nullable=False),
)

file = Table(
    "licence_file",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("licence_id", ForeignKey("licence.id"), nullable=False),
    Column("kid", ForeignKey("licence_key.kid"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("token", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_licence_file_licence", "licence_id", "id"),
    Index("ix_licence_file_kid", "kid"),
)
"""The newest row of a licence is its file; `token` is empty once it was erased."""

revocation = Table(
    "licence_revocation",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("licence_id", ForeignKey("licence.id"), nullable=False),
    Column("source", String(24), nullable=False),
    Column("external_id", String(160), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("revoked_at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Index("uq_licence_revocation_cause", "licence_id", "source", "external_id", unique=True),
)
"""Each reason for which a licence is off, or was: a dispute that is won does not undo a refund."""

activation = Table(
    "licence_activation",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("licence_id", ForeignKey("licence.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("seat", Integer, nullable=False),
    Column("activated_at", UtcDateTime, nullable=False),
    CheckConstraint("seat > 0", name="seat"),
    Index("uq_licence_activation_machine", "licence_id", "fingerprint", unique=True),
    Index("uq_licence_activation_seat", "licence_id", "seat", unique=True),
)
"""A machine, as a hash, and its seat: each seat is taken once, by the database's word. A row goes
when its seat is given back: which machines there once were is nobody's business."""
