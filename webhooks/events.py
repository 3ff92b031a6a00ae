"""The events that we act on, as frozen values: this file is the list of all we listen to.

Shapes: https://docs.github.com/en/webhooks/webhook-events-and-payloads. Event name and
delivery id come in headers that nobody signed; see `webhooks/payloads.py` for how a body is
held against the event that it claims to be.
"""

from dataclasses import dataclass
from datetime import datetime

from core.github import Account, Issue, Milestone, PullRequest, Release, Repo
from webhooks.stripe_told import StripeTold


@dataclass(frozen=True)
class Pinged:
    """GitHub tries the address."""

    @property
    def entity(self) -> str | None:
        """Nothing to keep in order."""
        return None


@dataclass(frozen=True)
class PullRequestChanged:
    """Opened, reopened, closed, pushed to, edited, or ready for review."""

    action: str
    repo: Repo
    pull: PullRequest
    sender: Account

    @property
    def entity(self) -> str | None:
        """The thread."""
        return f"thread:{self.repo.id}:{self.pull.number}"


@dataclass(frozen=True)
class CommentWritten:
    """A comment on a pull request or issue was created, edited or deleted; `sender` did it.

    `was` is what it said before an edit; `discussion` the node id of the discussion that it is on.
    """

    action: str
    repo: Repo
    number: int
    on_pull_request: bool
    comment_id: int
    body: str
    author: Account
    sender: Account
    created_at: datetime
    updated_at: datetime
    association: str = "NONE"
    was: str = ""
    discussion: str = ""

    @property
    def acted_at(self) -> datetime:
        """When the person said what the comment says now."""
        return self.created_at if self.action == "created" else self.updated_at

    @property
    def by_maintainer(self) -> bool:
        """GitHub knows the author as somebody who may write to the repository."""
        return self.association in {"OWNER", "MEMBER", "COLLABORATOR"}

    @property
    def entity(self) -> str | None:
        """The thread."""
        return f"thread:{self.repo.id}:{self.number}"


@dataclass(frozen=True)
class IssueChanged:
    """Something happened to an issue; `label` is the one that was put on or taken off.

    A transferred one is `moved` to another repository, under another number and node id; there
    it is `moved_from` the node id that it had.
    """

    action: str
    repo: Repo
    issue: Issue
    sender: Account
    label: str | None = None
    moved_to: Repo | None = None
    moved: Issue | None = None
    moved_from: str = ""

    @property
    def entity(self) -> str | None:
        """The thread."""
        return f"thread:{self.repo.id}:{self.issue.number}"


@dataclass(frozen=True)
class DiscussionChanged:
    """Something happened to a discussion, which reads as an issue with a category.

    A transferred one is `moved` to another repository, under another number and node id.
    """

    action: str
    repo: Repo
    discussion: Issue
    sender: Account
    moved_to: Repo | None = None
    moved: Issue | None = None

    @property
    def entity(self) -> str | None:
        """The thread: numbers are one row with those of issues."""
        return f"thread:{self.repo.id}:{self.discussion.number}"


@dataclass(frozen=True)
class Pushed:
    """A branch moved; `after` is its new head. `rewritten`: it may have lost commits.

    `touched` are the paths that its commits change, as far as GitHub lists them.
    """

    repo: Repo
    ref: str
    after: str
    deleted: bool
    rewritten: bool = False
    sender_id: int | None = None
    touched: frozenset[str] = frozenset()

    @property
    def branch(self) -> str:
        """The branch's name; empty for a tag."""
        prefix = "refs/heads/"
        return self.ref.removeprefix(prefix) if self.ref.startswith(prefix) else ""

    @property
    def is_default_branch(self) -> bool:
        """The branch from which the rules are read."""
        return self.ref == f"refs/heads/{self.repo.default_branch}"

    @property
    def entity(self) -> str | None:
        """The repository."""
        return f"repository:{self.repo.id}"


@dataclass(frozen=True)
class CheckRerequested:
    """Somebody pressed “Re-run” on a check run of ours (`name`) or on the suite (no name)."""

    repo: Repo
    head_sha: str
    numbers: tuple[int, ...]
    name: str | None

    @property
    def entity(self) -> str | None:
        """The commit."""
        return f"commit:{self.repo.id}:{self.head_sha}"


@dataclass(frozen=True)
class MergeGroupRequested:
    """The merge queue wants checks on a group's head; `head_ref` names the pull request."""

    repo: Repo
    head_sha: str
    head_ref: str
    base_sha: str
    base_ref: str

    @property
    def entity(self) -> str | None:
        """The commit."""
        return f"commit:{self.repo.id}:{self.head_sha}"


@dataclass(frozen=True)
class InstallationChanged:
    """Created, deleted, suspended, unsuspended, or permissions accepted."""

    action: str
    installation_id: int
    account: Account
    repositories: tuple[Repo, ...]
    suspended_at: datetime | None
    updated_at: datetime
    permissions: tuple[tuple[str, str], ...]

    @property
    def entity(self) -> str | None:
        """The installation."""
        return f"installation:{self.installation_id}"


@dataclass(frozen=True)
class RepositoriesChanged:
    """Repositories were added to an installation or removed from it."""

    installation_id: int
    account: Account
    added: tuple[Repo, ...]
    removed: tuple[Repo, ...]

    @property
    def entity(self) -> str | None:
        """The installation."""
        return f"installation:{self.installation_id}"


@dataclass(frozen=True)
class RepositoryChanged:
    """Renamed, transferred, archived, deleted, made private or public, default branch edited."""

    action: str
    repo: Repo
    archived: bool
    updated_at: datetime

    @property
    def entity(self) -> str | None:
        """The repository."""
        return f"repository:{self.repo.id}"


@dataclass(frozen=True)
class ReleaseChanged:
    """A release was published, edited, deleted, or made a draft again."""

    action: str
    repo: Repo
    release: Release

    @property
    def entity(self) -> str | None:
        """The release."""
        return f"release:{self.repo.id}:{self.release.id}"


@dataclass(frozen=True)
class MilestoneChanged:
    """A milestone was created, edited, closed, opened (again) or deleted."""

    action: str
    repo: Repo
    milestone: Milestone

    @property
    def entity(self) -> str | None:
        """The milestone."""
        return f"milestone:{self.repo.id}:{self.milestone.number}"


Event = (
    Pinged
    | PullRequestChanged
    | CommentWritten
    | IssueChanged
    | DiscussionChanged
    | Pushed
    | CheckRerequested
    | MergeGroupRequested
    | InstallationChanged
    | RepositoriesChanged
    | RepositoryChanged
    | ReleaseChanged
    | MilestoneChanged
    | StripeTold
)
