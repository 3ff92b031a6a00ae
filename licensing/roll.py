"""The roll of a pull request: everybody who has a part in it, commit by commit. Pure.

Identity is GitHub's number and nothing else: what a commit *says* (a name, an e-mail, a login
inside an address) never makes anybody exempt, and never takes anybody off the list.

Asked by number    signed or missing
Nobody we can name unresolved: somebody has to mend the commit; never skipped
Exempt             listed by the project; a bot or a team's member only where it can be shown
"""

from collections.abc import Iterable

from core.github import Account, Commit
from licensing import trailers
from licensing.verdict import GHOST, Exemptions, Facts, Holding, Problem, Reason, Role


def call(facts: Facts, exemptions: Exemptions) -> tuple[Holding, ...]:
    """Give every part that anybody has: the opener's first, then commit by commit."""
    roll = _Roll(facts, exemptions)
    roll.call()
    return tuple(dict.fromkeys(roll.found))


class _Part:
    """The place where somebody is named: a commit's author or trailer, or the pull request."""

    def __init__(self, role: Role, name: str, email: str, commit: Commit | None) -> None:
        self.role: Role = role
        self.name = name
        self.email = email
        self.commit = commit

    def holding(
        self,
        account: Account | None = None,
        *,
        id: int | None = None,  # noqa: A002 - the name of the field
        login: str | None = None,
        problem: Problem | None = None,
        reason: Reason | None = None,
    ) -> Holding:
        sha = self.commit.sha if self.commit else ""
        return Holding(sha, self.role, self.name, self.email, id, login, problem, reason, account)


class _Roll:
    """Goes through opener and commits and notes everybody."""

    def __init__(self, facts: Facts, exemptions: Exemptions) -> None:
        self.facts = facts
        self.exemptions = exemptions
        self.emails = linked_emails(facts.commits)
        self.accounts = {account.id: account for account in _accounts(facts)}
        self.found: list[Holding] = []

    def call(self) -> None:
        opener = self.facts.opener
        part = _Part("opener", opener.login, "", None)
        if opener.is_bot:
            self._bot(part, opener, proven=True)
        else:
            self._person(part, opener)
        for commit in self.facts.commits:
            if commit.sha not in self.facts.ignorable:
                self._author(commit)
            for trailer in trailers.co_authors(commit.message):
                self._co_author(_Part("co-author", trailer.name, trailer.email, commit))

    def _author(self, commit: Commit) -> None:
        email, account = commit.author.email, commit.author_account
        part = _Part("author", commit.author.name, email, commit)
        claimed = trailers.noreply(email, self.facts.noreply_host)
        if self._is_agent(email) and not (account and account.is_bot):
            # Whoever the address belongs to: an agent answers for nothing.
            self._nobody(part, "agent")
        elif account is None and claimed is None:
            self._unlinked(part)
        elif account is None and claimed is not None:
            self._by_number(part, claimed)
        elif account is not None:
            self._linked(part, account, commit)
            if claimed is not None and claimed.id != account.id:
                # Whom the address names is asked, too: a bot that is exempt hides nobody.
                self._by_number(part, claimed)

    def _linked(self, part: _Part, account: Account, commit: Commit) -> None:
        if account.is_bot:
            by_opener = self.facts.opener.id == account.id
            self._bot(part, account, proven=by_opener or _is_by(account, commit))
        else:
            self._person(part, account)

    def _unlinked(self, part: _Part) -> None:
        proven = self.facts.proven.get(part.email.lower())
        if proven is not None and not proven.is_bot:
            self._person(part, proven)
        elif trailers.is_legacy_noreply(part.email, self.facts.noreply_host):
            self._nobody(part, "legacy_noreply")
        elif "@" not in part.email:
            self._nobody(part, "no_email")
        else:
            self._nobody(part, "unlinked" if part.role == "author" else "no_account")

    def _co_author(self, part: _Part) -> None:
        claimed = trailers.noreply(part.email, self.facts.noreply_host)
        account = self.emails.get(part.email.lower())
        if self._is_agent(part.email):
            sha = part.commit.sha if part.commit else ""
            agent = Holding(sha, part.role, part.name, part.email, reason="agent")
            self.found.append(agent)
        elif claimed is not None:
            self._by_number(part, claimed)
        elif account is not None and account.is_bot:
            # Naming a bot asks nobody less: whoever wants to hide a co-author names none.
            self._bot(part, account, proven=True)
        elif account is not None:
            self._person(part, account)
        else:
            self._unlinked(part)

    def _is_agent(self, email: str) -> bool:
        return email.strip().lower() in self.exemptions.agents

    def _by_number(self, part: _Part, claimed: trailers.Noreply) -> None:
        known = self.accounts.get(claimed.id) or self.facts.accounts.get(claimed.id)
        if claimed.id == GHOST:
            self._person(part, Account(GHOST, "ghost"))
        elif known is not None and not known.is_bot:
            self._person(part, known)
        elif known is not None:
            proven = part.role == "co-author" or known.id == self.facts.opener.id
            self._bot(part, known, proven=proven)
        elif claimed.id in self.facts.accounts:
            self._nobody(part, "unlinked" if part.role == "author" else "no_account")
        elif claimed.says_bot:
            # The login is only what the commit says: it is not passed on as if it were known.
            self._nobody(part, "bot", Account(claimed.id, "", "Bot"))
        else:
            self.found.append(part.holding(id=claimed.id))

    def _person(self, part: _Part, account: Account) -> None:
        if account.id == GHOST:
            self._nobody(part, "deleted", account)
        elif account.id in self.exemptions.users:
            self.found.append(part.holding(account, reason="listed"))
        elif account.id in self.exemptions.members and _acted(part, account):
            self.found.append(part.holding(account, reason="team"))
        else:
            self.found.append(part.holding(id=account.id, login=account.login))

    def _bot(self, part: _Part, account: Account, *, proven: bool) -> None:
        if not self.exemptions.has_bot(account):
            self._nobody(part, "bot", account)
        elif not proven:
            self._nobody(part, "unproven_bot", account)
        else:
            self.found.append(part.holding(account, reason="bot"))

    def _nobody(self, part: _Part, problem: Problem, account: Account | None = None) -> None:
        self.found.append(part.holding(account, problem=problem))


