"""The tables of intents; triggers guard `intent_act` against change, and the others follow from it."""

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

from bot.roadmap.tables import request
from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

intent_act = Table(
    "intent_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("request_id", ForeignKey("request.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("facts", Json, nullable=False),
    Column("record", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_intent_act_sequence", "request_id", "sequence", unique=True),
    Index("uq_intent_act_evidence", "request_id", "evidence", "kind", unique=True),
    Index("ix_intent_act_person", "github_id"),
)

intent_words = Table(
    "intent_words",
    metadata,
    Column("act_id", ForeignKey("intent_act.id"), primary_key=True),
    Column("github_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("words", Json, nullable=False),
    Index("ix_intent_words_person", "github_id"),
)
"""What people wrote, beside the chain, which holds only a digest of it: it can be erased."""

intent = Table(
    "intent",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("phase", String(8), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("read_for", UtcDateTime),
    Column("offers", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Index("ix_intent_due", "due_at"),
    Index("ix_intent_listed", "repo_id", "phase", "until"),
)
"""The call or contest of a request as it stands, for lists and deadlines.

`due_at` is the next deadline that is to be decided; for `read_for` votes were read just before.
"""

claim = Table(
    "claim",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("term", Integer, nullable=False),
    Column("active_at", UtcDateTime, nullable=False),
    Column("warned_for", UtcDateTime),
    Column("due_at", UtcDateTime, nullable=False),
    Index("ix_claim_due", "due_at"),
    Index("ix_claim_person", "github_id"),
)
"""Who works on what: `active_at` is their last sign of life; for `warned_for`, one such instant,
they were warned. `due_at` is when to look next."""

linked_pull = Table(
    "linked_pull",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("opener_id", BigInteger, nullable=False),
    Index("ix_linked_pull_request", "request_id"),
    Index("ix_linked_pull_opener", "opener_id"),
)
"""Pull requests whose words name a request."""

answerer = Table(
    "answerer",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("topics", Json, nullable=False),
    Column("named", Boolean(name="named"), nullable=False, server_default=false()),
    Column("since", UtcDateTime, nullable=False),
    Column("mentioned_at", UtcDateTime),
    Index("ix_answerer_person", "github_id"),
)
"""Members who agreed to be shown requests that they could answer; `named`: by name, too."""

answerer_path = Table(
    "answerer_path",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("paths", Json, nullable=False),
    Index("ix_answerer_path_person", "github_id"),
)
"""The paths that a merged pull request of such a member changed; it goes when they end it."""

__all__ = [
    "answerer",
    "answerer_path",
    "claim",
    "intent",
    "intent_act",
    "intent_words",
    "linked_pull",
    "request",
]
