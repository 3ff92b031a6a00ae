"""Facts about GitHub, as frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Account:
    """A GitHub account. `id` is identity; `login` is for show and changes hands.

    `created_at` is there where the account itself was read, not where it is only named.
    """

    id: int
    login: str
    type: str = "User"
    created_at: datetime | None = field(default=None, compare=False)

    @property
    def is_bot(self) -> bool:
        """GitHub says so, by type or by the reserved suffix of a login."""
        return self.type == "Bot" or self.login.endswith("[bot]")


@dataclass(frozen=True)
class Repo:
    """A repository as an installation reaches it. `id` is identity, `name` is "owner/name".

    `owner_id` is the number of the account that owns it, 0 where it was not told.
    """

    id: int
    name: str
    installation_id: int
    default_branch: str = "main"
    private: bool = False
    owner_id: int = 0

    @property
    def owner(self) -> str:
        """The login before the slash."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class GitIdentity:
    """What somebody wrote into a commit: proves nothing."""

    name: str
    email: str


@dataclass(frozen=True)
class Commit:
    """One commit as GitHub lists it; accounts are the ones GitHub linked, or None."""

    sha: str
    parents: tuple[str, ...]
    message: str
    author: GitIdentity
    committer: GitIdentity
    author_account: Account | None
    committer_account: Account | None
    verified: bool = False


@dataclass(frozen=True)
class ChangedFile:
    """One file of a comparison: `blob` is the id of its content after the change."""

    path: str
    status: str
    blob: str | None
    changes: int
    previous_path: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What `head` has that `base` has not: every commit, and the files as far as GitHub lists them."""

    merge_base: str
    commits: tuple[Commit, ...]
    files: tuple[ChangedFile, ...]
    base_sha: str = ""
    """The commit that `base` named when it was read."""

    @property
    def files_complete(self) -> bool:
        """GitHub lists at most 300 files."""
        return len(self.files) < MOST_FILES


MOST_FILES = 300
MOST_RELEASES = 1_000
"""How far back a list of releases is read: who has more has long published them."""


@dataclass(frozen=True)
class Release:
    """A release; a draft has no `published_at`. `tag` may be moved to another commit later."""

    id: int
    tag: str
    published_at: datetime | None
    draft: bool = False
    prerelease: bool = False


MOST_MILESTONES = 1_000
"""How many milestones of a repository are read from its list."""

LONGEST_MILESTONE = 255
"""As long as GitHub lets the title of a milestone be; what is longer is cut."""


@dataclass(frozen=True)
class Milestone:
    """A milestone at one moment, known by its number, which is never given again.

    `closed_at` is None while it is open; `due_on` is the day that was set, at any time of it.
    """

    node_id: str
    number: int
    title: str
    state: Literal["open", "closed"]
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    due_on: datetime | None = None


@dataclass(frozen=True)
class PullRequest:
    """A pull request at one moment.

    Of a merged one, `merge_sha` is the commit by which it landed (of a rebase, the last one) and
    `base_sha` the tip that it landed on; `merged_by` is who merged it, where GitHub was asked.
    """

    number: int
    opener: Account
    head_sha: str
    base_ref: str
    state: str
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    base_sha: str = ""
    merged_at: datetime | None = None
    merge_sha: str = ""
    merged_by: int | None = field(default=None, compare=False)
    title: str = field(default="", compare=False)
    body: str = field(default="", compare=False)
    """What its opener wrote: not kept, so not compared."""


@dataclass(frozen=True)
class Issue:
    """An issue at one moment. `node_id` is identity; number and repository change with a move.

    `thumbs` is how many 👍 GitHub counts under it: one taken away and one given leave it as it was.
    """

    node_id: str
    number: int
    title: str
    author: Account
    state: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    locked: bool = False
    thumbs: int = 0
    body: str = ""
    state_reason: str = ""
    milestone: str = ""
    """The title of the one that it is in; that changes, and the number does not."""
    milestone_number: int = 0
    association: str = "NONE"
    """How the author relates to the repository, in GitHub's words."""
    category: str = ""
    """Of a discussion, which is read as an issue is; empty for an issue."""
    comments: int = 0
    """How many GitHub counts under it, those of bots and ours among them."""

    @property
    def by_maintainer(self) -> bool:
        """GitHub knows the author as somebody who belongs to the repository."""
        return self.association in {"OWNER", "MEMBER", "COLLABORATOR"}


ActKind = Literal["labeled", "unlabeled", "closed", "reopened", "milestoned"]


@dataclass(frozen=True)
class IssueAct:
    """One act on an issue, as its timeline tells; `actor` is None for an account that is no more.

    `name` is the label's or milestone's, `reason` how it was closed (completed, not_planned,
    duplicate). It was closed by the merged pull request `pull` or by `commit`, where it was.
    `by_us`: our own App did it.
    """

    id: str
    kind: ActKind
    actor: Account | None
    at: datetime
    name: str = ""
    reason: str = ""
    pull: int = 0
    commit: str = ""
    by_us: bool = False


@dataclass(frozen=True)
class IssueComment:
    """A comment on a thread as it is now; `edited` since it was written, for all that we know."""

    id: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    association: str = "NONE"
    node_id: str = ""

    @property
    def edited(self) -> bool:
        """It may have said something else before."""
        return self.updated_at != self.created_at


@dataclass(frozen=True)
class Version:
    """What a comment said from an instant on, as `by` wrote it."""

    at: datetime
    by: Account
    body: str


@dataclass(frozen=True)
class Reaction:
    """A 👍 under a thread; `user` is None for an account that is no more."""

    id: int
    user: Account | None
    created_at: datetime


@dataclass(frozen=True)
class Review:
    """A review of a pull request that was handed in; `user` is None for an account that is no more.

    `state` is GitHub's word in small letters: approved, changes_requested, commented, dismissed.
    """

    user: Account | None
    state: str
    submitted_at: datetime


@dataclass(frozen=True)
class File:
    """A file's exact bytes, and the tag by which GitHub knows this state of it."""

    content: bytes
    etag: str | None


@dataclass(frozen=True)
class NotModified:
    """The file is as it was when its tag was given."""


@dataclass(frozen=True)
class HookDelivery:
    """One attempt of GitHub to deliver a webhook to us."""

    id: int
    guid: str
    delivered_at: datetime
    redelivery: bool
    status: str
    status_code: int
    event: str


Permission = Literal["admin", "maintain", "write", "triage", "read", "none"]
"""What somebody may do in a repository, from most to least."""
