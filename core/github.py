"""The port to GitHub: facts we ask for and actions we take, as frozen values.

Facts are read with `GitHub`; actions are only *described* here. Handlers return them, the
outbox keeps them, and the sender carries them out (see `bot/outbox.py`).

GitHubError
├ NotFound       gone, or never visible to us
├ Refused        GitHub will not have it (403, 409, 410, 422): trying again changes nothing
├ Suspended      the installation is suspended or removed
│ └ Inaccessible  this repository, or this kind of thing in it, is not ours to touch
├ RateLimited    not before `until`
├ Unavailable    no answer or 5xx: the outcome of a write is unknown
└ Incomplete     an answer that cannot be relied on as whole
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True)
class Account:
    """A GitHub account. `id` is identity; `login` is for show and changes hands."""

    id: int
    login: str
    type: str = "User"

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


@dataclass(frozen=True)
class PullRequest:
    """A pull request at one moment.

    Of a merged one, `merge_sha` is the commit by which it landed (of a rebase, the last one) and
    `base_sha` the tip that it landed on.
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


@dataclass(frozen=True)
class Annotation:
    """A remark on a line of a file, shown by GitHub in the diff."""

    path: str
    line: int
    message: str


Permission = Literal["admin", "maintain", "write", "triage", "read", "none"]
"""What somebody may do in a repository, from most to least."""

Conclusion = Literal["success", "action_required", "failure", "neutral"]


@dataclass(frozen=True)
class Comment:
    """Say `body` under `topic` on an issue or pull request: made once, then edited in place.

    `may_exist` tells the sender that a comment of ours may stand there already without our
    knowing its id, so that it looks before it writes.
    """

    repo: Repo
    number: int
    topic: str
    body: str
    may_exist: bool = False

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes."""
        return f"comment:{self.repo.id}:{self.number}:{self.topic}"


@dataclass(frozen=True)
class Check:
    """Conclude the check run `name` on a commit."""

    repo: Repo
    head_sha: str
    name: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = field(default=())
    details_url: str | None = None

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes; also the run's `external_id`."""
        return f"check:{self.repo.id}:{self.head_sha}:{self.name}"


Action = Comment | Check
"""Everything we do on GitHub. A new kind must be carried out in `core/pygithub/writes.py`."""


class GitHub(Protocol):
    """Facts, read as one installation. Whatever cannot be read whole raises; nothing is guessed."""

    def pull_request(self, repo: Repo, number: int) -> PullRequest:
        """Read one pull request."""

    def comparison(self, repo: Repo, base: str, head: str) -> Comparison:
        """Read every commit of base...head, or raise `Incomplete`."""

    def file(
        self, repo: Repo, path: str, ref: str | None, etag: str | None = None
    ) -> File | NotModified | None:
        """Read a file at `ref` (the default branch if None); None where there is none."""

    def account(self, github_id: int) -> Account | None:
        """Read an account by its number; None where there is none (any more)."""

    def account_named(self, login: str) -> Account | None:
        """Read the account that bears a login now; None where there is none."""

    def open_pull_requests(self, repo: Repo) -> Iterator[PullRequest]:
        """List the open pull requests, oldest first."""

    def permission(self, repo: Repo, account: Account) -> Permission:
        """Say what this very account may do in this very repository; `none` if in doubt of either."""

    def team_members(self, repo: Repo, slug: str) -> frozenset[int]:
        """Give the members of a team of the repository's owner, all of them, or raise."""


class GitHubError(Exception):
    """GitHub did not give what was asked."""


class NotFound(GitHubError):
    """Gone, or not visible to this installation."""


class Refused(GitHubError):
    """GitHub refuses, and will refuse again."""


class Suspended(GitHubError):
    """The installation cannot act: suspended or removed."""


class Inaccessible(Suspended):
    """Not for us: the repository was taken from the installation, or a permission is lacking."""


class RateLimited(GitHubError):
    """Not before `until`, an instant in UTC; `named` if GitHub itself said when."""

    def __init__(self, until: datetime, *, named: bool = True) -> None:
        """Keep the instant."""
        super().__init__(f"not before {until.isoformat()}")
        self.until = until
        self.named = named


class Unavailable(GitHubError):
    """No answer, or a server error: whether a write happened is unknown."""


class Incomplete(GitHubError):
    """An answer that is short, repeated or changing under our hands."""
