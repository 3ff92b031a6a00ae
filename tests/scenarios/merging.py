"""Acts and questions that the stories about the coverage ledger share."""

from typing import Any

from bot.sandbox.records import PullRequest
from licensing import coverage
from licensing.coverage import Covered
from tests.house import House


def land(house: House, pull: PullRequest, method: str = "merge") -> str:
    """Merge a pull request as its maintainer and let everything happen; gives the new tip."""
    tip = house.world.merge(pull, house.garden.mara, method)
    house.settle()
    return tip


def ledger(house: House, **where: Any) -> list[Covered]:
    """The rows that count, in order; `where` names columns and their values."""
    columns = coverage.coverage.c
    query = coverage.effective().order_by(
        columns.repo_id, columns.number, columns.place, columns.entry
    )
    for name, value in where.items():
        query = query.where(columns[name] == value)
    with house.app.read() as connection:
        return [coverage.covered(row) for row in connection.execute(query)]


def told(house: House, pull: PullRequest) -> list[tuple[int | None, str, str]]:
    """Who covers each commit of a pull request: holder, role and rule, in order."""
    return [(one.holder_id, one.role, one.rule) for one in ledger(house, number=pull.number)]
