"""What shipped in a project, newest first, read page by page: who asked, how many wanted it, who built it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, func, select, text, tuple_

from bot.people import account
from bot.places import pull_request
from bot.policy.stages import BoardStage
from bot.roadmap.board import rules
from bot.roadmap.board.tables import SHOWN, move
from bot.roadmap.queries import MOST_COUNTED
from bot.roadmap.tables import request

ON_ONE_PAGE = 20
MOST_BUILDERS = 5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
After = tuple[int, int]
"""Where a page begins: microseconds since 1970 and the request's own number of the row before."""


@dataclass(frozen=True)
class Somebody:
    """A person by GitHub's number; `login` is empty where we do not know it."""

    id: int
    login: str


@dataclass(frozen=True)
class Shipped:
    """An item that shipped; `updated_at` is when GitHub last told anything of its issue."""

    id: int
    number: int
    title: str
    author: Somebody
    origin: str
    stage: str
    shipped_at: datetime
    supporters: int
    updated_at: datetime
    builders: tuple[Somebody, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some items; `after` is where the next page begins, None on the last."""

    rows: tuple[Shipped, ...]
    after: After | None


def shipped_stages(stages: Sequence[BoardStage]) -> tuple[str, ...]:
    """Give the stages that mean that something is done."""
    return tuple(one.name for one in stages if rules.is_shipped(stages, one.name))


def page(
    connection: Connection,
    repo_id: int,
    stages: Sequence[BoardStage],
    after: After | None = None,
    most: int = ON_ONE_PAGE,
) -> Page:
    """Give what shipped in a repository, newest first."""
    found: list[Shipped] = []
    # One look for each stage: an index gives each in order, and there is hardly ever a second one.
    for name in shipped_stages(stages):
        found += _at(connection, repo_id, name, after, most + 1)
    found.sort(key=_key, reverse=True)
    rows = found[:most]
    following = _key(rows[-1]) if len(found) > most else None
    return Page(_with_builders(connection, repo_id, rows), following)


def counted(connection: Connection, repo_id: int, stages: Collection[str]) -> int:
    """Count what shipped, up to `MOST_COUNTED` + 1."""
    here = (request.c.repo_id == repo_id) & request.c.stage.in_(stages) & text(SHOWN)
    some = select(request.c.id).where(here).limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def by_month(rows: Sequence[Shipped]) -> tuple[tuple[date, tuple[Shipped, ...]], ...]:
    """Give the items of each month under its first day."""
    months = groupby(rows, lambda one: one.shipped_at.date().replace(day=1))
    return tuple((month, tuple(items)) for month, items in months)


def _at(
    connection: Connection, repo_id: int, stage: str, after: After | None, most: int
) -> list[Shipped]:
    columns = request.c
    wanted = (
        select(
            columns.id,
            columns.number,
            columns.title,
            columns.author_id,
            columns.author_login,
            columns.origin,
            columns.stage,
            columns.moved_at,
            columns.supporters,
            columns.updated_at,
        )
        # As text, so that SQLite sees that the index has all that is asked for.
        .where(columns.repo_id == repo_id, columns.stage == stage, text(SHOWN))
        .where(columns.moved_at.is_not(None))
        .order_by(columns.moved_at.desc(), columns.id.desc())
        .limit(most)
    )
    if after is not None:
        at = _EPOCH + timedelta(microseconds=after[0])
        wanted = wanted.where(tuple_(columns.moved_at, columns.id) < tuple_(at, after[1]))
    return [
        Shipped(row[0], row[1], row[2], Somebody(row[3], row[4]), *row[5:])
        for row in connection.execute(wanted)
    ]


def _key(one: Shipped) -> After:
    return (one.shipped_at - _EPOCH) // timedelta(microseconds=1), one.id


def _with_builders(
    connection: Connection, repo_id: int, rows: Sequence[Shipped]
) -> tuple[Shipped, ...]:
    built = builders(connection, repo_id, [one.id for one in rows])
    return tuple(replace(one, builders=built.get(one.id, ())) for one in rows)


def builders(
    connection: Connection, repo_id: int, requests: Collection[int]
) -> dict[int, tuple[Somebody, ...]]:
    """Give who took up each request, and who opened the change that closed it, the first one first.

    Who merged it is no builder by that, and neither is a bot.
    """
    acts = connection.execute(
        select(move.c.request_id, move.c.cause, move.c.actor_id, move.c.evidence)
        .where(move.c.request_id.in_(requests), move.c.cause.in_(("claimed", "merged")))
        .order_by(move.c.id)
    ).all()
    pulls = {_pull(act.cause, act.evidence) for act in acts}
    opened, seen = pull_request.c, account.c
    openers = {
        row.number: row.opener_id
        for row in connection.execute(
            select(opened.number, opened.opener_id)
            .where(opened.repo_id == repo_id, opened.number.in_(pulls))
            .where(opened.opener_type != "Bot")
        )
    }
    found: dict[int, dict[int, None]] = {}
    for act in acts:
        pull = _pull(act.cause, act.evidence)
        who = act.actor_id if act.cause == "claimed" else openers.get(pull, 0)
        if who:
            found.setdefault(act.request_id, {})[who] = None
    numbers = {who for people in found.values() for who in people}
    rows = connection.execute(select(seen.id, seen.login).where(seen.id.in_(numbers)))
    logins = {row.id: row.login or "" for row in rows}
    return {
        request_id: tuple(Somebody(who, logins.get(who, "")) for who in people)[:MOST_BUILDERS]
        for request_id, people in found.items()
    }


def _pull(cause: str, evidence: str) -> int:
    """Give the number of the pull request whose merging is the evidence; 0 for any other."""
    kind, _colon, rest = evidence.partition(":")
    number = rest.partition(":")[0]
    return int(number) if cause == "merged" and kind == "pull" and number.isdigit() else 0
