"""One request as its page shows it: who supports it since when, and what it is joined with."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select, tuple_

from bot.people import account, logins
from bot.roadmap import rules, store
from bot.roadmap.charts import Growth, growth
from bot.roadmap.store import Request
from bot.roadmap.tables import request, supporter, vote

MOST_JOINED = 50
PEOPLE_ON_ONE_PAGE = 50


@dataclass(frozen=True)
class Joined:
    """Another request of the same group."""

    number: int
    title: str
    state: str


@dataclass(frozen=True)
class Own:
    """A vote of the visitor in the group: on which request, through which door, since when."""

    request_id: int
    number: int
    door: str
    since: datetime


@dataclass(frozen=True)
class Supporter:
    """Somebody whose vote counts; `login` is empty where we do not know it.

    `made_at` is when their account was made, None where that is not known.
    """

    github_id: int
    login: str
    since: datetime
    made_at: datetime | None = None

    def is_young(self, days: int) -> bool | None:
        """Say whether the account was younger than that many days when it voted; None: not known."""
        return rules.is_young(self.made_at, self.since, days)


@dataclass(frozen=True)
class People:
    """A page of supporters, earliest first; `after` is the number of the account that comes last."""

    rows: tuple[Supporter, ...]
    after: int | None


def root(connection: Connection, asked: Request) -> Request:
    """Give the request that a group is counted on: often the request itself."""
    return asked if asked.root_id == asked.id else store.by_id(connection, asked.root_id) or asked


def joined(connection: Connection, asked: Request) -> tuple[Joined, ...]:
    """Give the other requests of the group."""
    rows = connection.execute(
        select(request.c.number, request.c.title, request.c.state)
        .where(request.c.root_id == asked.root_id, request.c.id != asked.id)
        .where(request.c.state.in_(("open", "closed")))
        .order_by(request.c.id)
        .limit(MOST_JOINED)
    )
    return tuple(Joined(*row) for row in rows)


def votes_over_time(connection: Connection, root_id: int) -> Growth:
    """Gather the votes that count by when they were cast."""
    day = func.to_char(func.timezone("UTC", supporter.c.since), "YYYY-MM-DD")
    if connection.dialect.name == "sqlite":
        day = func.substr(supporter.c.since, 1, 10)
    label = day.label("day")
    rows = connection.execute(
        select(label, func.count())
        .where(supporter.c.root_id == root_id, supporter.c.counts)
        .group_by(label)
    )
    return growth([(date.fromisoformat(found), number) for found, number in rows])


def own_votes(connection: Connection, root_id: int, github_id: int) -> tuple[Own, ...]:
    """Give the visitor's votes in a group, earliest first."""
    rows = connection.execute(
        select(request.c.id, request.c.number, vote.c.door, vote.c.since)
        .join(vote, vote.c.request_id == request.c.id)
        .where(request.c.root_id == root_id, vote.c.github_id == github_id)
        .order_by(vote.c.since)
    )
    return tuple(Own(*row) for row in rows)


def people(connection: Connection, root_id: int, after: int | None = None) -> People:
    """Give a page of those whose votes count, with the logins that we know."""
    columns = supporter.c
    here = (columns.root_id == root_id) & columns.counts
    wanted = (
        select(columns.github_id, columns.since, account.c.made_at)
        .outerjoin(account, account.c.id == columns.github_id)
        .where(here)
    )
    if after is not None:
        last = select(columns.since).where(columns.root_id == root_id, columns.github_id == after)
        wanted = wanted.where(
            tuple_(columns.since, columns.github_id) > tuple_(last.scalar_subquery(), after)
        )
    rows = connection.execute(
        wanted.order_by(columns.since, columns.github_id).limit(PEOPLE_ON_ONE_PAGE + 1)
    ).all()
    names = logins(connection, [row.github_id for row in rows])
    shown = tuple(
        Supporter(row.github_id, names.get(row.github_id, ""), row.since, row.made_at)
        for row in rows[:PEOPLE_ON_ONE_PAGE]
    )
    return People(shown, shown[-1].github_id if len(rows) > PEOPLE_ON_ONE_PAGE else None)
