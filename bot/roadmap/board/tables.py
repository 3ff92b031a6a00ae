"""The tables of the board; triggers guard `move` against change."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    text,
)

from bot.roadmap.tables import request
from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

board = Table(
    "board",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head_sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
)
"""The end of each repository's chain of moves."""

move = Table(
    "move",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", ForeignKey("board.repo_id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("request_id", ForeignKey("request.id"), nullable=False),
    Column("from_stage", String(24), nullable=False),
    Column("to_stage", String(24), nullable=False),
    Column("cause", String(12), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("evidence", String(160), nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("words", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_move_sequence", "repo_id", "sequence", unique=True),
    Index("uq_move_evidence", "request_id", "evidence", unique=True),
    Index("ix_move_actor", "actor_id", "repo_id", "cause"),
)

SHOWN = "root_id = id AND state IN ('open', 'closed')"
"""What stands on a board: what is joined onto another request stands there with that one."""

SHOWN_HERE = and_(request.c.root_id == request.c.id, text("request.state IN ('open', 'closed')"))
"""The same of a row: in the very words of the indexes, or the database would not take them."""

for _name, _key in (("ix_request_stage", "supporters"), ("ix_request_moved", "moved_at")):
    Index(
        _name,
        *(request.c[_column] for _column in ("repo_id", "stage", _key, "id")),
        sqlite_where=text(SHOWN),
        postgresql_where=text(SHOWN),
    )

UNREAD = "milestone_number IS NULL"
"""Seen before it was kept in which milestone an issue is."""

board_view = Table(
    "board_view",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("labels", Json, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("milestone", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime),
    Column("heard", Json, nullable=False),
    Column("milestone_number", Integer),
    Index("ix_board_view_milestone", "milestone_number"),
)
"""What GitHub shows of an item, as last seen or as we have asked for it.

`seen_at` is GitHub's own instant of the issue; acts up to `heard_at` were heard, and of that very
second those with the ids in `heard`. `milestone` is the title of the one that it was in when we
last listened, `milestone_number` the number of the one that it is in: 0 is none, and NULL that
nobody has looked since we keep that. A milestone's other title changes neither: what was heard of
an issue was said of the title of then, and is not heard again.
"""

Index(
    "ix_board_view_unread",
    board_view.c.request_id,
    sqlite_where=text(UNREAD),
    postgresql_where=text(UNREAD),
)
