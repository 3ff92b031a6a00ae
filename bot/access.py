"""Pages for maintainers: GitHub says who they are, and everybody else finds nothing here."""

import logging
from typing import Protocol, cast

from flask import abort, g

from bot import repositories
from bot.roles import MAINTAINERS, Roles
from core.github import Account, GitHubError
from core.web import house as rooms
from core.web.house import FoundRepo
from core.web.signin import Person, signed_in_person

log = logging.getLogger(__name__)


class House(rooms.House, Protocol):
    """What access by role asks of the composition root beyond what all pages do."""

    @property
    def roles(self) -> Roles:
        """Say what somebody may do in a repository."""


def maintained_repo(owner: str, name: str) -> FoundRepo:
    """Find a repository, public or private, for somebody who maintains it.

    Whoever is not signed in is sent to do so first; others who do not maintain it get the 404 of
    a repository that is not there. Where GitHub does not say, it is 503 and no access.
    """
    who = signed_in_person()
    house = _house()
    with house.app.read() as connection:
        repo = repositories.repo_named(connection, f"{owner}/{name}")
    if repo is None:
        abort(404)
    try:
        role = house.roles.of(repo, Account(who.id, who.login))
    except GitHubError as error:
        log.warning("role unknown", extra={"reason": type(error).__name__})
        abort(503)
    if role not in MAINTAINERS:
        abort(404)
    g.maintained = repo.id
    return FoundRepo(repo.id, repo.name, repo.private)


def is_maintainer(repo: FoundRepo, who: Person | None) -> bool:
    """Say whether to show somebody the links to the maintainers' pages; those look again."""
    if who is None:
        return False
    house = _house()
    with house.app.read() as connection:
        found = repositories.repo(connection, repo.id)
    return found is not None and house.roles.maintains(found, Account(who.id, who.login))


def _house() -> House:
    return cast("House", rooms.house())
