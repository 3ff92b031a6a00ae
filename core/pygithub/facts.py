"""Facts: what an installation may read, whole or not at all."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from core.github import (
    Account,
    Commit,
    Comparison,
    File,
    Incomplete,
    Issue,
    IssueAct,
    IssueComment,
    NotFound,
    NotModified,
    Permission,
    PullRequest,
    Reaction,
    Refused,
    Repo,
    Review,
)
from core.pygithub import acts, teams, values
from core.pygithub.client import Answer, Client, Unauthorized
from core.pygithub.cloning import Cloning
from core.pygithub.discussions import Discussions
from core.pygithub.milestones import Milestones
from core.pygithub.releases import Releases
from core.pygithub.tokens import Tokens
from core.pygithub.versions import Versions

PER_PAGE = 100
T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Installation(Cloning, Discussions, Milestones, Releases, Versions):
    """GitHub as one installation sees it; the port's `GitHub`, and the sender's way to write."""

    def __init__(self, client: Client, tokens: Tokens, installation_id: int) -> None:
        """Act as `installation_id`."""
        self._client = client
        self._tokens = tokens
        self.id = installation_id

    def send(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        etag: str | None = None,
    ) -> Answer:
        """Send one request; a reading once more with a fresh token if the cached one is refused.

        A write waits for its next turn: two in one breath are too many.
        """
        header = self._tokens.as_installation(self.id)
        try:
            return self._client.send(method, path, header, parameters, body, etag, self.id)
        except Unauthorized:
            self._tokens.forget(self.id, header)
            if method != "GET":
                raise
            header = self._tokens.as_installation(self.id)
            return self._client.send(method, path, header, parameters, body, etag, self.id)

    def pull_request(self, repo: Repo, number: int) -> PullRequest:
        """Read one pull request."""
        return _whole(
            values.pull_request, self.send("GET", f"/repos/{repo.name}/pulls/{number}").body
        )

    def comparison(self, repo: Repo, base: str, head: str) -> Comparison:
        """Read every commit of base...head, or raise `Incomplete`."""
        path = f"/repos/{repo.name}/compare/{quote(base)}...{quote(head)}"
        first = self._page(path, 1)
        total = _whole(lambda page: int(page["total_commits"]), first)
        listed = list(_whole(lambda page: page["commits"], first))
        number = 1
        while len(listed) < total:
            number += 1
            page = self._page(path, number)
            more = _whole(lambda page: page["commits"], page)
            if not more or page.get("total_commits") != total:
                raise Incomplete("GitHub's list of commits changed while it was read")
            listed.extend(more)
        commits = tuple(_whole(values.commit, item) for item in listed)
        _hold_together(commits, total, head)
        # No file and no list of files are two things: the second says nothing.
        files = _whole(lambda page: tuple(map(values.changed_file, page["files"])), first)
        return Comparison(
            _sha(first, "merge_base_commit"), commits, files, _sha(first, "base_commit")
        )

    def _page(self, path: str, number: int) -> Any:
        return self.send("GET", path, {"per_page": PER_PAGE, "page": number}).body

    def file(
        self, repo: Repo, path: str, ref: str | None, etag: str | None = None
    ) -> File | NotModified | None:
        """Read a file's exact bytes at `ref`; None where there is no such file."""
        parameters = {"ref": ref} if ref else {}
        address = f"/repos/{repo.name}/contents/{quote(path)}"
        try:
            answer = self.send("GET", address, parameters, etag=etag)
        except NotFound:
            return None
        if answer.status == 304:  # noqa: PLR2004 - named by HTTP
            return NotModified()
        body = answer.body
        if not isinstance(body, dict) or body.get("encoding") != "base64":
            raise Refused(f"{path} is not a file of at most 1 MB")
        try:
            content = base64.b64decode(body["content"])
        except (binascii.Error, KeyError, TypeError):
            raise Incomplete(f"{path} came damaged") from None
        return File(content, answer.headers.get("etag"))

    def account(self, github_id: int) -> Account | None:
        """Read an account by its number; None where there is none (any more)."""
        return self._account_at(f"/user/{github_id}")

    def account_named(self, login: str) -> Account | None:
        """Read the account that bears a login now; None where there is none."""
        return self._account_at(f"/users/{login}") if _NAME.fullmatch(login) else None

    def _account_at(self, path: str) -> Account | None:
        try:
            found: Account | None = _whole(values.account, self.send("GET", path).body)
        except NotFound:
            return None
        return found

    def open_pull_requests(self, repo: Repo) -> Iterator[PullRequest]:
        """List the open pull requests, oldest first."""
        parameters = {"state": "open", "sort": "created", "direction": "asc"}
        path = f"/repos/{repo.name}/pulls"
        for item in self.pages(path, parameters):
            yield _whole(values.pull_request, item)

    def issue(self, repo: Repo, number: int) -> Issue | None:
        """Read an issue; None where the number is a pull request's. Raises `NotFound` if deleted."""
        body = self.send("GET", f"/repos/{repo.name}/issues/{number}").body
        return None if "pull_request" in (body or {}) else _whole(values.issue, body)

    def issues(
        self, repo: Repo, state: str = "all", label: str = "", since: datetime | None = None
    ) -> Iterator[Issue]:
        """List issues (no pull requests), the longest unchanged first; `since` by their last change.

        What changes while it is read moves to the end of the list: nothing is missed.
        """
        asked = {"state": state, "sort": "updated", "direction": "asc"}
        asked |= {"labels": label} if label else {}
        asked |= {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {}
        for item in self.pages(f"/repos/{repo.name}/issues", asked):
            if "pull_request" not in item:
                yield _whole(values.issue, item)

    def issue_acts(self, repo: Repo, number: int) -> tuple[IssueAct, ...]:
        """Read every labelling, closing, re-opening and milestone of an issue, oldest first."""
        path = acts.address(self._client.api_url)
        return acts.read(
            lambda body: self.send("POST", path, body=body).body,
            self._client.clock,
            repo.name,
            number,
        )

    def query(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Ask by GraphQL; gives the data. Raises a `GitHubError`, also for what answers 200."""
        path = acts.address(self._client.api_url)
        body = self.send("POST", path, body={"query": text, "variables": variables}).body
        return acts.answered(body, self._client.clock)

    def comments(self, repo: Repo, number: int, since: datetime) -> Iterator[IssueComment]:
        """List the comments on a thread that were written or edited since, oldest first."""
        asked = {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for item in self.pages(f"/repos/{repo.name}/issues/{number}/comments", asked):
            yield _whole(values.comment, item)

    def thumbs(self, repo: Repo, number: int) -> Iterator[Reaction]:
        """List every 👍 under a thread, oldest first."""
        path = f"/repos/{repo.name}/issues/{number}/reactions"
        for item in self.pages(path, {"content": "+1"}):
            yield _whole(values.reaction, item)

    def reviews(self, repo: Repo, number: int) -> Iterator[Review]:
        """List every review of a pull request that was handed in, oldest first.

        Source: https://docs.github.com/en/rest/pulls/reviews
        """
        for item in self.pages(f"/repos/{repo.name}/pulls/{number}/reviews"):
            if item.get("submitted_at"):
                yield _whole(values.review, item)

    def permission(self, repo: Repo, account: Account) -> Permission:
        """Say what this very account may do in this very repository; `none` if in doubt of either.

        Logins and names of repositories change hands, so both numbers are held against it.
        Source: https://docs.github.com/en/rest/collaborators/collaborators
        """
        if not _NAME.fullmatch(account.login):
            return "none"
        path = f"/repos/{repo.name}"
        try:
            said = self.send("GET", f"{path}/collaborators/{account.login}/permission").body
            role = _whole(lambda body: values.role(body, account.id), said)
            if role == "none":
                return "none"
            found = _whole(lambda body: int(body["id"]), self.send("GET", path).body)
        except NotFound:
            return "none"
        return role if found == repo.id else "none"

    def is_protected(self, repo: Repo, branch: str) -> bool:
        """Read a branch: https://docs.github.com/en/rest/branches/branches#get-a-branch."""
        path = f"/repos/{repo.name}/branches/{quote(branch, safe='')}"
        return _whole(lambda page: page["protected"] is True, self.send("GET", path).body)

    def team_members(self, repo: Repo, slug: str) -> frozenset[int]:
        """Give the members of a team of the repository's owner, all of them, or raise.

        Raises `NotFound` where there is no such team, `Incomplete` where a page is missing.
        """
        return teams.members(self.send, teams.by_name(repo.owner, slug))

    def team_number(self, repo: Repo, slug: str) -> int:
        """Give the number of a team of the repository's owner. Raises `NotFound`."""
        answer = self.send("GET", teams.by_name(repo.owner, slug))
        return _whole(lambda body: int(body["id"]), answer.body)

    def members_by_number(self, organisation_id: int, team_id: int) -> frozenset[int]:
        """Give the members of a team whatever its name is now; raises as `team_members`."""
        return teams.members(self.send, teams.by_number(organisation_id, team_id))

    def pages(
        self,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Iterator[Any]:
        """Go through a paged list; `key` names the list inside an enveloping object."""
        number = 0
        while True:
            number += 1
            asked = {**(parameters or {}), "per_page": PER_PAGE, "page": number}
            answer = self.send("GET", path, asked)
            items = _whole(lambda body: body[key] if key else body, answer.body)
            yield from items
            if 'rel="next"' not in answer.headers.get("link", ""):
                return


def _whole(read: Callable[[Any], T], body: Any) -> T:
    """Apply `read`, taking a missing or misshapen field for an incomplete answer."""
    try:
        return read(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Incomplete(f"an answer of GitHub lacks {type(error).__name__}: {error}") from None


def _hold_together(commits: tuple[Commit, ...], total: int, head: str) -> None:
    shas = {commit.sha for commit in commits}
    if len(commits) != total or len(shas) != total:
        raise Incomplete(f"GitHub counts {total} commits and lists {len(shas)}")
    if total and head not in shas and _is_sha(head):
        raise Incomplete("GitHub's list of commits lacks the head")


def _is_sha(text: str) -> bool:
    return len(text) in {40, 64} and all(digit in "0123456789abcdef" for digit in text)


def _sha(page: Mapping[str, Any], name: str) -> str:
    return str((page.get(name) or {}).get("sha") or "")
