"""GitHub's answers read into values; what lacks a field is an incomplete answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, get_args

from core.github import (
    Account,
    ChangedFile,
    Commit,
    GitIdentity,
    Incomplete,
    Issue,
    Permission,
    PullRequest,
    Reaction,
    Repo,
)

T = TypeVar("T")
GHOST = Account(10137, "ghost")
"""GitHub's stand-in for deleted accounts, which its API gives as null."""


def whole(read: Callable[[Any], T], body: Any) -> T:
    """Apply `read`, taking a missing or misshapen field for an incomplete answer."""
    try:
        return read(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Incomplete(f"an answer of GitHub lacks {type(error).__name__}: {error}") from None


def hold_together(commits: tuple[Commit, ...], total: int, head: str) -> None:
    """Raise `Incomplete` unless the commits are as many as GitHub counts, each once, with the head."""
    shas = {commit.sha for commit in commits}
    if len(commits) != total or len(shas) != total:
        raise Incomplete(f"GitHub counts {total} commits and lists {len(shas)}")
    if total and head not in shas and is_sha(head):
        raise Incomplete("GitHub's list of commits lacks the head")


def is_sha(text: str) -> bool:
    """Say whether this is a commit's id, and not a name."""
    return len(text) in {40, 64} and all(digit in "0123456789abcdef" for digit in text)


def role(body: Mapping[str, Any], account_id: int) -> Permission:
    """Read what an account may do; `none` for another account's answer."""
    if (body.get("user") or {}).get("id") != account_id:
        return "none"
    # An organisation may have named roles of its own: what such a one rests on is the other word.
    known: tuple[Permission, ...] = get_args(Permission)
    for said in (body.get("role_name"), body["permission"]):
        for role in known:
            if role == said:
                return role
    raise ValueError("a permission that nobody has heard of")


def sha(page: Mapping[str, Any], name: str) -> str:
    """Read the id of one of a comparison's commits; empty where it is not told."""
    return str((page.get(name) or {}).get("sha") or "")


def repository(body: Mapping[str, Any], installation_id: int) -> Repo:
    """Read a repository object."""
    return Repo(
        id=int(body["id"]),
        name=str(body["full_name"]),
        installation_id=installation_id,
        default_branch=str(body.get("default_branch") or "main"),
        private=bool(body.get("private")),
        owner_id=int((body.get("owner") or {}).get("id") or 0),
    )


def account(body: Mapping[str, Any] | None) -> Account | None:
    """Read an account; None where GitHub links none."""
    # GitHub gives null, and at times an empty object, for an address it cannot link.
    if not body or not body.get("id"):
        return None
    return Account(int(body["id"]), str(body["login"]), str(body.get("type") or "User"))


def pull_request(body: Mapping[str, Any]) -> PullRequest:
    """Read a pull request."""
    merged_at = body.get("merged_at")
    return PullRequest(
        number=int(body["number"]),
        opener=account(body.get("user")) or GHOST,
        head_sha=str(body["head"]["sha"]),
        base_ref=str(body["base"]["ref"]),
        state=str(body["state"]),
        created_at=datetime.fromisoformat(body["created_at"]),
        updated_at=datetime.fromisoformat(body["updated_at"]),
        draft=bool(body.get("draft")),
        base_sha=str(body["base"].get("sha") or ""),
        merged_at=datetime.fromisoformat(merged_at) if merged_at else None,
        # Of an open one, GitHub gives the merge that it tried here.
        merge_sha=str(body.get("merge_commit_sha") or "") if merged_at else "",
    )


def identity(body: Mapping[str, Any] | None) -> GitIdentity:
    """Read what somebody wrote into a commit."""
    body = body or {}
    return GitIdentity(str(body.get("name") or ""), str(body.get("email") or ""))


def commit(body: Mapping[str, Any]) -> Commit:
    """Read a commit."""
    inner = body["commit"]
    return Commit(
        sha=str(body["sha"]),
        parents=tuple(str(parent["sha"]) for parent in body.get("parents") or ()),
        message=str(inner.get("message") or ""),
        author=identity(inner.get("author")),
        committer=identity(inner.get("committer")),
        author_account=account(body.get("author")),
        committer_account=account(body.get("committer")),
        verified=bool((inner.get("verification") or {}).get("verified")),
    )


def changed_file(body: Mapping[str, Any]) -> ChangedFile:
    """Read one file of a comparison."""
    return ChangedFile(
        path=str(body["filename"]),
        status=str(body["status"]),
        blob=body.get("sha"),
        changes=int(body.get("changes") or 0),
        previous_path=body.get("previous_filename"),
    )


def issue(body: Mapping[str, Any]) -> Issue:
    """Read an issue."""
    closed_at = body.get("closed_at")
    return Issue(
        node_id=str(body["node_id"]),
        number=int(body["number"]),
        title=str(body["title"]),
        author=account(body.get("user")) or GHOST,
        state=str(body["state"]),
        created_at=datetime.fromisoformat(body["created_at"]),
        updated_at=datetime.fromisoformat(body["updated_at"]),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        labels=tuple(str(one["name"]) for one in body.get("labels") or ()),
        locked=bool(body.get("locked")),
        thumbs=int((body.get("reactions") or {}).get("+1") or 0),
        body=str(body.get("body") or ""),
        state_reason=str(body.get("state_reason") or ""),
    )


def reaction(body: Mapping[str, Any]) -> Reaction:
    """Read one reaction."""
    return Reaction(
        id=int(body["id"]),
        user=account(body.get("user")),
        created_at=datetime.fromisoformat(body["created_at"]),
    )
