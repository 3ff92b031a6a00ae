"""Requests that are one and the same: a link that can be taken back, never a copy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from bot.roadmap import votes
from bot.roadmap.store import Request, by_id
from bot.roadmap.tables import joining, request, supporter

Outcome = Literal["joined", "parted", "same", "circle", "elsewhere"]
"""same: nothing to do; circle: the other one is joined onto this; elsewhere: another repository."""


@dataclass(frozen=True)
class Joining:
    """Somebody said that a request is the same as another, or (None) that it is not."""

    request: Request
    onto: Request | None
    actor_id: int
    evidence: str
    acted_at: datetime


@dataclass(frozen=True)
class Joined:
    """What came of it; `moved` are the people who support something else by it than before."""

    outcome: Outcome
    moved: frozenset[int] = frozenset()


def join(connection: Connection, said: Joining, limit: int) -> Joined:
    """Join or part; the group's supporters are counted anew."""
    asked, onto = said.request, said.onto
    if onto is not None and onto.repo_id != asked.repo_id:
        return Joined("elsewhere")
    links = _links(connection, asked.repo_id)
    if links.get(asked.id) == (onto.id if onto else None):
        return Joined("same")
    if onto is not None and _root(links, onto.id, asked.id) == asked.id:
        return Joined("circle")
    before = asked.root_id
    connection.execute(
        insert(joining).values(
            request_id=asked.id,
            onto_id=onto.id if onto else None,
            actor_id=said.actor_id,
            evidence=said.evidence,
            acted_at=said.acted_at,
        )
    )
    links[asked.id] = onto.id if onto else None
    roots = {before} | _set_roots(connection, before, links)
    after = _root(links, asked.id)
    earlier = _supporters(connection, after)
    votes.recount(connection, roots, asked.repo_id, limit)
    moved = _supporters(connection, after) - earlier
    return Joined("joined" if onto else "parted", frozenset(moved))


def linked(connection: Connection, asked: Request) -> list[Request]:
    """Give the requests whose link has this one at either end."""
    links = _links(connection, asked.repo_id)
    ends = [child for child, onto in links.items() if onto is not None]
    near = [child for child in ends if child == asked.id or links[child] == asked.id]
    found = (by_id(connection, child) for child in near)
    return [one for one in found if one is not None]


def onto(connection: Connection, asked: Request) -> int | None:
    """Give the id of the request that this one is joined onto."""
    return _links(connection, asked.repo_id).get(asked.id)


def later(connection: Connection, asked: Request, at: datetime) -> bool:
    """Say whether somebody said something of this request's link after `at`."""
    last = select(joining.c.id).where(joining.c.request_id == asked.id, joining.c.acted_at > at)
    return connection.scalar(last.limit(1)) is not None


def _links(connection: Connection, repo_id: int) -> dict[int, int | None]:
    """Give the link of each request that ever had one: the last that was said of it."""
    rows = connection.execute(
        select(joining.c.request_id, joining.c.onto_id)
        .join(request, request.c.id == joining.c.request_id)
        .where(request.c.repo_id == repo_id)
        .order_by(joining.c.acted_at, joining.c.id)
    )
    return {row.request_id: row.onto_id for row in rows}


def _root(links: dict[int, int | None], start: int, stop: int | None = None) -> int:
    """Follow the links to their end, or to `stop`."""
    found = start
    while found != stop and (onto := links.get(found)) is not None:
        found = onto
    return found


def _set_roots(connection: Connection, before: int, links: dict[int, int | None]) -> set[int]:
    """Write the root of every request that had the root `before`; give the roots that they have."""
    members = connection.scalars(select(request.c.id).where(request.c.root_id == before)).all()
    roots = {member: _root(links, member) for member in members}
    for member, root in roots.items():
        if root != before:
            here = update(request).where(request.c.id == member)
            connection.execute(here.values(root_id=root))
    return set(roots.values())


def _supporters(connection: Connection, root_id: int) -> set[int]:
    found = select(supporter.c.github_id).where(supporter.c.root_id == root_id)
    return set(connection.scalars(found))
