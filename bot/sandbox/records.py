"""What the sandbox remembers: accounts, repositories, threads, check runs, Apps, installations."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.sandbox.git import Objects
from bot.sandbox.told import Told

NOREPLY = "users.noreply.github.com"
_BY_ID = re.compile(rf"(\d+)\+[^@]*@{re.escape(NOREPLY)}", re.IGNORECASE | re.ASCII)


def id_in_noreply(email: str) -> int | None:
    """Give the account id that a noreply address of the present form carries."""
    match = _BY_ID.fullmatch(email)
    return int(match[1]) if match else None


@dataclass(eq=False)
class Account:
    """A user, an organisation or a bot. The login changes hands, the id does not."""

    id: int
    login: str
    type: str
    name: str
    emails: set[str]
    created_at: datetime
    unverified: set[str] = field(default_factory=set)

    @property
    def email(self) -> str:
        """The address that this account's commits carry by default."""
        return min(self.emails) if self.emails else self.noreply

    @property
    def noreply(self) -> str:
        """The address that GitHub gives to those who keep theirs to themselves."""
        return f"{self.id}+{self.login}@{NOREPLY}"


@dataclass(eq=False)
class Repository:
    """A repository: branches point into the object store that it shares with its forks.

    `announced` are branches as webhooks told of them; `private_members` are shown to nobody.
    """

    id: int
    owner: Account
    name: str
    private: bool
    created_at: datetime
    objects: Objects
    default_branch: str = "main"
    parent: "Repository | None" = None
    archived: bool = False
    deleted: bool = False
    pushed_at: datetime | None = None
    updated_at: datetime | None = None
    branches: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    releases: list[Any] = field(default_factory=list)
    announced: dict[str, str] = field(default_factory=dict)
    former_names: set[str] = field(default_factory=set)
    permissions: dict[int, str] = field(default_factory=dict)
    private_members: set[int] = field(default_factory=set)
    threads: "dict[int, Issue]" = field(default_factory=dict)
    queue: "list[MergeGroup]" = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """`owner/name`, as it is now."""
        return f"{self.owner.login}/{self.name}"

    def resolve(self, ref: str) -> str | None:
        """Give the commit that a branch, a full ref or a (shortened) id names."""
        full = self.default_branch if ref == "HEAD" else ref
        name = full.removeprefix("refs/").removeprefix("heads/")
        if name.startswith("tags/"):
            return self.tags.get(name.removeprefix("tags/"))
        if name in self.branches:
            return self.branches[name]
        if ref in self.objects.commits:
            return ref
        if re.fullmatch(r"[0-9a-f]{7,39}", ref):
            return next((sha for sha in self.objects.commits if sha.startswith(ref)), None)
        return None


@dataclass(frozen=True)
class Happening:
    """Something on a thread's timeline besides comments; `action` is the webhook's word.

    `head` is of a pull request's branch, `name` of a label or milestone, `reason` and `closer` of a closing.
    """

    id: int
    action: str
    by: Account
    at: datetime
    head: str = ""
    name: str = ""
    reason: str = ""
    closer: int = 0


@dataclass(frozen=True)
class Reaction:
    """A sign under a thread; `content` is GitHub's word for it, such as `+1`."""

    id: int
    user: Account | None
    content: str
    created_at: datetime


@dataclass(eq=False)
class Issue:
    """An issue; a pull request is one with more to it.

    `reactions` are by account and content: one of a kind for each. `gone`: transferred or deleted.
    `app` opened it, if one did; `milestone` is a `milestones.Milestone`; `became` is what it was turned into.
    """

    id: int
    number: int
    repo: Repository
    title: str
    body: str
    author: Account
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    comments: "list[Comment]" = field(default_factory=list)
    history: list[Happening] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    reactions: dict[tuple[int, str], Reaction] = field(default_factory=dict)
    locked: bool = False
    gone: bool = False
    state_reason: str | None = None
    milestone: Any = None
    app: "App | None" = None
    became: "Discussion | None" = None

    @property
    def state(self) -> str:
        """`open` or `closed`."""
        return "closed" if self.closed_at else "open"


@dataclass(frozen=True)
class Review:
    """A review; `state` is GitHub's word, such as `APPROVED`."""

    id: int
    user: Account | None
    state: str
    submitted_at: datetime


@dataclass(eq=False)
class Discussion(Issue):
    """A discussion: a thread of a category, in one row of numbers with the issues."""

    category: str = "Ideas"


@dataclass(eq=False)
class PullRequest(Issue):
    """A pull request. `issue_id` differs from `id`, as it does on GitHub."""

    issue_id: int = 0
    head_repo: Repository | None = None
    head_ref: str = ""
    head_sha: str = ""
    head_owner: str = ""
    base_ref: str = ""
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    merged_onto: str | None = None
    reviews: list[Review] = field(default_factory=list)

    @property
    def base_sha(self) -> str:
        """The tip of the base branch; once merged, the tip that it was merged into."""
        return self.merged_onto or self.repo.branches[self.base_ref]


@dataclass(eq=False)
class Comment(Told):
    """A comment on a thread; `app` is set when an App wrote it."""

    id: int
    thread: Issue
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    app: "App | None" = None


@dataclass(eq=False)
class MergeGroup:
    """One entry of a merge queue: the branch on which its checks run."""

    pull: PullRequest
    method: str
    branch: str
    base_sha: str
    head_sha: str


@dataclass(eq=False)
class CheckRun:
    """A check run of an App on a commit."""

    id: int
    suite_id: int
    repo: Repository
    app: "App"
    name: str
    head_sha: str
    created_at: datetime
    status: str = "queued"
    conclusion: str | None = None
    external_id: str = ""
    details_url: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class App:
    """A GitHub App: where its webhooks go, and by which key it speaks."""

    id: int
    slug: str
    name: str
    owner: Account
    bot: Account
    private_key: str
    public_key: Any
    webhook_secret: str
    hook_url: str | None
    client_id: str
    client_secret: str
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: datetime
    external_url: str
    callback_urls: tuple[str, ...] = ()

    @cached_property
    def hook_id(self) -> int:
        """The number of the App's one webhook."""
        return 400_000_000 + self.id % 100_000_000


@dataclass(eq=False)
class Team:
    """Some people of an organisation; `slug` is its name in addresses."""

    id: int
    organization: Account
    slug: str
    members: dict[int, Account] = field(default_factory=dict)


@dataclass(eq=False)
class Installation:
    """An App on an account. `repositories` is None when it may see all of them."""

    id: int
    app: App
    account: Account
    repositories: set[int] | None
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    suspended_at: datetime | None = None
    suspended_by: Account | None = None
    deleted: bool = False

    def covers(self, repo: Repository) -> bool:
        """Whether this installation sees `repo`."""
        if repo.owner is not self.account or repo.deleted:
            return False
        return self.repositories is None or repo.id in self.repositories
