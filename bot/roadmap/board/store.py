"""Where requests stand and how they came there: the chained moves, and what GitHub shows of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from bot import policies
from bot.policy import Roadmap
from bot.policy.stages import BoardStage
from bot.roadmap.board.rules import Cause, View
from bot.roadmap.board.tables import board, board_view, move
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.db import insert_once
from licensing import chain


@dataclass(frozen=True)
class Move:
    """A move as it was written down; `sequence` is its place in the repository's chain.

    `from_stage` is empty for the first move of a request.
    """

    request_id: int
    repo_id: int
    sequence: int
    from_stage: str
    to_stage: str
    cause: str
    actor_id: int
    evidence: str
    acted_at: datetime
    words: str


@dataclass(frozen=True)
class Seen:
    """What GitHub showed of an item when we last knew, and which acts there were heard.

    `milestone` is the one that it had when we last listened.
    """

    view: View
    milestone: str
    seen_at: datetime
    heard_at: datetime | None = None
    heard: frozenset[str] = frozenset()


def stages_of(connection: Connection, repo_id: int) -> tuple[BoardStage, ...]:
    """Give the stages of a repository's board, in order."""
    policy = policies.rules(connection, repo_id).policy
    return (policy.roadmap if policy else Roadmap()).stages


def stage_of(connection: Connection, request_id: int) -> str:
    """Give the stage of a request; empty where it has none yet, or there is no such request."""
    found = connection.scalar(select(request.c.stage).where(request.c.id == request_id))
    return found or ""


def moves(connection: Connection, request_id: int) -> tuple[Move, ...]:
    """Give every move of a request, earliest first."""
    return read(connection, move.c.request_id == request_id)


def read(connection: Connection, where: ColumnElement[bool]) -> tuple[Move, ...]:
    """Give the moves that fit, earliest first."""
    rows = connection.execute(select(*_MOVE).where(where).order_by(move.c.id))
    return tuple(Move(*row) for row in rows)


def move_at(connection: Connection, repo_id: int, sequence: int) -> Move | None:
    """Give the move at a place of a repository's chain."""
    here = (move.c.repo_id == repo_id) & (move.c.sequence == sequence)
    row = connection.execute(select(*_MOVE).where(here)).first()
    return Move(*row) if row else None


def last(connection: Connection, request_id: int) -> Move | None:
    """Give the move by which a request came where it is."""
    found = select(*_MOVE).where(move.c.request_id == request_id)
    row = connection.execute(found.order_by(move.c.id.desc()).limit(1)).first()
    return Move(*row) if row else None


def was_heard(connection: Connection, request_id: int, evidence: str) -> bool:
    """Say whether a request was moved by this very evidence."""
    here = (move.c.request_id == request_id) & (move.c.evidence == evidence)
    return connection.scalar(select(move.c.id).where(here)) is not None


def hold(connection: Connection, repo_id: int) -> tuple[int, str]:
    """Let nobody else move anything on a board until the transaction ends; gives the chain's head."""
    insert_once(
        connection, board, {"repo_id": repo_id, "head_sequence": 0, "head_hash": chain.START}
    )
    row = connection.execute(
        select(board).where(board.c.repo_id == repo_id).with_for_update()
    ).one()
    return row.head_sequence, row.head_hash


def write(connection: Connection, asked: Request, to: str, cause: Cause, now: datetime) -> Move:
    """Write a move behind the last one of the board, and the stage on the request. Nothing is judged.

    `asked.stage` is the stage that it leaves; whoever calls has `hold` of the board.
    """
    head, previous = hold(connection, asked.repo_id)
    made = Move(
        asked.id,
        asked.repo_id,
        head + 1,
        asked.stage,
        to,
        cause.kind,
        cause.actor_id,
        cause.evidence,
        cause.acted_at,
        cause.words,
    )
    link = chain.link(head + 1, previous, facts(made, asked.node_id))
    row = {column.name: getattr(made, column.name) for column in _MOVE}
    row |= {"record": link.record, "previous_hash": link.previous, "hash": link.hash}
    connection.execute(insert(move).values(**row, recorded_at=now))
    here = update(board).where(board.c.repo_id == asked.repo_id)
    connection.execute(here.values(head_sequence=link.sequence, head_hash=link.hash))
    one = update(request).where(request.c.id == asked.id)
    connection.execute(one.values(stage=to, moved_at=cause.acted_at))
    return made


def facts(made: Move, node_id: str) -> dict[str, object]:
    """Give the record of a move as it is chained: nothing of it can be changed alone."""
    return {
        "kind": "move",
        "repo_id": made.repo_id,
        "sequence": made.sequence,
        "request": node_id,
        "request_id": made.request_id,
        "from_stage": made.from_stage,
        "to_stage": made.to_stage,
        "cause": made.cause,
        "actor_id": made.actor_id,
        "evidence": made.evidence,
        "acted_at": made.acted_at.isoformat(),
        "words": made.words,
    }


def seen(connection: Connection, request_id: int) -> Seen | None:
    """Give what GitHub showed of an item when we last knew."""
    found = select(board_view).where(board_view.c.request_id == request_id)
    row = connection.execute(found).one_or_none()
    return _seen(row) if row else None


def see(connection: Connection, request_id: int, view: View, seen_at: datetime) -> None:
    """Write down what GitHub shows of an item, or what we have asked it to show."""
    values = {
        "labels": list(view.labels),
        "state": view.state,
        "reason": view.reason,
        "seen_at": seen_at,
    }
    fresh = values | {"request_id": request_id, "milestone": "", "heard": []}
    if not insert_once(connection, board_view, fresh):
        here = update(board_view).where(board_view.c.request_id == request_id)
        connection.execute(here.values(**values))


def hear(
    connection: Connection,
    request_id: int,
    heard_at: datetime,
    heard: Iterable[str],
    milestone: str,
) -> None:
    """Write down up to which instant acts on GitHub were heard, and which of that very second."""
    values = {"heard_at": heard_at, "heard": sorted(heard), "milestone": milestone}
    here = update(board_view).where(board_view.c.request_id == request_id)
    connection.execute(here.values(**values))


def _seen(row: Row[Any]) -> Seen:
    view = View(tuple(row.labels), row.state, row.reason)
    return Seen(view, row.milestone, row.seen_at, row.heard_at, frozenset(row.heard))


_MOVE: Sequence[Any] = (
    move.c.request_id,
    move.c.repo_id,
    move.c.sequence,
    move.c.from_stage,
    move.c.to_stage,
    move.c.cause,
    move.c.actor_id,
    move.c.evidence,
    move.c.acted_at,
    move.c.words,
)
