"""What the judgement of a pull request is made from, and what it consists of: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.github import Account, ChangedFile, Commit, Conclusion
from licensing import trailers

Role = Literal["opener", "author", "co-author"]
Problem = Literal[
    "unlinked",
    "no_account",
    "legacy_noreply",
    "no_email",
    "bot",
    "unproven_bot",
    "deleted",
    "agent",
]
"""Why somebody cannot be asked.

unlinked        an e-mail that GitHub links to no account (author)
no_account      the same, of a co-author
legacy_noreply  a noreply address that carries no number
no_email        no e-mail at all
bot             a bot that the project does not exempt: it cannot sign
unproven_bot    an exempt bot, but nothing shows that this commit is the bot's own
deleted         an account that is no more: GitHub shows its ghost instead
agent           an AI agent as a commit's author: somebody has to answer for the commit
"""
NO_ACCOUNT: frozenset[str] = frozenset({"unlinked", "no_account", "legacy_noreply", "deleted"})
"""What a sign-off makes up for: it names whoever gives it by address, not by account."""

GHOST = 10_137
"""The number of GitHub's stand-in for every deleted account: https://github.com/ghost"""
Reason = Literal["listed", "bot", "team"]
Spared = Literal["small", "paths", "outside"]
"""Why a whole pull request asks nobody.

small    it stays below the limits of a small change
paths    it touches nothing but exempt files
outside  it touches none of the files that the agreement is about
"""
Declared = Literal["consent", "confirmation"]
"""What a person says about one pull request: that their commits may be part of somebody else's,
or that what they submit is offered under the agreement."""


@dataclass(frozen=True)
class Exemptions:
    """Whom and what the project does not ask.

    `users` are account numbers. `bots` maps lower-case logins to the number that the login was
    first seen with, None if it was never seen. Both limits of a small change must be above 0.
    `members` are the numbers of exempt teams' members, `agents` the lower-case addresses of AI
    agents in trailers, `paths` patterns as in `licensing.paths`.
    """

    users: frozenset[int] = frozenset()
    bots: Mapping[str, int | None] = field(default_factory=dict)
    files_below: int = 0
    lines_below: int = 0
    members: frozenset[int] = frozenset()
    agents: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()

    def has_bot(self, account: Account) -> bool:
        """Say whether this very bot is listed; a login in other hands is not that bot."""
        if account.id in self.users or account.id in self.bots.values():
            return True
        login = account.login.lower()
        return login in self.bots and self.bots[login] is None


@dataclass(frozen=True)
class Terms:
    """What is asked of those who are asked.

    `signoffs`: a `Signed-off-by` line for each commit in place of a signature. `consent`: of
    whoever is not the opener, for this very pull request. `confirm`: of everybody, once for
    each. `paths` are the files that the agreement is about, all where there are none.
    """

    signoffs: bool = False
    consent: bool = False
    confirm: bool = False
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A maintainer lets one commit pass without asking for it, by name and with a reason."""

    sha: str
    actor: Account
    reason: str


@dataclass(frozen=True)
class Acts:
    """What people have done for this very pull request.

    `consents` maps a number to the commits that the person has consented to; `confirmed` are
    the numbers of those who have confirmed it.
    """

    waivers: tuple[Waiver, ...] = ()
    consents: Mapping[int, frozenset[str]] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Carried:
    """A commit that was merged here before, with pull request `number`, and covered then.

    `holders` are those who stood for it then, None (as a holder) for one who could not be
    found; without it everybody who has a part in the commit. `small`: it passed by its size.
    """

    number: int
    holders: frozenset[int | None] | None = None
    small: bool = False

    def covers(self, holder_id: int | None) -> bool:
        """Say whether it spares this holder of the commit."""
        return self.holders is None or holder_id in self.holders


@dataclass(frozen=True)
class Facts:
    """A pull request as far as the judgement needs it; `commits` is the whole list.

    `ignorable` are merges that were shown to only bring in the base. `accounts` are those that
    were looked up by number, None where there is no such account. `noreply_host` is the GitHub
    server's own. `proven` maps a lower-case address to the account for which GitHub has
    verified it, where that person relies on it here.
    """

    opener: Account
    commits: tuple[Commit, ...]
    files: tuple[ChangedFile, ...] = ()
    files_complete: bool = False
    ignorable: frozenset[str] = frozenset()
    accounts: Mapping[int, Account | None] = field(default_factory=dict)
    noreply_host: str = trailers.NOREPLY_HOST
    proven: Mapping[str, Account] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)
    """Commits by which nobody is asked again: see `licensing.carried`."""


@dataclass(frozen=True)
class Holding:
    """One part that somebody has in a pull request: in the commit `sha`, or as its opener ("").

    `name` and `email` are what the commit says. Exactly one of three holds: somebody is asked
    (`id`, with `login` if GitHub said it), nobody can be (`problem`), or is not (`reason`).
    `account` is the one known where there is a problem or a reason.
    """

    sha: str
    role: Role
    name: str
    email: str
    id: int | None = None
    login: str | None = None
    problem: Problem | None = None
    reason: Reason | Literal["agent"] | None = None
    account: Account | None = None


@dataclass(frozen=True)
class Asked:
    """A person who has to sign, known by number; `login` is None where GitHub did not say it.

    `declares` is what they still have to say about this pull request. `company` names the one
    that covers them, where they did not sign for themselves. `older` is the version of an older
    MAJOR on which this pull request still rests for them.
    """

    id: int
    login: str | None
    roles: tuple[Role, ...]
    declares: tuple[Declared, ...] = ()
    company: str = ""
    older: str = ""


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
class Unsigned:
    """A commit without the sign-off of its author or of a co-author, as the commit names them.

    `found` says that there are sign-offs, but of others.
    """

    sha: str
    role: Role
    name: str
    email: str
    found: bool = False


@dataclass(frozen=True)
class Exempted:
    """Somebody who is not asked, and why; `login` is only for show."""

    id: int
    login: str
    reason: Reason


@dataclass(frozen=True)
class Agent:
    """An AI agent that trailers name; the people beside it are asked all the same."""

    name: str
    email: str
    shas: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """The judgement; `success` needs everybody signed or exempt, and nobody unresolved.

    `people` are the numbers of all who wrote this, whether or not they are asked; `holdings`
    say of each commit who has a part in it. `signed` are covered, but may still have something
    to declare. `waived` are the waivers that this pull request needs.
    """

    conclusion: Conclusion
    signed: tuple[Asked, ...] = ()
    missing: tuple[Asked, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    exempt: tuple[Exempted, ...] = ()
    spared: Spared | None = None
    people: frozenset[int] = frozenset()
    unsigned: tuple[Unsigned, ...] = ()
    waived: tuple[Waiver, ...] = ()
    agents: tuple[Agent, ...] = ()
    holdings: tuple[Holding, ...] = ()
    carried: tuple[int, ...] = ()
    """The pull requests with which some of its commits were merged before."""

    @property
    def small(self) -> bool:
        """Nobody is asked, because the change is small."""
        return self.spared == "small"

    @property
    def undeclared(self) -> tuple[Asked, ...]:
        """Those who have signed, and still have something to declare."""
        return tuple(person for person in self.signed if person.declares)

    @property
    def waits(self) -> bool:
        """Somebody still has to do something."""
        return bool(self.missing or self.unresolved or self.unsigned or self.undeclared)

    def commits_of(self, github_id: int) -> frozenset[str]:
        """Give the commits in which a person has a part."""
        return frozenset(one.sha for one in self.holdings if one.id == github_id and one.sha)
