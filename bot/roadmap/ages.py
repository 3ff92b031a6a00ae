"""How old the accounts of voters were when they voted: young ones are shown apart, and hide nobody.

When accounts were made is asked for in `bot.roadmap.asking_ages`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from bot.people import account
from bot.roadmap import votes
from bot.roadmap.store import Request
from bot.roadmap.tables import supporter

MOST_COUNTED = 20_000
"""Of more votes than that the latest are looked at: a wave of new accounts is among them."""


@dataclass(frozen=True)
class Ages:
    """Of the latest `of` votes that count: how many are by accounts younger than `days`.

    Of `unknown` accounts GitHub has not said yet when they were made.
    """

    days: int
    young: int
    unknown: int
    of: int


def shown(root: Request, days: int) -> int:
    """Give below how many days an account is shown as young; 0 where ages are not shown.

    Once votes rest nobody asks for ages, and those that we know are forgotten by and by.
    """
    return days if root.state == votes.OPEN else 0


def counted(connection: Connection, root: Request, days: int) -> Ages | None:
    """Count the votes of young accounts for a group; None where ages are not shown."""
    if not shown(root, days):
        return None
    columns = supporter.c
    some = (
        select(columns.github_id, columns.since)
        .where(columns.root_id == root.id, columns.counts)
        .order_by(columns.since.desc(), columns.github_id.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    is_young = account.c.made_at > _before(connection, some.c.since, days)
    row = connection.execute(
        select(
            func.count().filter(is_young),
            func.count().filter(account.c.made_at.is_(None)),
            func.count(),
        ).select_from(some.outerjoin(account, account.c.id == some.c.github_id))
    ).one()
    return Ages(days, *row)


def _before(connection: Connection, since: ColumnElement[Any], days: int) -> ColumnElement[Any]:
    """Give the instant so many days of 24 hours before, as `rules.is_young` has it."""
    if connection.dialect.name != "sqlite":
        return since - func.make_interval(0, 0, 0, 0, 24 * days)
    # SQLite reckons with milliseconds: what is below a second is put back as it was written.
    second = func.datetime(func.substr(since, 1, 19), f"-{days} days")
    return second.concat(func.substr(since, 20))
