"""Proof of the board: chains are whole, and every request stands where its moves say."""

from collections.abc import Iterator, Mapping
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
    return tuple(_said(row.repo_id, row.head_sequence, row.head_hash) for row in rows)


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give each board (or that of one repository) as canonical JSON, for `export_problems`."""
    found = select(board).order_by(board.c.repo_id)
    if repo_id is not None:
        found = found.where(board.c.repo_id == repo_id)
    for head in connection.execute(found).all():
        rows = connection.execute(
            select(move.c.sequence, move.c.record, move.c.previous_hash, move.c.hash)
            .where(move.c.repo_id == head.repo_id)
            .order_by(move.c.sequence)
        )
        names = ("sequence", "record", "previous", "hash")
        yield chain.canonical(
            {
                "repository": head.repo_id,
                "head": {"sequence": head.head_sequence, "hash": head.head_hash},
                "moves": [dict(zip(names, row, strict=True)) for row in rows],
            }
        )


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the boards of an export on their own; gives a sentence for each thing that does not hold."""
    try:
        return tuple(
            f"board of repository {part['repository']}: {problem}"
            for part in data.get("boards", ())
            for problem in _of_part(part)
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the export is damaged: {type(error).__name__} at {error}",)


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of each board in an export what `boards` says of those in a database."""
    return tuple(
        _said(part["repository"], part["head"]["sequence"], part["head"]["hash"])
        for part in data.get("boards", ())
    )


def _said(repo_id: int, length: int, head: str) -> str:
    return f"board of repository {repo_id}: {chain.counted(length, 'move')}, head {head}"


def _of_part(part: Mapping[str, Any]) -> Iterator[str]:
    """Check a chain, and that each item left from where it stood."""
    links = [
        chain.Link(item["sequence"], item["record"], item["previous"], item["hash"])
        for item in part["moves"]
    ]
    yield from chain.problems_of(links, (part["head"]["sequence"], part["head"]["hash"]))
    stands: dict[int, str] = {}
    for item in links:
        said = chain.parsed(item.record)
        if (said["repo_id"], said["sequence"]) != (part["repository"], item.sequence):
            yield f"move {item.sequence} was written for another place"
        # One that came from another repository has its first moves there.
        if stands.get(said["request_id"], said["from_stage"]) != said["from_stage"]:
            yield f"move {item.sequence} does not begin where its request stood"
        stands[said["request_id"]] = said["to_stage"]


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
