"""Milestones as GitHub last told of them, and the requests that are in them.

A milestone is known by its repository and number, which GitHub never gives again. What it is called
where money is promised for it is the node id under which we heard of it first: GitHub has two forms.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select, update

from bot.milestones import rules
from bot.milestones.rules import Milestone, State, Verdict
from bot.milestones.tables import milestone
from bot.roadmap import store as requests
from bot.roadmap.board.tables import board_view
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.db import insert_once
from core.github import Milestone as Told
from donations.giving.tables import gift
from donations.pledges.tables import purse

__all__ = ["Milestone", "State", "by_node", "by_number", "in_repo", "names", "requests_of"]


def by_node(connection: Connection, node_id: str) -> Milestone | None:
    """Give the milestone of a node id, whatever its state and name; None if never heard of."""
    own = milestone.c
    place = select(own.repo_id, own.number).where(own.node_id == node_id)
    row = connection.execute(place).one_or_none()
    return by_number(connection, row.repo_id, row.number) if row else None


def by_nodes(connection: Connection, node_ids: Collection[str]) -> tuple[Milestone, ...]:
    """Give the milestones of some node ids, those of which we heard, each under the id asked for."""
    if not node_ids:
        return ()
    rows = connection.execute(select(milestone).where(milestone.c.node_id.in_(node_ids)))
    return tuple(_milestone(row) for row in rows)


def by_number(connection: Connection, repo_id: int, number: int) -> Milestone | None:
    """Give the milestone of a number in a repository; None if never heard of."""
    rows = connection.execute(select(milestone).where(_place(repo_id, number))).all()
    return _folded(connection, rows) if rows else None


def in_repo(connection: Connection, repo_id: int) -> tuple[Milestone, ...]:
    """Give every milestone of a repository, closed and gone ones too, by number."""
    here = select(milestone).where(milestone.c.repo_id == repo_id)
    rows = connection.execute(here.order_by(milestone.c.number))
    return tuple(
        _folded(connection, list(same)) for _number, same in groupby(rows, lambda row: row.number)
    )


def names(connection: Connection, of: Milestone) -> tuple[str, ...]:
    """Give the node ids under which somebody may have promised for a milestone, its own first."""
    here = select(milestone.c.node_id).where(_place(of.repo_id, of.number))
    others = connection.scalars(here.where(milestone.c.node_id != of.node_id))
    return (of.node_id, *sorted(others))


def requests_of(connection: Connection, of: Milestone) -> tuple[Request, ...]:
    """Give the requests, open and closed, whose issues are in a milestone now, by number.

    Issues are known to be in it by its number, which outlives its name; in one that is gone
    there are none. Those that were joined to another request are among them.
    """
    if of.state == "gone":
        return ()
    found = _inside(select(request.c.id), of.repo_id, (of.number,))
    return tuple(sorted(requests.by_ids(connection, found), key=lambda one: one.number))


def some_of(connection: Connection, of: Milestone, skip: int, most: int) -> tuple[Request, ...]:
    """Give a part of a milestone's requests: open ones, the most wanted first, then the last closed."""
    own, is_closed = request.c, request.c.state == "closed"
    if of.state == "gone":
        return ()
    found = _inside(select(own.id), of.repo_id, (of.number,)).order_by(
        is_closed,
        case((is_closed, 0), else_=own.supporters).desc(),
        case((is_closed, func.coalesce(own.closed_at, own.opened_at))).desc(),
        case((is_closed, -own.number), else_=own.number),
    )
    ids = connection.scalars(found.offset(skip).limit(most)).all()
    known = {one.id: one for one in requests.by_ids(connection, ids)}
    return tuple(known[one] for one in ids)


def counts(
    connection: Connection, repo_id: int, numbers: Collection[int]
) -> dict[int, tuple[int, int]]:
    """Give for each of a project's milestones how many requests in it are open, and closed."""
    inside = board_view.c.milestone_number
    columns = select(inside, request.c.state, func.count().label("many"))
    rows = connection.execute(
        _inside(columns, repo_id, numbers).group_by(inside, request.c.state)
    ).all()
    by = {(row.milestone_number, row.state): row.many for row in rows}
    return {one: (by.get((one, "open"), 0), by.get((one, "closed"), 0)) for one in numbers}


def _inside(found: Select[Any], repo_id: int, numbers: Collection[int]) -> Select[Any]:
    """Narrow what is selected to requests whose issues are in some milestones of a project."""
    return (
        found.select_from(request)
        .join(board_view, board_view.c.request_id == request.c.id)
        .where(request.c.repo_id == repo_id, request.c.state.in_(("open", "closed")))
        .where(board_view.c.milestone_number.in_(numbers))
    )


