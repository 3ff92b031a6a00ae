"""What all orders of a repository say, counted as a task: pages read the result.

It is counted soon after somebody orders theirs, and with every sweep, because votes that are taken
back and requests that are closed change what an order speaks of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from bot import tasks
from bot.roadmap import votes
from bot.roadmap.ranking.rules import Ranked
from bot.roadmap.ranking.rules import ranked as said_together
from bot.roadmap.ranking.tables import ranked, ranking
from bot.roadmap.tables import request, supporter
from core.context import Task
from core.db import upsert

SOON = timedelta(seconds=20)
"""Orders that follow on each other are counted once."""

MOST_SHOWN = 100


def count(connection: Connection, repo_id: int) -> dict[int, Ranked[int]]:
    """Count the orders of a repository, by the ids of requests; the work of it holds up nobody."""
    return said_together(orders(connection, repo_id))


def keep(connection: Connection, repo_id: int, found: Mapping[int, Ranked[int]]) -> None:
    """Write down what differs from the last time."""
    rows = connection.execute(select(ranking).where(ranking.c.repo_id == repo_id))
    before = {row.request_id: _ranked(row) for row in rows}
    gone = ranking.c.request_id.in_(set(before) - set(found))
    connection.execute(delete(ranking).where(ranking.c.repo_id == repo_id, gone))
    for key, one in found.items():
        if before.get(key) != one:
            _key, lists, firsts, median, place, shared = astuple(one)
            values = {"lists": lists, "firsts": firsts, "median": median, "place": place}
            of = {"repo_id": repo_id, "shared": shared}
            upsert(connection, ranking, {"request_id": key}, values | of)


def orders(connection: Connection, repo_id: int) -> list[list[list[int]]]:
    """Give every person's order of the open requests that they vote for, as ids of groups."""
    root = request.alias("root")
    place = func.min(ranked.c.place).label("place")
    rows = connection.execute(
        select(ranked.c.github_id, root.c.id, place)
        .join(request, request.c.id == ranked.c.request_id)
        .join(root, root.c.id == request.c.root_id)
        .join(
            supporter,
            (supporter.c.root_id == root.c.id) & (supporter.c.github_id == ranked.c.github_id),
        )
        .where(ranked.c.repo_id == repo_id, root.c.repo_id == repo_id)
        .where(root.c.state == votes.OPEN)
        .group_by(ranked.c.github_id, root.c.id)
    )
    people: dict[int, dict[int, list[int]]] = {}
    for row in rows:
        people.setdefault(row.github_id, {}).setdefault(row.place, []).append(row.id)
    return [[groups[place] for place in sorted(groups)] for groups in people.values()]


def signal(connection: Connection, root_id: int) -> Ranked[int] | None:
    """Give what orders said of a request when they were last counted; None if nothing."""
    row = connection.execute(select(ranking).where(ranking.c.request_id == root_id)).one_or_none()
    return _ranked(row) if row else None


def compared(connection: Connection, repo_id: int) -> int:
    """Say how many requests of a repository were compared in pairs."""
    here = (ranking.c.repo_id == repo_id) & ranking.c.place.is_not(None)
    return connection.scalar(select(func.count()).select_from(ranking).where(here)) or 0


def result(connection: Connection, repo_id: int) -> Sequence[tuple[str, int, Ranked[int]]]:
    """Give (title, number, what was said) of the requests that were ordered, best place first.

    Equal ones stand by how many orders have them, then by their numbers on GitHub: a way to write
    them down, not a place.
    """
    rows = connection.execute(
        select(ranking, request.c.title, request.c.number)
        .join(request, request.c.id == ranking.c.request_id)
        .where(ranking.c.repo_id == repo_id)
        .order_by(ranking.c.place.asc().nulls_last(), ranking.c.lists.desc(), request.c.number)
        .limit(MOST_SHOWN)
    )
    return [(row.title, row.number, _ranked(row)) for row in rows]


def people(connection: Connection, repo_id: int) -> int:
    """Say how many people have put something in order."""
    found = select(ranked.c.github_id).where(ranked.c.repo_id == repo_id).distinct().subquery()
    return connection.scalar(select(func.count()).select_from(found)) or 0


def soon(connection: Connection, repo_id: int, key: str, now: datetime) -> list[Task]:
    """Ask for the counting, unless it waits to be done already; `key` names what it is for."""
    entity, columns = f"rankings:{repo_id}", tasks.task.c
    waits = select(columns.id).where(columns.entity == entity, columns.state == "due")
    if connection.scalar(waits.limit(1)) is not None:
        return []
    about = {"repo_id": repo_id}
    return [Task("count_rankings", f"count_rankings:{repo_id}:{key}", now + SOON, entity, about)]


def due(connection: Connection, now: datetime) -> list[Task]:
    """Ask for the counting wherever somebody has put something in order."""
    repos = connection.scalars(select(ranked.c.repo_id).distinct()).all()
    return [
        task
        for repo_id in sorted(repos)
        for task in soon(connection, repo_id, now.isoformat(), now)
    ]


def _ranked(row: Row[Any]) -> Ranked[int]:
    return Ranked(row.request_id, row.lists, row.firsts, row.median, row.place, row.shared)
