"""What stands behind the names of accounts: outcomes by their names, people by their numbers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot import people
from bot.milestones import store as milestones
from bot.outcomes import store as outcomes
from bot.roadmap import store as requests
from bot.roadmap.intents import names as offer
from bot.roadmap.tables import request, request_alias
from core.web.house import FoundRepo, house
from donations.books import Movement

PEOPLE = frozenset({"payee", "owed"})
PERSON = "person-"
"""What stands before the number of an account to which something is owed."""


@dataclass(frozen=True)
class Told:
    """What may be told: outcomes of this project by name, as (page, sign, title), and logins by number."""

    outcomes: dict[str, tuple[str, str, str]]
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
    nodes.discard("")
    asked = _requests(connection, repo, nodes)
    return Told(asked | _others(connection, repo, nodes - asked.keys()), logins)


def _requests(
    connection: Connection, repo: FoundRepo, nodes: Collection[str]
) -> dict[str, tuple[str, str, str]]:
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
    return {row.node_id: (f"requests/{row.number}", f"#{row.number}", row.title) for row in rows}


def _others(
    connection: Connection, repo: FoundRepo, names: Collection[str]
) -> dict[str, tuple[str, str, str]]:
    """Give what else is promised for, offers and milestones, in a query each."""
    if not names:
        return {}
    offers = {name: found[0] for name in names if (found := offer.read(name))}
    asked = {one.id: one for one in requests.by_ids(connection, set(offers.values()))}
    known = [(name, outcomes.of_request(asked[of])) for name, of in offers.items() if of in asked]
    known += [
        (one.node_id, outcomes.of_milestone(one))
        for one in milestones.by_nodes(connection, set(names) - offers.keys())
    ]
    return {
        name: (of.page, of.sign, of.title)
        for name, of in known
        if of.repo_id == repo.id and of.state != "gone"
    }
