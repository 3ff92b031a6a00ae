"""Teams that companies list: whose they are, and who is in them, as GitHub says at this moment."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot import repositories
from bot import teams as known_teams
from bot.places import installation, repository
from core.db import Database
from core.github import Account, GitHub, GitHubError, Repo
from licensing.companies.values import Listing

NOT_YET = timedelta(minutes=1)
"""For so long a team is not asked for again whose member somebody was not."""

log = logging.getLogger(__name__)


def organisation_named(connection: Connection, login: str) -> int | None:
    """Give the number of an organisation that has installed us and bears this login now."""
    return connection.scalar(
        select(installation.c.account_id)
        .where(
            func.lower(installation.c.account_login) == login.lower(),
            installation.c.state == "active",
        )
        .order_by(installation.c.updated_at.desc())
        .limit(1)
    )


def reached_through(connection: Connection, organisation_id: int) -> Repo | None:
    """Give a repository of an organisation, through which its teams can be asked for."""
    found = connection.scalar(
        select(repository.c.id)
        .join(installation, installation.c.id == repository.c.installation_id)
        .where(
            installation.c.account_id == organisation_id,
            installation.c.state == "active",
            repository.c.state == "active",
        )
        .order_by(repository.c.id)
        .limit(1)
    )
    return repositories.repo(connection, found) if found else None


@dataclass(frozen=True)
class Team:
    """A team by its number, which it keeps when it is renamed, and who is in it."""

    id: int
    members: frozenset[int]


def named(
    database: Database, github: Callable[[Repo], GitHub], organisation_id: int, slug: str
) -> Team | None:
    """Give the team that bears a name now; None where we do not reach its organisation.

    Raises `GitHubError`.
    """
    with database.read() as connection:
        repo = reached_through(connection, organisation_id)
    if repo is None:
        return None
    port = github(repo)
    team_id = port.team_number(repo, slug)
    return Team(team_id, port.members_by_number(organisation_id, team_id))


def listed(database: Database, github: Callable[[Repo], GitHub], listing: Listing) -> Team | None:
    """Give the team that a company listed, whatever its name is now; None where out of reach.

    Raises `GitHubError`: `NotFound` where it is gone, whatever team bears its name now.
    """
    organisation_id, team_id = listing.github_id or 0, listing.team_id or 0
    with database.read() as connection:
        repo = reached_through(connection, organisation_id)
    if repo is None:
        return None
    return Team(team_id, github(repo).members_by_number(organisation_id, team_id))


def _remembered(
    database: Database,
    github: Callable[[Repo], GitHub],
    listing: Listing,
    person: int,
    now: datetime,
) -> frozenset[int] | None:
    with database.read() as connection:
        repo = reached_through(connection, listing.github_id or 0)
        if repo is None:
            return None
        number = listing.team_id or 0
        hour = known_teams.known(connection, repo, [number], now).get(number)
        minute = known_teams.known(connection, repo, [number], now, NOT_YET).get(number)
    if hour is not None and (person in hour or minute is not None):
        return hour
    team = listed(database, github, listing)
    if team is None:
        return None
    with database.write() as connection:
        note(connection, listing, team, now)
    return team.members


def note(connection: Connection, listing: Listing, team: Team, now: datetime) -> None:
    """Remember who is in a team that a company lists: nobody who left may go on being believed."""
    repo = reached_through(connection, listing.github_id or 0)
    if repo is not None:
        known_teams.note(connection, repo, team.id, team.members, now)


def may_list(
    database: Database,
    github: Callable[[Repo], GitHub],
    organisation_id: int,
    inside: Collection[int],
    who: Account,
) -> bool:
    """Say whether a manager may list a team: whoever is in it, or administers its organisation.

    Others would learn which teams there are, and let GitHub be asked about them for ever. Raises
    `GitHubError`.
    """
    if who.id in inside:
        return True
    with database.read() as connection:
        repo = reached_through(connection, organisation_id)
    return repo is not None and github(repo).permission(repo, who) == "admin"


def teams_of(
    database: Database,
    github: Callable[[Repo], GitHub],
    listings: Collection[Listing],
    person: int,
    now: datetime,
    *,
    surely: bool,
) -> tuple[tuple[int, ...], bool]:
    """Give the listings whose team a person is in, and whether all could be asked.

    Each visit of a page would ask anew: who was in a team an hour ago is believed to be, and a
    team that somebody was not in is asked for again after a minute. `surely`: whoever is believed
    to be in a team is asked for once more, because something rests on it now.
    """
    found: list[int] = []
    whole = True
    for one in listings:
        try:
            inside = _remembered(database, github, one, person, now)
            if surely and inside and person in inside:
                team = listed(database, github, one)
                inside = team.members if team else None
        except GitHubError as error:
            log.warning("team unknown", extra={"reason": type(error).__name__})
            inside = None
        whole = whole and inside is not None
        if inside and person in inside:
            found.append(one.number)
    return tuple(found), whole
