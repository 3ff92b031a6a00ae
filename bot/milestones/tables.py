"""The table of milestones."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from core.db import UtcDateTime, metadata

milestone = Table(
    "milestone",
    metadata,
    Column("node_id", String(80), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("last_closed_at", UtcDateTime),
    Column("reopened_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_milestone_number", "repo_id", "number"),
)
"""Each milestone as GitHub last told of it; a row stays when its milestone is deleted.

`state` is open, closed or gone; `updated_at` is GitHub's own instant of what stands, `seen_at`
ours, of when that was last told or read. A repository and a number are identity, and not unique:
where GitHub gave its ids another form, one milestone was kept under two, and money may have been
promised under either. All of its rows are written alike.
"""
