"""The parts of GitHub's payloads that we read, typed, and how each becomes an event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from core.github import Account, PullRequest, Repo
from webhooks import events

GHOST = Account(10137, "ghost")
"""GitHub's stand-in for deleted accounts, which payloads give as null."""


class Shape(Protocol):
    """A decoded payload."""

    def event(self) -> events.Event | None:
        """Make the event; None where the payload is about nothing we watch."""


class _Part(msgspec.Struct, frozen=True, gc=False):
    pass


class _Account(_Part, frozen=True):
    id: int
    login: str
    type: str = "User"

    def value(self) -> Account:
        return Account(self.id, self.login, self.type)


class _Installation(_Part, frozen=True):
    id: int


class _Repository(_Part, frozen=True):
    id: int
    full_name: str
    default_branch: str = "main"
    private: bool = False

    def value(self, installation: _Installation | None) -> Repo:
        number = installation.id if installation else 0
        return Repo(self.id, self.full_name, number, self.default_branch, self.private)


class _Tip(_Part, frozen=True):
    sha: str
    ref: str


class _Pull(_Part, frozen=True):
    number: int
    state: str
    user: _Account | None
    head: _Tip
    base: _Tip
    created_at: datetime
    updated_at: datetime
    draft: bool = False

    def value(self) -> PullRequest:
        return PullRequest(
            number=self.number,
            opener=self.user.value() if self.user else GHOST,
            head_sha=self.head.sha,
            base_ref=self.base.ref,
            state=self.state,
            created_at=self.created_at,
            updated_at=self.updated_at,
            draft=self.draft,
        )


class _PullRequest(_Part, frozen=True):
    action: str
    number: int
    pull_request: _Pull
    repository: _Repository
    sender: _Account
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        repo = self.repository.value(self.installation)
        pull = self.pull_request.value()
        return events.PullRequestChanged(self.action, repo, pull, self.sender.value())


class _Issue(_Part, frozen=True):
    number: int
    pull_request: dict[str, Any] | None = None


class _CommentBody(_Part, frozen=True):
    id: int
    body: str
    user: _Account | None
    created_at: datetime
    updated_at: datetime
    author_association: str = "NONE"


class _IssueComment(_Part, frozen=True):
    action: str
    issue: _Issue
    comment: _CommentBody
    repository: _Repository
    sender: _Account
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        if self.issue.pull_request is None:
            return None
        comment = self.comment
        return events.CommentWritten(
            action=self.action,
            repo=self.repository.value(self.installation),
            number=self.issue.number,
            on_pull_request=True,
            comment_id=comment.id,
            body=comment.body,
            author=comment.user.value() if comment.user else GHOST,
            sender=self.sender.value(),
            created_at=comment.created_at,
            updated_at=comment.updated_at,
            association=comment.author_association,
        )


class _PushedRepository(_Repository, frozen=True):
    # In a push alone, GitHub gives a repository's times as numbers: they are left unread.
    pass


class _Push(_Part, frozen=True):
    ref: str
    before: str
    after: str
    repository: _PushedRepository
    deleted: bool = False
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        repo = self.repository.value(self.installation)
        pushed = events.Pushed(repo, self.ref, self.after, self.deleted)
        return pushed if pushed.is_default_branch and not self.deleted else None


class _PullNumber(_Part, frozen=True):
    number: int


class _CheckRunBody(_Part, frozen=True):
    head_sha: str
    name: str
    pull_requests: tuple[_PullNumber, ...] = ()


class _CheckRun(_Part, frozen=True):
    action: str
    check_run: _CheckRunBody
    repository: _Repository
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        run = self.check_run
        repo = self.repository.value(self.installation)
        numbers = tuple(pull.number for pull in run.pull_requests)
        return events.CheckRerequested(repo, run.head_sha, numbers, run.name)


class _CheckSuiteBody(_Part, frozen=True):
    head_sha: str
    pull_requests: tuple[_PullNumber, ...] = ()


class _CheckSuite(_Part, frozen=True):
    action: str
    check_suite: _CheckSuiteBody
    repository: _Repository
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        suite = self.check_suite
        repo = self.repository.value(self.installation)
        numbers = tuple(pull.number for pull in suite.pull_requests)
        return events.CheckRerequested(repo, suite.head_sha, numbers, None)


class _Group(_Part, frozen=True):
    head_sha: str
    head_ref: str
    base_sha: str
    base_ref: str


