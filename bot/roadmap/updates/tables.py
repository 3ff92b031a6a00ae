"""What was said of how work goes, and which givers were told of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

outcome_update = Table(
    "outcome_update",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("about", String(80), nullable=False),
    Column("evidence", String(80), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_outcome_update_evidence", "evidence", unique=True),
    Index("ix_outcome_update_about", "about", "said_at"),
    Index("ix_outcome_update_person", "github_id"),
)
"""`about` is the node id of the request or the milestone, `evidence` the comment or the form.

`said_at` is when it was first written, `heard_at` and `rank` are of the last act on it that we
heard of (see `rules`). Without words it was taken back; the row stays, so that late news of it
brings nothing back.
"""

update_told = Table(
    "update_told",
    metadata,
    Column("update_id", ForeignKey("outcome_update.id"), primary_key=True, autoincrement=False),
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_update_told_gift", "gift_id"),
)
"""Of which updates the giver of a gift was told, and when the letter was wanted."""
