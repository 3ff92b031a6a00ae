"""The tables of the roadmap; triggers guard `ballot` and `joining` against change."""

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

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

request = Table(
    "request",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("node_id", String(80), nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("author_login", Text, nullable=False),
    Column("intake", String(12), nullable=False),
    Column("origin", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("locked", Boolean(name="locked"), nullable=False, server_default=false()),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("root_id", BigInteger, nullable=False),
    Column("supporters", Integer, nullable=False, server_default="0"),
    Column("reactions_seen", Integer, nullable=False, server_default="0"),
    Column("swept_at", UtcDateTime),
    Column("labelled", Boolean(name="labelled"), nullable=False, server_default=false()),
    Column("stage", String(24), nullable=False, server_default=""),
    Column("moved_at", UtcDateTime),
    Column("comments", Integer),
    Index("uq_request_node", "node_id", unique=True),
    Index("ix_request_thread", "repo_id", "number"),
    Index("ix_request_root", "root_id"),
    Index("ix_request_asked", "repo_id", "state", "supporters"),
)

request_alias = Table(
    "request_alias",
    metadata,
    Column("node_id", String(80), primary_key=True),
    Column("request_id", ForeignKey("request.id"), nullable=False),
)
"""Other node ids of a thread: one that is moved to another repository gets a new one."""

backfill = Table(
    "request_backfill",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("label", String(64), primary_key=True),
    Column("cursor", UtcDateTime),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
"""How far the silent reading of what was there before us has come, for each label."""

joining = Table(
    "joining",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("request_id", ForeignKey("request.id"), nullable=False),
    Column("onto_id", ForeignKey("request.id")),
    Column("actor_id", BigInteger, nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Index("uq_joining_evidence", "request_id", "evidence", unique=True),
)

box = Table(
    "ballot_box",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("subject", String(96), nullable=False),
    Column("head_sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Index("uq_ballot_box_subject", "subject", unique=True),
)

ballot = Table(
    "ballot",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("box_id", ForeignKey("ballot_box.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("deed", String(8), nullable=False),
    Column("choice", String(16), nullable=False),
    Column("door", String(8), nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("record", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_ballot_sequence", "box_id", "sequence", unique=True),
    Index(
        "uq_ballot_act", "box_id", "github_id", "deed", "door", "evidence", "acted_at", unique=True
    ),
    Index("ix_ballot_person", "github_id", "evidence"),
)

vote = Table(
    "vote",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("door", String(8), nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_vote_person", "github_id"),
)

supporter = Table(
    "supporter",
    metadata,
    Column("root_id", ForeignKey("request.id"), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("counts", Boolean(name="counts"), nullable=False),
    Index("ix_supporter_person", "repo_id", "github_id"),
)

shipping = Table(
    "shipping",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("move", Integer, primary_key=True, autoincrement=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("shipped_at", UtcDateTime, nullable=False),
    Column("suggested_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    Index("ix_shipping_repo", "repo_id", "shipped_at"),
    Index("ix_shipping_reminded", "reminded_at", "shipped_at"),
)
"""Each time a request reached the stage that means shipped; `move` is its place in the board's chain."""