class _MergeGroup(_Part, frozen=True):
    action: str
    merge_group: _Group
    repository: _Repository
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        group = self.merge_group
        return events.MergeGroupRequested(
            repo=self.repository.value(self.installation),
            head_sha=group.head_sha,
            head_ref=group.head_ref,
            base_sha=group.base_sha,
            base_ref=group.base_ref.removeprefix("refs/heads/"),
        )


class _WholeInstallation(_Part, frozen=True):
    # `account`, `permissions` and `updated_at` tell the real thing from the bare reference
    # that the payloads of all other events carry under the same key.
    id: int
    account: _Account
    permissions: dict[str, str]
    updated_at: datetime
    suspended_at: datetime | None = None


class _InstallationEvent(_Part, frozen=True):
    action: str
    installation: _WholeInstallation
    repositories: tuple[_Repository, ...] | None = None

    def event(self) -> events.Event | None:
        whole = self.installation
        reference = _Installation(whole.id)
        return events.InstallationChanged(
            action=self.action,
            installation_id=whole.id,
            account=whole.account.value(),
            repositories=tuple(repo.value(reference) for repo in self.repositories or ()),
            suspended_at=whole.suspended_at,
            updated_at=whole.updated_at,
            permissions=tuple(sorted(whole.permissions.items())),
        )


class _InstallationRepositories(_Part, frozen=True):
    action: str
    installation: _WholeInstallation
    repositories_added: tuple[_Repository, ...]
    repositories_removed: tuple[_Repository, ...]

    def event(self) -> events.Event | None:
        reference = _Installation(self.installation.id)
        return events.RepositoriesChanged(
            installation_id=self.installation.id,
            account=self.installation.account.value(),
            added=tuple(repo.value(reference) for repo in self.repositories_added),
            removed=tuple(repo.value(reference) for repo in self.repositories_removed),
        )


class _WholeRepository(_Repository, frozen=True):
    archived: bool = False
    updated_at: datetime = msgspec.field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))


class _RepositoryEvent(_Part, frozen=True):
    action: str
    repository: _WholeRepository
    installation: _Installation | None = None

    def event(self) -> events.Event | None:
        whole = self.repository
        repo = whole.value(self.installation)
        return events.RepositoryChanged(self.action, repo, whole.archived, whole.updated_at)


class _Ping(_Part, frozen=True):
    zen: str

    def event(self) -> events.Event | None:
        return events.Pinged()


@dataclass(frozen=True)
class Kind:
    """One event of GitHub: what its body is about, its actions, and those that we act on."""

    decode: Callable[[bytes], Shape]
    subjects: frozenset[str]
    known: frozenset[str | None]
    acted_on: frozenset[str | None]
    may_have: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _kind(
    shape: type,
    subjects: str,
    acted_on: str | None,
    known: str = "",
    may_have: str = "",
) -> Kind:
    acted: frozenset[str | None] = frozenset({None}) if acted_on is None else _words(acted_on)
    return Kind(
        decode=msgspec.json.Decoder(shape).decode,
        subjects=_words(subjects),
        known=acted | _words(known),
        acted_on=acted,
        may_have=_words(may_have),
    )


KINDS: dict[str, Kind] = {
    "ping": _kind(_Ping, "zen", None),
    "pull_request": _kind(
        _PullRequest,
        "pull_request",
        "opened reopened synchronize edited closed ready_for_review",
        "assigned auto_merge_disabled auto_merge_enabled converted_to_draft demilestoned dequeued"
        " enqueued labeled locked milestoned review_request_removed review_requested unassigned"
        " unlabeled unlocked",
        "label milestone",
    ),
    "issue_comment": _kind(
        _IssueComment, "issue comment", "created edited", "deleted pinned unpinned"
    ),
    "push": _kind(_Push, "commits", None),
    "check_run": _kind(
        _CheckRun, "check_run", "rerequested", "created completed requested_action"
    ),
    "check_suite": _kind(_CheckSuite, "check_suite", "rerequested", "completed requested"),
    "merge_group": _kind(_MergeGroup, "merge_group", "checks_requested", "destroyed"),
    "installation": _kind(
        _InstallationEvent,
        "",
        "created deleted suspend unsuspend new_permissions_accepted",
        may_have="repositories",
    ),
    "installation_repositories": _kind(
        _InstallationRepositories,
        "repositories_added repositories_removed",
        "added removed",
    ),
    "repository": _kind(
        _RepositoryEvent,
        "",
        "renamed transferred archived unarchived deleted privatized publicized edited",
        "created",
    ),
}
