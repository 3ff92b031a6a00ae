"""What maintainers set up and look at: tokens of the API, and how the last check of a chain ended."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

api_token = Table(
    "api_token",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("creator_id", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_on", Date),
    Column("revoked_at", UtcDateTime),
    Index("uq_api_token_sha256", "sha256", unique=True),
)

chain_check = Table(
    "chain_check",
    metadata,
    Column("agreement_id", ForeignKey("agreement.id"), primary_key=True, autoincrement=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("head_sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("problems", Json, nullable=False),
    Column("number_of_problems", Integer, nullable=False),
)
"""`problems` holds the first few sentences of `licensing.proof`, `number_of_problems` counts all."""
