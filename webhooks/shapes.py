"""The parts of GitHub's payloads that we read, typed, and how each becomes an event."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from core.github import Repo
from webhooks import events
from webhooks.parts import AccountPart, InstallationPart, Part, PullPart, RepositoryPart


class Shape(Protocol):
    """A decoded payload."""

    def event(self) -> events.Event | None:
        """Make the event; None where the payload is about nothing we watch."""


class PullRequestShape(Part, frozen=True):
    """The payload of `pull_request`."""

    action: str
    number: int
    pull_request: PullPart
    repository: RepositoryPart
    sender: AccountPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        repo = self.repository.value(self.installation)
        pull = self.pull_request.value()
        return events.PullRequestChanged(self.action, repo, pull, self.sender.value())


class _PushedRepository(RepositoryPart, frozen=True):
    # In a push alone, GitHub gives a repository's times as numbers: they are left unread.
    pass


class _PushedCommit(Part, frozen=True):
    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class PushShape(Part, frozen=True):
    """The payload of `push`."""

    ref: str
    before: str
    after: str
    repository: _PushedRepository
    created: bool = False
    deleted: bool = False
    forced: bool = False
    commits: tuple[_PushedCommit, ...] = ()
    sender: AccountPart | None = None
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        repo = self.repository.value(self.installation)
        # A branch that is made may be one that was deleted, at another commit.
        rewritten = self.forced or self.created or self.deleted
        pushed = events.Pushed(
            repo=repo,
            ref=self.ref,
            after=self.after,
            deleted=self.deleted,
            rewritten=rewritten,
            sender_id=self.sender.id if self.sender else None,
            touched=frozenset(
                path
                for commit in self.commits
                for path in (*commit.added, *commit.modified, *commit.removed)
            ),
        )
        return pushed if pushed.branch and (pushed.is_default_branch or rewritten) else None


class _PullNumber(Part, frozen=True):
    number: int


class _CheckRunBody(Part, frozen=True):
    head_sha: str
    name: str
    pull_requests: tuple[_PullNumber, ...] = ()


class CheckRunShape(Part, frozen=True):
    """The payload of `check_run`."""

    action: str
    check_run: _CheckRunBody
    repository: RepositoryPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        run = self.check_run
        repo = self.repository.value(self.installation)
        numbers = tuple(pull.number for pull in run.pull_requests)
        return events.CheckRerequested(repo, run.head_sha, numbers, run.name)


class _CheckSuiteBody(Part, frozen=True):
    head_sha: str
    pull_requests: tuple[_PullNumber, ...] = ()


class CheckSuiteShape(Part, frozen=True):
    """The payload of `check_suite`."""

    action: str
    check_suite: _CheckSuiteBody
    repository: RepositoryPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        suite = self.check_suite
        repo = self.repository.value(self.installation)
        numbers = tuple(pull.number for pull in suite.pull_requests)
        return events.CheckRerequested(repo, suite.head_sha, numbers, None)


class _Group(Part, frozen=True):
    head_sha: str
    head_ref: str
    base_sha: str
    base_ref: str


class MergeGroupShape(Part, frozen=True):
    """The payload of `merge_group`."""

    action: str
    merge_group: _Group
    repository: RepositoryPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        group = self.merge_group
        return events.MergeGroupRequested(
            repo=self.repository.value(self.installation),
            head_sha=group.head_sha,
            head_ref=group.head_ref,
            base_sha=group.base_sha,
            base_ref=group.base_ref.removeprefix("refs/heads/"),
        )


class _WholeInstallation(Part, frozen=True):
    # `account`, `permissions` and `updated_at` tell the real thing from the bare reference
    # that the payloads of all other events carry under the same key.
    id: int
    account: AccountPart
    permissions: dict[str, str]
    updated_at: datetime
    suspended_at: datetime | None = None


def _of(
    installation: _WholeInstallation, repositories: tuple[RepositoryPart, ...]
) -> tuple[Repo, ...]:
    """Give the repositories of an installation, whose account owns them all."""
    reference, owner_id = InstallationPart(installation.id), installation.account.id
    return tuple(replace(repo.value(reference), owner_id=owner_id) for repo in repositories)


class InstallationShape(Part, frozen=True):
    """The payload of `installation`."""

    action: str
    installation: _WholeInstallation
    repositories: tuple[RepositoryPart, ...] | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        whole = self.installation
        return events.InstallationChanged(
            action=self.action,
            installation_id=whole.id,
            account=whole.account.value(),
            repositories=_of(whole, self.repositories or ()),
            suspended_at=whole.suspended_at,
            updated_at=whole.updated_at,
            permissions=tuple(sorted(whole.permissions.items())),
        )


class InstallationRepositoriesShape(Part, frozen=True):
    """The payload of `installation_repositories`."""

    action: str
    installation: _WholeInstallation
    repositories_added: tuple[RepositoryPart, ...]
    repositories_removed: tuple[RepositoryPart, ...]

    def event(self) -> events.Event | None:
        """Make the event."""
        return events.RepositoriesChanged(
            installation_id=self.installation.id,
            account=self.installation.account.value(),
            added=_of(self.installation, self.repositories_added),
            removed=_of(self.installation, self.repositories_removed),
        )


class _WholeRepository(RepositoryPart, frozen=True):
    archived: bool = False
    updated_at: datetime = msgspec.field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))


class RepositoryShape(Part, frozen=True):
    """The payload of `repository`."""

    action: str
    repository: _WholeRepository
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        whole = self.repository
        repo = whole.value(self.installation)
        return events.RepositoryChanged(self.action, repo, whole.archived, whole.updated_at)


class PingShape(Part, frozen=True):
    """The payload of `ping`."""

    zen: str

    def event(self) -> events.Event | None:
        """Make the event."""
        return events.Pinged()
