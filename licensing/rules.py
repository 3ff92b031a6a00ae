"""Who must sign before a pull request may be merged, and whether they have: pure, with reasons.

Asked are the opener, every commit's author and every co-author that a commit names. Identity
is GitHub's number and nothing else: what a commit *says* (a name, an e-mail, a login inside an
address) never makes anybody exempt, and never takes anybody off the list.

Asked by number    signed or missing
Nobody we can name unresolved: somebody has to mend the commit; never skipped
Exempt             listed by the project; a bot only where it can be shown to be that bot
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from core.github import Account, Commit
from licensing import trailers
from licensing.verdict import (
    GHOST,
    Asked,
    Exempted,
    Exemptions,
    Facts,
    Problem,
    Role,
    Unresolved,
    Verdict,
)


def judge(facts: Facts, signed: AbstractSet[int], exemptions: Exemptions) -> Verdict:
    """Judge a pull request. `signed` are the numbers of those whose signature counts now."""
    if not facts.commits:
        return Verdict("neutral", people=frozenset({facts.opener.id}))
    roll = _Roll(facts, exemptions)
    roll.call()
    people = tuple(roll.people())
    done = tuple(person for person in people if person.id in signed)
    missing = tuple(person for person in people if person.id not in signed)
    small = is_small(facts, exemptions)
    unresolved = () if small else roll.unresolved()
    missing = () if small else missing
    return Verdict(
        conclusion="action_required" if missing or unresolved else "success",
        signed=done,
        missing=missing,
        unresolved=unresolved,
        exempt=roll.exempt(),
        small=small,
        people=frozenset(person.id for person in people),
    )


def is_small(facts: Facts, exemptions: Exemptions) -> bool:
    """Say whether files and lines both lie below the project's limits, beyond doubt.

    A file that counts no changed lines may be a binary of any size: then it is not known. Nor is
    it with several commits: the files show only what the last one leaves of the others.
    """
    if not (exemptions.files_below and exemptions.lines_below and facts.files_complete):
        return False
    if sum(commit.sha not in facts.ignorable for commit in facts.commits) != 1:
        return False
    if not facts.files or any(file.changes <= 0 for file in facts.files):
        return False
    lines = sum(file.changes for file in facts.files)
    return len(facts.files) < exemptions.files_below and lines < exemptions.lines_below


_Key = tuple[Problem, Role, str, str]
"""Problem, role, name and address: those who differ in any of it are listed apart."""


class _Roll:
    """Goes through opener and commits and notes everybody, each once."""

    def __init__(self, facts: Facts, exemptions: Exemptions) -> None:
        self.facts = facts
        self.exemptions = exemptions
        self.emails = linked_emails(facts.commits)
        self.accounts = {account.id: account for account in _accounts(facts)}
        self._roles: dict[int, dict[Role, None]] = {}
        self._logins: dict[int, str] = {}
        self._exempt: dict[int, Exempted] = {}
        self._unresolved: dict[_Key, dict[str, None]] = {}
        self._accounts: dict[_Key, Account] = {}

    def call(self) -> None:
        opener = self.facts.opener
        if opener.is_bot:
            self._bot(opener, "opener", proven=True, sha="")
        else:
            self._person(opener, "opener", "")
        for commit in self.facts.commits:
            if commit.sha not in self.facts.ignorable:
                self._author(commit)
            for trailer in trailers.co_authors(commit.message):
                self._co_author(trailer, commit.sha)

    def _author(self, commit: Commit) -> None:
        claimed = trailers.noreply(commit.author.email, self.facts.noreply_host)
        account = commit.author_account
        if account is None and claimed is None:
            self._unlinked(commit)
        elif account is None and claimed is not None:
            self._by_number(claimed, "author", commit.author.name, commit.sha)
        elif account is not None and account.is_bot:
            self._bot(account, "author", proven=self._is_by(account, commit), sha=commit.sha)
        elif account is not None:
            self._person(account, "author", commit.sha)
            if claimed is not None and claimed.id != account.id:
                self._by_number(claimed, "author", commit.author.name, commit.sha)

    def _is_by(self, bot: Account, commit: Commit) -> bool:
        if self.facts.opener.id == bot.id:
            return True
        committer = commit.committer_account
        if not commit.verified or committer is None:
            return False
        # A verified commit shows who committed it, not who wrote it: GitHub's own key stands on
        # whatever is landed on its website, with the author that somebody wrote into it.
        return committer.id == bot.id

    def _unlinked(self, commit: Commit) -> None:
        email = commit.author.email
        if trailers.is_legacy_noreply(email, self.facts.noreply_host):
            problem: Problem = "legacy_noreply"
        else:
            problem = "unlinked" if "@" in email else "no_email"
        self._nobody(problem, "author", commit.author.name, email, commit.sha)

    def _co_author(self, trailer: trailers.Trailer, sha: str) -> None:
        claimed = trailers.noreply(trailer.email, self.facts.noreply_host)
        account = self.emails.get(trailer.email.lower())
        if claimed is not None:
            self._by_number(claimed, "co-author", trailer.name, sha)
        elif account is not None and account.is_bot:
            # Naming a bot asks nobody less: whoever wants to hide a co-author names none.
            self._bot(account, "co-author", proven=True, sha=sha)
        elif account is not None:
            self._person(account, "co-author", sha)
        elif trailers.is_legacy_noreply(trailer.email, self.facts.noreply_host):
            self._nobody("legacy_noreply", "co-author", trailer.name, trailer.email, sha)
        else:
            problem: Problem = "no_account" if "@" in trailer.email else "no_email"
            self._nobody(problem, "co-author", trailer.name, trailer.email, sha)

    def _by_number(self, claimed: trailers.Noreply, role: Role, name: str, sha: str) -> None:
        known = self.accounts.get(claimed.id) or self.facts.accounts.get(claimed.id)
        if claimed.id == GHOST:
            self._person(Account(GHOST, "ghost"), role, sha)
        elif known is not None and not known.is_bot:
            self._person(known, role, sha)
        elif known is not None:
            proven = role == "co-author" or known.id == self.facts.opener.id
            self._bot(known, role, proven=proven, sha=sha)
        elif claimed.id in self.facts.accounts:
            problem: Problem = "unlinked" if role == "author" else "no_account"
            self._nobody(problem, role, name, "", sha)
        elif claimed.says_bot:
            # The login is only what the commit says: it is not passed on as if it were known.
            self._nobody("bot", role, name, "", sha, Account(claimed.id, "", "Bot"))
        else:
            self._roles.setdefault(claimed.id, {})[role] = None

    def _person(self, account: Account, role: Role, sha: str) -> None:
        if account.id == GHOST:
            self._nobody("deleted", role, account.login, "", sha, account)
            return
        if account.id in self.exemptions.users:
            self._exempt[account.id] = Exempted(account.id, account.login, "listed")
            return
        self._roles.setdefault(account.id, {})[role] = None
        self._logins.setdefault(account.id, account.login)

    def _bot(self, account: Account, role: Role, *, proven: bool, sha: str) -> None:
        if not self.exemptions.has_bot(account):
            self._nobody("bot", role, account.login, "", sha, account)
        elif not proven:
            self._nobody("unproven_bot", role, account.login, "", sha, account)
        else:
            self._exempt[account.id] = Exempted(account.id, account.login, "bot")

    def _nobody(
        self,
        problem: Problem,
        role: Role,
        name: str,
        email: str,
        sha: str,
        account: Account | None = None,
    ) -> None:
        # The same person under two addresses is two entries: each commit has to be mended.
        if account is not None:
            name, email = str(account.id), ""
            role = "opener" if account.id == self.facts.opener.id else role
        key = (problem, role, name, email)
        self._unresolved.setdefault(key, {})[sha] = None
        if account is not None:
            self._accounts.setdefault(key, account)

    def people(self) -> Iterable[Asked]:
        """Everybody asked by number, lowest first."""
        for number in sorted(self._roles):
            roles = tuple(sorted(self._roles[number], key=_ROLES.index))
            yield Asked(number, self._logins.get(number), roles)

    def unresolved(self) -> tuple[Unresolved, ...]:
        """Everybody who cannot be asked, in a stable order."""
        found = []
        for key in sorted(self._unresolved):
            problem, role, name, email = key
            shas = tuple(sorted(filter(None, self._unresolved[key])))
            account = self._accounts.get(key)
            found.append(Unresolved(problem, role, name, email, shas, account))
        return tuple(found)

    def exempt(self) -> tuple[Exempted, ...]:
        """Everybody who is not asked, lowest number first."""
        return tuple(self._exempt[number] for number in sorted(self._exempt))


_ROLES: tuple[Role, ...] = ("opener", "author", "co-author")


def claimed_numbers(facts: Facts) -> tuple[int, ...]:
    """Give the numbers that only addresses name, so that GitHub has not yet said whose they are."""
    known = {account.id for account in _accounts(facts)}
    emails = [
        email
        for commit in facts.commits
        for email in (
            *([commit.author.email] if commit.author_account is None else []),
            *(trailer.email for trailer in trailers.co_authors(commit.message)),
        )
    ]
    claims = (trailers.noreply(email, facts.noreply_host) for email in emails)
    found = dict.fromkeys(claim.id for claim in claims if claim and claim.id not in known)
    return tuple(found)


def _accounts(facts: Facts) -> Iterable[Account]:
    for commit in facts.commits:
        yield from filter(None, (commit.author_account, commit.committer_account))
    yield facts.opener


def linked_emails(commits: Iterable[Commit]) -> dict[str, Account]:
    """Map each e-mail that GitHub linked to exactly one account in these very commits."""
    found: dict[str, dict[int, Account]] = {}
    for commit in commits:
        pairs = (
            (commit.author.email, commit.author_account),
            (commit.committer.email, commit.committer_account),
        )
        for email, account in pairs:
            if account is not None and "@" in email and email.lower() != trailers.WEB_FLOW_EMAIL:
                found.setdefault(email.lower(), {})[account.id] = account
    return {
        email: next(iter(accounts.values()))
        for email, accounts in found.items()
        if len(accounts) == 1
    }
