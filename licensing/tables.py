"""The tables of the register; triggers guard what is written once."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

agreement = Table(
    "agreement",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("scope", String(16), nullable=False),
    Column("scope_id", BigInteger, nullable=False),
    Column("head_sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Index("uq_agreement_scope", "scope", "scope_id", unique=True),
)

agreement_repository = Table(
    "agreement_repository",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("active", Boolean(name="active"), nullable=False),
    Column("phrase", Text, nullable=False),
    Index("ix_agreement_repository_agreement", "agreement_id"),
)

agreement_version = Table(
    "agreement_version",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("major", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("mode", String(8), nullable=False),
    Column("phrase", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("document", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("etag", Text),
    Column("published_at", UtcDateTime, nullable=False),
    Column("counts_from", UtcDateTime, nullable=False),
    Column("outbound", String(24), nullable=False, server_default=""),
    Column("outbound_licences", Json, nullable=False, server_default="[]"),
    Column("reaches_back", Boolean(name="reaches_back"), nullable=False, server_default=false()),
    Column("paths", Json, nullable=False, server_default="[]"),
    Column("publisher_id", BigInteger),
    Column("company_document", Text),
    Column("company_content", LargeBinary),
    Column("company_sha256", String(64)),
    CheckConstraint("major >= 0 AND minor >= 0", name="version"),
    Index("uq_agreement_version_number", "agreement_id", "major", "minor", unique=True),
)

record = Table(
    "record",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("record", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_record_sequence", "agreement_id", "sequence", unique=True),
)

signature = Table(
    "signature",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("method", String(16), nullable=False),
    Column("capacity", String(16), nullable=False),
    Column("comment_id", BigInteger),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("signed_by", BigInteger),
    Column("shown_at", UtcDateTime),
    Index("uq_signature_sequence", "agreement_id", "sequence", unique=True),
    Index("uq_signature_comment", "agreement_id", "comment_id", unique=True),
    Index("ix_signature_github", "agreement_id", "github_id"),
    Index(
        "ix_signature_look",
        "agreement_id",
        "sequence",
        "version_id",
        "method",
        "capacity",
        "acted_at",
    ),
)

withdrawal = Table(
    "withdrawal",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_withdrawal_sequence", "agreement_id", "sequence", unique=True),
    Index("ix_withdrawal_github", "agreement_id", "github_id"),
)

signer = Table(
    "signer",
    metadata,
    Column("signature_id", ForeignKey("signature.id"), primary_key=True),
    Column("login", Text, nullable=False),
    # Compared byte by byte, so that its index serves to look for a beginning.
    Column(
        "login_key",
        Text().with_variant(Text(collation="C"), "postgresql"),
        Computed("lower(login)", persisted=True),
        index=True,
    ),
)
