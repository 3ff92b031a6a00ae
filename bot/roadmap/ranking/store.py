"""Each person's own order: acts in the ledger of ballots, one box for each repository, and what stands.

The ledger names requests by GitHub's node ids and keeps every order that was ever given; an order
speaks of what its person votes for and what is open, whenever it is looked at.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, select

from bot.roadmap import ballots, votes
from bot.roadmap.ranking.rules import Order
from bot.roadmap.ranking.tables import ranked
from bot.roadmap.rules import Act, standing
from bot.roadmap.store import Request
from bot.roadmap.tables import ballot, box, request, supporter

MOST = 50
"""Requests that one person puts in order."""


@dataclass(frozen=True)
class Mine:
    """An open request that somebody votes for; `place` is its group in their order, from 1."""

    id: int
    number: int
    title: str
    place: int | None


def subject_of(repo_id: int) -> str:
    """Name the box of a repository's orders."""
    return f"ranking:{repo_id}"


def record(
    connection: Connection, repo_id: int, act: Act, order: Order[str], recorded_at: datetime
) -> bool:
    """Take an order (of node ids), or that it is taken back, into the ledger; False if known."""
    more = {"order": [list(group) for group in order]} if act.choice == "ranks" else {}
    if not ballots.record(connection, subject_of(repo_id), act, recorded_at, more):
        return False
    _settle(connection, repo_id, act.github_id)
    return True


def stands(connection: Connection, repo_id: int, github_id: int) -> tuple[tuple[str, ...], ...]:
    """Give somebody's order (of node ids) as the ledger has it; empty where none stands."""
    known = ballots.acts(connection, subject_of(repo_id), github_id)
    last = standing(known)
    if last is None:
        return ()
    rows = connection.scalars(
        select(ballot.c.record)
        .join(box, box.c.id == ballot.c.box_id)
        .where(
            box.c.subject == subject_of(repo_id),
            ballot.c.github_id == github_id,
            ballot.c.deed == last.deed,
            ballot.c.door == last.door,
            ballot.c.evidence == last.evidence,
            ballot.c.acted_at == last.acted_at,
        )
    )
    return tuple(tuple(group) for group in json.loads(rows.one())["order"])


def _settle(connection: Connection, repo_id: int, github_id: int) -> None:
    """Draw what stands of somebody's order from the ledger."""
    order = stands(connection, repo_id, github_id)
    places = {node: place for place, group in enumerate(order, 1) for node in group}
    own = (ranked.c.repo_id == repo_id) & (ranked.c.github_id == github_id)
    connection.execute(delete(ranked).where(own))
    known = select(request.c.id, request.c.node_id).where(request.c.node_id.in_(places))
    rows = [
        {
            "repo_id": repo_id,
            "github_id": github_id,
            "request_id": row.id,
            "place": places[row.node_id],
        }
        for row in connection.execute(known)
    ]
    if rows:
        connection.execute(insert(ranked), rows)


def mine(connection: Connection, repo_id: int, github_id: int) -> tuple[Mine, ...]:
    """Give what somebody votes for in a repository and is open: in their order, then the rest."""
    member = request.alias("member")
    own = and_(
        ranked.c.request_id == member.c.id,
        ranked.c.repo_id == repo_id,
        ranked.c.github_id == github_id,
    )
    place = func.min(ranked.c.place).label("place")
    columns = (request.c.id, request.c.number, request.c.title, supporter.c.since)
    rows = connection.execute(
        select(*columns, place)
        .join(supporter, supporter.c.root_id == request.c.id)
        .join(member, member.c.root_id == request.c.id)
        .outerjoin(ranked, own)
        .where(supporter.c.repo_id == repo_id, supporter.c.github_id == github_id)
        .where(request.c.state == votes.OPEN)
        .group_by(*columns)
        .order_by(place.asc().nulls_last(), supporter.c.since, request.c.number)
        .limit(MOST)
    ).all()
    places = sorted({row.place for row in rows if row.place is not None})
    return tuple(
        Mine(row.id, row.number, row.title, places.index(row.place) + 1 if row.place else None)
        for row in rows
    )


def grouped(own: Iterable[Mine]) -> list[list[int]]:
    """Give the numbers of an order, group by group."""
    groups: dict[int, list[int]] = {}
    for one in own:
        if one.place is not None:
            groups.setdefault(one.place, []).append(one.number)
    return [groups[place] for place in sorted(groups)]


def nodes(groups: Sequence[Sequence[Request]]) -> list[list[str]]:
    """Name the requests of an order as the ledger does."""
    return [[one.node_id for one in group] for group in groups]
