"""Who supports what: derived from the ballots, counted once for each person and group.

After a ballot call `settle`; after a join, a parting, or the end of a request call `recount`.
Nobody else writes `vote` and `supporter`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from bot.roadmap import ballots
from bot.roadmap.rules import Act, counting
from bot.roadmap.store import Request
from bot.roadmap.tables import request, supporter, vote
from core.db import upsert

OPEN = "open"

# Put into words once: every vote and every retreat asks all of them.
_HERE = and_(
    supporter.c.root_id == bindparam("_root_id"),
    supporter.c.github_id == bindparam("_github_id"),
)
_SUPPORT = select(supporter).where(_HERE)
_INSERT = insert(supporter)
_CHANGE = update(supporter).where(_HERE)
_REMOVE = delete(supporter).where(_HERE)
_SINCE = (
    select(func.min(vote.c.since))
    .join(request, request.c.id == vote.c.request_id)
    .where(
        request.c.root_id == bindparam("_root_id"),
        vote.c.github_id == bindparam("_github_id"),
    )
)
_IN_REPO = (
    select(supporter.c.root_id, supporter.c.since, supporter.c.counts)
    .join(request, request.c.id == supporter.c.root_id)
    .where(
        supporter.c.repo_id == bindparam("_repo_id"),
        supporter.c.github_id == bindparam("_github_id"),
        request.c.state == OPEN,
    )
)
_ADD = (
    update(request)
    .where(request.c.id == bindparam("_id"))
    .values(supporters=request.c.supporters + bindparam("_number"))
)


def cast(
    connection: Connection, asked: Request, act: Act, limit: int, recorded_at: datetime
) -> bool:
    """Take an act of a voter on a request into the ledger and count anew; False if it was known.

    `limit` is how many open groups of the repository a person's votes may count on, 0 for any.
    """
    if not ballots.record(connection, ballots.subject_of(asked.node_id), act, recorded_at):
        return False
    settle(connection, asked, act.github_id, limit)
    return True


def settle(connection: Connection, asked: Request, github_id: int, limit: int) -> None:
    """Derive a person's vote on a request from the ledger, and what it does to the counts."""
    stands = ballots.stands(connection, ballots.subject_of(asked.node_id), github_id)
    key = {"request_id": asked.id, "github_id": github_id}
    if stands is None:
        here = (vote.c.request_id == asked.id) & (vote.c.github_id == github_id)
        connection.execute(delete(vote).where(here))
    else:
        values = {"door": stands.door, "evidence": stands.evidence, "since": stands.acted_at}
        upsert(connection, vote, key, values)
    _support(connection, asked.root_id, asked.repo_id, github_id)
    _limit(connection, asked.repo_id, github_id, limit)


def recount(connection: Connection, root_ids: Collection[int], repo_id: int, limit: int) -> None:
    """Count whole groups anew, after requests were joined, parted, opened or closed."""
    people: set[int] = set()
    for root_id in root_ids:
        found = set(
            connection.scalars(select(supporter.c.github_id).where(supporter.c.root_id == root_id))
        )
        voting = (
            select(vote.c.github_id)
            .join(request, request.c.id == vote.c.request_id)
            .where(request.c.root_id == root_id)
        )
        found.update(connection.scalars(voting))
        for github_id in sorted(found):
            _support(connection, root_id, repo_id, github_id)
        people |= found
    for github_id in sorted(people):
        _limit(connection, repo_id, github_id, limit)


def return_to(connection: Connection, people: Collection[int], repo_id: int, limit: int) -> None:
    """Let people's votes in a repository count again as far as they may, after one has left it."""
    for github_id in sorted(people):
        _limit(connection, repo_id, github_id, limit)


def members(connection: Connection, root_id: int, github_id: int) -> list[int]:
    """Give the ids of a group's requests on which a person's vote stands."""
    found = (
        select(request.c.id)
        .join(vote, vote.c.request_id == request.c.id)
        .where(request.c.root_id == root_id, vote.c.github_id == github_id)
        .order_by(request.c.id)
    )
    return list(connection.scalars(found))


def counts(connection: Connection, root_id: int, github_id: int) -> bool | None:
    """Say whether a person's vote for a group counts, or waits; None without one."""
    row = connection.execute(_SUPPORT, {"_root_id": root_id, "_github_id": github_id}).first()
    return row.counts if row else None


def left(connection: Connection, repo_id: int, github_id: int, limit: int) -> int:
    """Say how many votes a person has left in a repository; meaningless without a limit."""
    used = (
        select(func.count())
        .select_from(supporter)
        .join(request, request.c.id == supporter.c.root_id)
        .where(
            supporter.c.repo_id == repo_id,
            supporter.c.github_id == github_id,
            request.c.state == OPEN,
        )
    )
    return max(0, limit - (connection.scalar(used) or 0))


def _support(connection: Connection, root_id: int, repo_id: int, github_id: int) -> None:
    """Hold the person's row in a group against their votes in it."""
    here = {"_root_id": root_id, "_github_id": github_id}
    since = connection.scalar(_SINCE, here)
    row = connection.execute(_SUPPORT, here).one_or_none()
    if since is None:
        if row is not None:
            connection.execute(_REMOVE, here)
            _add(connection, root_id, -int(row.counts))
    elif row is None:
        values = {"root_id": root_id, "github_id": github_id, "repo_id": repo_id}
        connection.execute(_INSERT, {**values, "since": since, "counts": False})
    elif row.since != since:
        connection.execute(_CHANGE, {**here, "since": since})


def _limit(connection: Connection, repo_id: int, github_id: int, limit: int) -> None:
    """Let the person's oldest votes on open groups count, as many as there may be."""
    rows = connection.execute(_IN_REPO, {"_repo_id": repo_id, "_github_id": github_id}).all()
    wanted = counting([(row.since, str(row.root_id)) for row in rows], limit)
    for row in rows:
        counts = str(row.root_id) in wanted
        if counts != row.counts:
            here = {"_root_id": row.root_id, "_github_id": github_id}
            connection.execute(_CHANGE, {**here, "counts": counts})
            _add(connection, row.root_id, 1 if counts else -1)


def _add(connection: Connection, root_id: int, number: int) -> None:
    if number:
        connection.execute(_ADD, {"_id": root_id, "_number": number})
