"""What stands behind the names of accounts: requests by their nodes, people by their numbers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot import people
from bot.roadmap.tables import request, request_alias
from core.web.house import FoundRepo, house
from donations.books import Movement

PEOPLE = frozenset({"payee", "owed"})
PERSON = "person-"
"""What stands before the number of an account to which something is owed."""


@dataclass(frozen=True)
class Told:
    """What may be told: requests of this project by node, as (number, title), and logins by number."""

    requests: dict[str, tuple[int, str]]
    logins: dict[str, str]


def told(connection: Connection, repo: FoundRepo, movements: Iterable[Movement]) -> Told:
    """Look up what some movements name."""
    nodes, numbers = set(), set()
    for one in movements:
        nodes.add(one.about)
        for entry in one.entries:
            first, _colon, rest = entry.account.partition(":")
            if first == "request":
                nodes.add(rest)
            elif first in PEOPLE and rest.removeprefix(PERSON).isdecimal():
                numbers.add(int(rest.removeprefix(PERSON)))
    found = people.known(connection, numbers, house().clock()) if numbers else {}
    logins = {str(number): account.login for number, account in found.items() if account}
    return Told(_requests(connection, repo, nodes - {""}), logins)


def _requests(
    connection: Connection, repo: FoundRepo, nodes: Collection[str]
) -> dict[str, tuple[int, str]]:
    if not nodes:
        return {}
    columns = (request.c.number, request.c.title)
    ours = (request.c.repo_id == repo.id) & (request.c.state != "gone")
    now = select(request.c.node_id, *columns).where(ours, request.c.node_id.in_(nodes))
    before = (
        select(request_alias.c.node_id, *columns)
        .join(request, request.c.id == request_alias.c.request_id)
        .where(ours, request_alias.c.node_id.in_(nodes))
    )
    rows = connection.execute(now.union_all(before))
    return {row.node_id: (row.number, row.title) for row in rows}
