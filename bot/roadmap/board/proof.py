"""Proof of the board: chains are whole, and every request stands where its moves say."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.roadmap.board import store
from bot.roadmap.board.store import Move
from bot.roadmap.board.tables import board, move
from bot.roadmap.tables import request
from licensing import chain


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold on any board."""
    for row in connection.execute(select(board).order_by(board.c.repo_id)).all():
        for problem in _of_chain(connection, row):
            yield f"board of repository {row.repo_id}: {problem}"
    yield from _of_stages(connection)


def boards(connection: Connection) -> tuple[str, ...]:
    """Say of each board how long its chain is and where it ends: to be compared with what one kept."""
    rows = connection.execute(select(board).order_by(board.c.repo_id))
    return tuple(
        f"board of repository {row.repo_id}: {chain.counted(row.head_sequence, 'move')},"
        f" head {row.head_hash}"
        for row in rows
    )


def _of_chain(connection: Connection, head: Row[Any]) -> Iterator[str]:
    rows = connection.execute(
        select(move, request.c.node_id)
        .join(request, request.c.id == move.c.request_id)
        .where(move.c.repo_id == head.repo_id)
        .order_by(move.c.sequence)
    ).all()
    links = [chain.Link(row.sequence, row.record, row.previous_hash, row.hash) for row in rows]
    yield from chain.problems_of(links, (head.head_sequence, head.head_hash))
    for row in rows:
        said = chain.parsed(row.record)
        # A request that moved to another repository has another node id since.
        written = store.facts(_move(row), str(said.get("request")))
        if said != written:
            names = sorted(name for name in written if said.get(name) != written[name])
            yield f"move {row.sequence} and its row differ in {', '.join(names)}"


def _move(row: Row[Any]) -> Move:
    return Move(
        row.request_id,
        row.repo_id,
        row.sequence,
        row.from_stage,
        row.to_stage,
        row.cause,
        row.actor_id,
        row.evidence,
        row.acted_at,
        row.words,
    )


def _of_stages(connection: Connection) -> Iterator[str]:
    """Hold every stage against the moves: each begins where the last one ended."""
    before = func.lag(move.c.to_stage, 1, "").over(
        partition_by=move.c.request_id, order_by=move.c.id
    )
    steps = select(move.c.request_id, move.c.from_stage, before.label("before")).subquery()
    broken = select(steps.c.request_id).where(steps.c.from_stage != steps.c.before).distinct()
    for number in connection.scalars(broken):
        yield f"request {number} made a move from where it did not stand"
    newest = select(func.max(move.c.id)).group_by(move.c.request_id)
    ends = select(move.c.request_id, move.c.to_stage).where(move.c.id.in_(newest)).subquery()
    wrong = (
        select(request.c.id, request.c.stage, func.coalesce(ends.c.to_stage, "").label("moved"))
        .outerjoin(ends, ends.c.request_id == request.c.id)
        .where(request.c.stage != func.coalesce(ends.c.to_stage, ""))
    )
    for row in connection.execute(wrong):
        yield f"request {row.id} stands at “{row.stage}”, but its moves lead to “{row.moved}”"
