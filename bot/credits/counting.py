"""The register page by page: the people of a project by name, and how much rests on how few."""

from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    func,
    select,
)

from bot.credits import rules, shown
from bot.credits.shown import Contributor, Register, Tally
from bot.credits.tables import credit_tally, credited
from bot.people import account


def register(connection: Connection, repo_id: int, kind: str = "", page: int = 1) -> Register:
    """Make a page of the register, without links; `kind` leaves only those who did it."""
    columns = credit_tally.c
    first, most = (page - 1) * shown.ON_ONE_PAGE, shown.ON_ONE_PAGE
    wanted = _from_all(select(columns.github_id).distinct(), repo_id)
    if kind:
        wanted = wanted.where(columns.kind == kind)
    order = (_LOGIN == "", func.lower(_LOGIN), columns.github_id)
    ordered = wanted.add_columns(*(one.label(f"key{at}") for at, one in enumerate(order)))
    here = ordered.order_by("key0", "key1", "key2").offset(first).limit(most + 1)
    numbers = list(connection.scalars(here))
    counts = connection.execute(
        _from_all(select(columns.kind, func.count()), repo_id).group_by(columns.kind)
    )
    kinds = {row[0]: row[1] for row in counts}
    total = func.sum(columns.number)
    sums = _from_all(select(columns.github_id, total), repo_id).group_by(columns.github_id)
    each = [int(row[1]) for row in connection.execute(sums)]
    return Register(
        people=_people(connection, repo_id, numbers[:most]),
        total=len(each),
        credits=sum(each),
        kinds=tuple((key, kinds[key]) for key in shown.in_order(kinds)),
        factor=rules.absence_factor(each),
        few=_few(connection, repo_id),
        more=len(numbers) > most,
    )


def _few(connection: Connection, repo_id: int) -> tuple[Contributor, ...]:
    """Give those who did most, with all that they did."""
    number, columns = func.sum(credit_tally.c.number), credit_tally.c
    most = (
        _from_all(select(columns.github_id), repo_id)
        .group_by(columns.github_id, _LOGIN)
        .order_by(number.desc(), func.lower(_LOGIN), columns.github_id)
        .limit(shown.MOST_IN_TABLE)
    )
    numbers = list(connection.scalars(most))
    people = {one.github_id: one for one in _people(connection, repo_id, numbers)}
    return tuple(people[one] for one in numbers)


def _people(connection: Connection, repo_id: int, numbers: list[int]) -> tuple[Contributor, ...]:
    columns = credit_tally.c
    wanted = _from_all(select(columns.github_id, _LOGIN, columns.kind, columns.number), repo_id)
    rows = connection.execute(wanted.where(columns.github_id.in_(numbers)))
    return shown.contributors([Tally(*row) for row in rows])


def _from_all(wanted: Select[Any], repo_id: int) -> Select[Any]:
    """Let a statement speak of whoever may be shown in a project."""
    columns = credit_tally.c
    return (
        wanted.select_from(credit_tally)
        .join(credited, and_(credited.c.github_id == columns.github_id, ~credited.c.hides))
        .outerjoin(account, account.c.id == columns.github_id)
        .where(columns.repo_id == repo_id)
    )


_LOGIN = func.coalesce(account.c.login, credited.c.login, "")
