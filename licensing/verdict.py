"""What the judgement of a pull request is made from, and what it consists of: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.github import Account, ChangedFile, Commit, Conclusion
from licensing import trailers

Role = Literal["opener", "author", "co-author"]
Problem = Literal[
    "unlinked", "no_account", "legacy_noreply", "no_email", "bot", "unproven_bot", "deleted"
]
"""Why somebody cannot be asked.

unlinked        an e-mail that GitHub links to no account (author)
no_account      the same, of a co-author
legacy_noreply  a noreply address that carries no number
no_email        no e-mail at all
bot             a bot that the project does not exempt: it cannot sign
unproven_bot    an exempt bot, but nothing shows that this commit is the bot's own
deleted         an account that is no more: GitHub shows its ghost instead
"""
GHOST = 10_137
"""The number of GitHub's stand-in for every deleted account: https://github.com/ghost"""
Reason = Literal["listed", "bot", "small"]


@dataclass(frozen=True)
class Exemptions:
    """Whom the project does not ask.

    `users` are account numbers. `bots` maps lower-case logins to the number that the login was
    first seen with, None if it was never seen. Both limits of a small change must be above 0.
    """

    users: frozenset[int] = frozenset()
    bots: Mapping[str, int | None] = field(default_factory=dict)
    files_below: int = 0
    lines_below: int = 0

    def has_bot(self, account: Account) -> bool:
        """Say whether this very bot is listed; a login in other hands is not that bot."""
        if account.id in self.users or account.id in self.bots.values():
            return True
        login = account.login.lower()
        return login in self.bots and self.bots[login] is None


@dataclass(frozen=True)
class Facts:
    """A pull request as far as the judgement needs it; `commits` is the whole list.

    `ignorable` are merges that were shown to only bring in the base. `accounts` are those that
    were looked up by number, None where there is no such account. `noreply_host` is the GitHub
    server's own.
    """

    opener: Account
    commits: tuple[Commit, ...]
    files: tuple[ChangedFile, ...] = ()
    files_complete: bool = False
    ignorable: frozenset[str] = frozenset()
    accounts: Mapping[int, Account | None] = field(default_factory=dict)
    noreply_host: str = trailers.NOREPLY_HOST


@dataclass(frozen=True)
class Asked:
    """A person who has to sign, known by number; `login` is None where GitHub did not say it."""

    id: int
    login: str | None
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Unresolved:
    """Somebody who cannot be asked; name and e-mail are what a commit claims.

    `shas` are the commits that name them: none for a bot that only opened the pull request.
    """

    problem: Problem
    role: Role
    name: str
    email: str
    shas: tuple[str, ...]
    account: Account | None = None


@dataclass(frozen=True)
class Exempted:
    """Somebody who is not asked, and why; `login` is only for show."""

    id: int
    login: str
    reason: Reason


@dataclass(frozen=True)
class Verdict:
    """The judgement; `success` needs everybody signed or exempt, and nobody unresolved.

    `people` are the numbers of all who wrote this, whether or not they are asked.
    """

    conclusion: Conclusion
    signed: tuple[Asked, ...] = ()
    missing: tuple[Asked, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    exempt: tuple[Exempted, ...] = ()
    small: bool = False
    people: frozenset[int] = frozenset()

    @property
    def waits(self) -> bool:
        """Somebody still has to do something."""
        return bool(self.missing or self.unresolved)
