"""Who may do what in a repository, as GitHub said at most a minute ago."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from core.clock import Clock
from core.github import Account, GitHub, GitHubError, Permission, Repo

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=60)
MOST = 10_000
MAINTAINERS: frozenset[Permission] = frozenset({"admin", "maintain"})
DECIDERS: frozenset[Permission] = MAINTAINERS | {"write", "triage"}
"""Whoever GitHub lets label and close issues decides about requests, by whichever door.

How GitHub says that somebody relates to a repository (`author_association`) is no role: it hides
private members of an organisation, and names as members those who may only read.
"""


class Roles:
    """GitHub's answers, remembered in this process for a minute, for each person and repository."""

    def __init__(self, github: Callable[[Repo], GitHub], clock: Clock) -> None:
        """Ask as the installation that reaches a repository."""
        self._github = github
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[int, int, str], tuple[datetime, Permission | None]] = {}

    def of(self, repo: Repo, who: Account) -> Permission:
        """Say what somebody may do. Raises `GitHubError`: nobody gets a role from a failure."""
        known = self._recalled(repo, who)
        if known and known[1]:
            return known[1]
        try:
            role = self._github(repo).permission(repo, who)
        except GitHubError:
            self._remember(repo, who, None)
            raise
        self._remember(repo, who, role)
        return role

    def maintains(self, repo: Repo, who: Account) -> bool:
        """Say whether to show somebody the maintainers' links; no if GitHub cannot be asked.

        A failure counts for a minute here, so that pages for everybody do not wait for GitHub.
        """
        known = self._recalled(repo, who)
        if known:
            return known[1] in MAINTAINERS
        try:
            return self.of(repo, who) in MAINTAINERS
        except GitHubError as error:
            log.warning("role unknown", extra={"reason": type(error).__name__})
            return False

    def _recalled(self, repo: Repo, who: Account) -> tuple[datetime, Permission | None] | None:
        with self._lock:
            known = self._known.get((repo.id, who.id, who.login))
        return known if known and known[0] > self._clock() else None

    def _remember(self, repo: Repo, who: Account, role: Permission | None) -> None:
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[repo.id, who.id, who.login] = (self._clock() + KEPT, role)
