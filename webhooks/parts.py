"""The parts that many of GitHub's payloads share, and the values that they become."""

from datetime import datetime

import msgspec

from core.github import Account, PullRequest, Repo

GHOST = Account(10137, "ghost")
"""GitHub's stand-in for deleted accounts, which payloads give as null."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """A decoded part of a payload: frozen, and only the fields that we read."""


class AccountPart(Part, frozen=True):
    """An account."""

    id: int
    login: str
    type: str = "User"

    def value(self) -> Account:
        """Make the value."""
        return Account(self.id, self.login, self.type)


class InstallationPart(Part, frozen=True):
    """The reference to an installation that most payloads carry."""

    id: int


class OwnerPart(Part, frozen=True):
    """Whose a repository is."""

    id: int


class RepositoryPart(Part, frozen=True):
    """A repository; installation events name no owner."""

    id: int
    full_name: str
    default_branch: str = "main"
    private: bool = False
    owner: OwnerPart | None = None

    def value(self, installation: InstallationPart | None) -> Repo:
        """Make the value."""
        number = installation.id if installation else 0
        return Repo(
            id=self.id,
            name=self.full_name,
            installation_id=number,
            default_branch=self.default_branch,
            private=self.private,
            owner_id=self.owner.id if self.owner else 0,
        )


class TipPart(Part, frozen=True):
    """One end of a pull request."""

    sha: str
    ref: str


class PullPart(Part, frozen=True):
    """A pull request."""

    number: int
    state: str
    user: AccountPart | None
    head: TipPart
    base: TipPart
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None
    title: str = ""
    body: str | None = None

    def value(self) -> PullRequest:
        """Make the value."""
        return PullRequest(
            number=self.number,
            opener=self.user.value() if self.user else GHOST,
            head_sha=self.head.sha,
            base_ref=self.base.ref,
            state=self.state,
            created_at=self.created_at,
            updated_at=self.updated_at,
            draft=self.draft,
            base_sha=self.base.sha,
            merged_at=self.merged_at,
            # Of an open one, GitHub gives the merge that it tried here.
            merge_sha=(self.merge_commit_sha or "") if self.merged_at else "",
            title=self.title,
            body=self.body or "",
        )
