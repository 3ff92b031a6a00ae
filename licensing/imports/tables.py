"""The tables of imports: files that wait for approval, row by row, and what came of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("format", String(24), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("version", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("broken", Json, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("uploaded_by", BigInteger, nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    Column("approved_by", BigInteger),
    Column("approved_at", UtcDateTime),
    Index("ix_import_batch_repo", "repo_id", "id"),
)

import_row = Table(
    "import_row",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("given_id", BigInteger),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("version", String(16), nullable=False),
    Column("repo", Text, nullable=False),
    Column("repo_id", BigInteger),
    Column("reference", String(64), nullable=False),
    Column("ended", Boolean(name="ended"), nullable=False),
    Column("for_company", Boolean(name="for_company"), nullable=False),
    Column("looked_up", Boolean(name="looked_up"), nullable=False),
    Column("github_id", BigInteger),
    Column("login_now", Text),
    Column("type", String(16)),
    Column("born_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),
    Column("doubts", Json, nullable=False),
    Column("counts_for", String(16), nullable=False),
    Column("left_out", Boolean(name="left_out"), nullable=False, server_default=false()),
    Index("uq_import_row_line", "batch_id", "line", unique=True),
    Index("ix_import_row_key", "batch_id", "looked_up", "key"),
    Index("ix_import_row_state", "batch_id", "state", "line"),
    Index("ix_import_row_github", "github_id"),
)
