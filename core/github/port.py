"""What can be asked of GitHub, whole or not at all."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from core.github.values import (
    Account,
    Comparison,
    File,
    Issue,
    IssueAct,
    IssueComment,
    Milestone,
    NotModified,
    Permission,
    PullRequest,
    Reaction,
    Release,
    Repo,
    Review,
    Version,
)


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

    def issue(self, repo: Repo, number: int) -> Issue | None:
        """Read an issue; None where the number is a pull request's. Raises `NotFound` if deleted."""

    def issues(
        self, repo: Repo, state: str = "all", label: str = "", since: datetime | None = None
    ) -> Iterator[Issue]:
        """List issues (no pull requests), the longest unchanged first; `since` by their last change."""

    def issue_acts(self, repo: Repo, number: int) -> tuple[IssueAct, ...]:
        """Read every labelling, closing, re-opening and milestone of an issue, oldest first."""

    def comments(self, repo: Repo, number: int, since: datetime) -> Iterator[IssueComment]:
        """List the comments on a thread that were written or edited since, oldest first."""

    def thumbs(self, repo: Repo, number: int) -> Iterator[Reaction]:
        """List every 👍 under a thread, oldest first."""

    def reviews(self, repo: Repo, number: int) -> Iterator[Review]:
        """List every review of a pull request that was handed in, oldest first."""

    def discussion(self, repo: Repo, number: int) -> Issue:
        """Read a discussion as an issue with a category. Raises `NotFound`."""

    def discussions(self, repo: Repo, category: str, state: str = "open") -> Iterator[Issue]:
        """List the discussions of a category, `open` or `all`, oldest first."""

    def discussion_thumbs(self, repo: Repo, number: int) -> Iterator[Reaction]:
        """List every 👍 under a discussion, oldest first."""

    def discussion_comments(
        self, repo: Repo, number: int, since: datetime
    ) -> Iterator[IssueComment]:
        """List what was written or edited since in a discussion, the replies below comments too."""

    def versions(self, node_ids: Sequence[str]) -> Iterator[tuple[str, tuple[Version, ...]]]:
        """Give all that comments said, oldest first, by node id; none of what is not given whole."""

    def became(self, repo: Repo, number: int) -> Issue | None:
        """Give the discussion that an issue was turned into; None where it is an issue still."""

    def permission(self, repo: Repo, account: Account) -> Permission:
        """Say what this very account may do in this very repository; `none` if in doubt of either."""

    def is_protected(self, repo: Repo, branch: str) -> bool:
        """Say whether a branch is protected. Raises `NotFound` where there is none of this name."""

    def team_members(self, repo: Repo, slug: str) -> frozenset[int]:
        """Give the members of a team of the repository's owner, all of them, or raise."""

    def team_number(self, repo: Repo, slug: str) -> int:
        """Give the number of a team of the repository's owner, which outlives its name."""

    def members_by_number(self, organisation_id: int, team_id: int) -> frozenset[int]:
        """Give the members of a team by its number, all of them, or raise."""

    def releases(self, repo: Repo) -> Iterator[Release]:
        """List the published releases, newest first, at most a thousand."""

    def milestones(self, repo: Repo) -> Iterator[Milestone]:
        """List the milestones, open and closed, at most a thousand."""

    def milestone(self, repo: Repo, number: int) -> Milestone | None:
        """Read one milestone; None where there is none of this number (any more)."""

    def commit_of_tag(self, repo: Repo, tag: str) -> str | None:
        """Give the commit that a tag stands at; None where there is no such tag."""

    def clone_of(self, repo: Repo) -> tuple[str, str]:
        """Give the address of a repository's git, and a token that opens it for an hour."""
