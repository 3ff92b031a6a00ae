"""Where requests stand and how they came there: the chained moves, and what GitHub shows of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from bot import policies
from bot.policy import Roadmap
from bot.policy.stages import BoardStage
from bot.roadmap.board.rules import Cause, View
from bot.roadmap.board.tables import board, board_view, move
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.db import insert_once
from core.snapshots import asked_once
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


@asked_once
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


@dataclass(frozen=True)
class Step:
    """A move that is to be written: nothing of it is judged any more. `asked.stage` is left for `to`."""

    asked: Request
    to: str
    cause: Cause
    recorded_at: datetime


def write(connection: Connection, asked: Request, to: str, cause: Cause, now: datetime) -> Move:
    """Write a move behind the last one of the board, and the stage on the request. Nothing is judged.

    `asked.stage` is the stage that it leaves; whoever calls has `hold` of the board.
    """
    (made,) = write_all(connection, asked.repo_id, [Step(asked, to, cause, now)])
    return made


def write_all(connection: Connection, repo_id: int, steps: Sequence[Step]) -> list[Move]:
    """Write moves of one board behind its last one, in their order, as `write` does one."""
    if not steps:
        return []
    head, previous = hold(connection, repo_id)
    found: list[Move] = []
    rows: list[dict[str, Any]] = []
    for sequence, step in enumerate(steps, head + 1):
        made = _made(step, repo_id, sequence)
        link = chain.link(sequence, previous, facts(made, step.asked.node_id))
        previous = link.hash
        row = {column.name: getattr(made, column.name) for column in _MOVE}
        row |= {"record": link.record, "previous_hash": link.previous, "hash": link.hash}
        rows.append(row | {"recorded_at": step.recorded_at})
        found.append(made)
    connection.execute(insert(move), rows)
    here = update(board).where(board.c.repo_id == repo_id)
    connection.execute(here.values(head_sequence=head + len(steps), head_hash=previous))
    last = {made.request_id: made for made in found}
    stands = update(request).where(request.c.id == bindparam("moved_id"))
    connection.execute(
        stands.values(stage=bindparam("to"), moved_at=bindparam("at")),
        [{"moved_id": key, "to": one.to_stage, "at": one.acted_at} for key, one in last.items()],
    )
    return found


def _made(step: Step, repo_id: int, sequence: int) -> Move:
    asked, cause = step.asked, step.cause
    return Move(
        asked.id,
        repo_id,
        sequence,
        asked.stage,
        step.to,
        cause.kind,
        cause.actor_id,
        cause.evidence,
        cause.acted_at,
        cause.words,
    )


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


@asked_once
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
        "milestone_number": view.milestone_number,
        "seen_at": seen_at,
    }
    fresh = values | {"request_id": request_id, "milestone": "", "heard": []}
    if not insert_once(connection, board_view, fresh):
        here = update(board_view).where(board_view.c.request_id == request_id)
        connection.execute(here.values(**values))


def put_into(connection: Connection, request_id: int, milestone_number: int) -> None:
    """Write down in which milestone an issue is (0: in none) that came from another repository."""
    here = update(board_view).where(board_view.c.request_id == request_id)
    connection.execute(here.values(milestone_number=milestone_number))


def see_all(connection: Connection, views: Mapping[int, View], at: Mapping[int, datetime]) -> None:
    """Write down what issues show that nobody had looked at, by request; all is heard up to `at`."""
    looked_at = select(board_view.c.request_id).where(board_view.c.request_id.in_(views))
    known = set(connection.scalars(looked_at))
    rows = [
        {
            "request_id": number,
            "labels": list(view.labels),
            "state": view.state,
            "reason": view.reason,
            "milestone": "",
            "milestone_number": view.milestone_number,
            "seen_at": at[number],
            "heard_at": at[number],
            "heard": [],
        }
        for number, view in views.items()
        if number not in known
    ]
    if rows:
        connection.execute(insert(board_view), rows)
    for number in known:
        hear(connection, number, at[number], (), "")


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
    number = row.milestone_number or 0
    view = View(tuple(row.labels), row.state, row.reason, milestone_number=number)
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