def _acted(part: _Part, account: Account) -> bool:
    """Say whether GitHub itself shows that this account did it, not just an address in a commit."""
    if part.role == "opener":
        return True
    return part.role == "author" and part.commit is not None and _is_by(account, part.commit)


def _is_by(account: Account, commit: Commit) -> bool:
    committer = commit.committer_account
    if not commit.verified or committer is None:
        return False
    # A verified commit shows who committed it, not who wrote it: GitHub's own key stands on
    # whatever is landed on its website, with the author that somebody wrote into it.
    return committer.id == account.id


def claimed_numbers(facts: Facts) -> tuple[int, ...]:
    """Give the numbers that only addresses name, so that GitHub has not yet said whose they are."""
    known = {account.id for account in _accounts(facts)}
    claims = (trailers.noreply(email, facts.noreply_host) for email in _unlinked_emails(facts))
    found = dict.fromkeys(claim.id for claim in claims if claim and claim.id not in known)
    return tuple(found)


def open_addresses(facts: Facts) -> frozenset[str]:
    """Give the lower-case addresses whose owner neither GitHub nor a number in them names."""
    linked = linked_emails(facts.commits)
    return frozenset(
        email.lower()
        for email in _unlinked_emails(facts)
        if "@" in email
        and trailers.noreply(email, facts.noreply_host) is None
        and email.lower() not in linked
    )


def _unlinked_emails(facts: Facts) -> Iterable[str]:
    for commit in facts.commits:
        if commit.author_account is None:
            yield commit.author.email
        for trailer in trailers.co_authors(commit.message):
            yield trailer.email


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