def has_any(connection: Connection, repo_id: int) -> bool:
    """Say whether a repository has a milestone, open or closed."""
    here = (milestone.c.repo_id == repo_id) & (milestone.c.state != "gone")
    return connection.scalar(select(milestone.c.node_id).where(here).limit(1)) is not None


def hear(connection: Connection, repo_id: int, told: Told, now: datetime) -> Verdict:
    """Take over what an event tells of a milestone, if it is newer than what stands."""
    return _take(connection, repo_id, told, now, rules.heard)


def read(connection: Connection, repo_id: int, told: Told, read_at: datetime) -> Verdict:
    """Take over what a reading that began at `read_at` tells, if it is newer than what stands."""

    def judge(known: Milestone, told: Told) -> Verdict:
        return rules.read(known, told, read_at)

    return _take(connection, repo_id, told, read_at, judge)


def end(connection: Connection, repo_id: int, number: int, now: datetime) -> bool:
    """Note that a milestone was deleted; says whether it was there until now."""
    here = update(milestone).where(_place(repo_id, number), milestone.c.state != "gone")
    ended = connection.execute(here.values(state="gone", gone_at=now, seen_at=now))
    return ended.rowcount > 0


def _take(
    connection: Connection,
    repo_id: int,
    told: Told,
    seen_at: datetime,
    judge: Callable[[Milestone, Told], Verdict],
) -> Verdict:
    """Write down what a telling adds: what stands, if it is to be taken, and the past in any case."""
    fresh = _columns(repo_id, told) | {"gone_at": None, "seen_at": seen_at}
    here = _place(repo_id, told.number) | (milestone.c.node_id == told.node_id)
    rows = connection.execute(select(milestone).where(here).with_for_update()).all()
    if not rows:
        first = fresh | {"node_id": told.node_id, "last_closed_at": fresh["closed_at"]}
        if insert_once(connection, milestone, first | {"reopened_at": None}):
            return "take"
        rows = connection.execute(select(milestone).where(here).with_for_update()).all()
    known = _folded(connection, rows)
    verdict, past = judge(known, told), rules.past(known, told)
    values = {"last_closed_at": past.closed_at, "reopened_at": past.reopened_at}
    values |= fresh if verdict == "take" else {}
    connection.execute(update(milestone).where(here).values(**values))
    return verdict


def _place(repo_id: int, number: int) -> ColumnElement[bool]:
    return (milestone.c.repo_id == repo_id) & (milestone.c.number == number)


def _folded(connection: Connection, rows: Sequence[Row[Any]]) -> Milestone:
    """Give the one milestone that rows are of: under the name with a purse, else the first of them.

    There are several where it was kept under both forms of its id: what was told of it last stands.
    """
    if len(rows) == 1:
        return _milestone(rows[0])
    known = [_milestone(row) for row in rows]
    newest = max(known, key=lambda one: (one.updated_at, one.seen_at, one.node_id))
    return replace(
        newest,
        node_id=_first_promised(connection, sorted(one.node_id for one in known)),
        last_closed_at=max(
            (one.last_closed_at for one in known if one.last_closed_at), default=None
        ),
        reopened_at=max((one.reopened_at for one in known if one.reopened_at), default=None),
    )


def _first_promised(connection: Connection, node_ids: Sequence[str]) -> str:
    """Give the one of some names for which money was promised first, or else that has a purse."""
    first = (
        select(purse.c.about, func.min(gift.c.id).label("gift"))
        .join(gift, gift.c.about == purse.c.about, isouter=True)
        .where(purse.c.about.in_(node_ids))
        .group_by(purse.c.about)
    )
    found = [(row.gift is None, row.gift or 0, row.about) for row in connection.execute(first)]
    return min(found)[2] if found else node_ids[0]


def _columns(repo_id: int, told: Told) -> dict[str, Any]:
    return {
        "repo_id": repo_id,
        "number": told.number,
        "title": told.title,
        "state": told.state,
        "due_at": told.due_on,
        "closed_at": told.closed_at if told.state == "closed" else None,
        "updated_at": told.updated_at,
    }


def _milestone(row: Row[Any]) -> Milestone:
    return Milestone(
        node_id=row.node_id,
        repo_id=row.repo_id,
        number=row.number,
        title=row.title,
        state=row.state,
        due_at=row.due_at,
        closed_at=row.closed_at,
        last_closed_at=row.last_closed_at,
        reopened_at=row.reopened_at,
        gone_at=row.gone_at,
        updated_at=row.updated_at,
        seen_at=row.seen_at,
    )
