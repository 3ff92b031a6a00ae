"""GitHub's objects read into values; a missing or misshapen field raises what Python raises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from core.github import (
    LONGEST_MILESTONE,
    Account,
    ChangedFile,
    Commit,
    GitIdentity,
    Issue,
    IssueComment,
    Permission,
    PullRequest,
    Reaction,
    Repo,
    Review,
)

GHOST = Account(10137, "ghost")
"""GitHub's stand-in for deleted accounts, which its API gives as null."""


def role(body: Mapping[str, Any], account_id: int) -> Permission:
    """Read the permission of an account; `none` where the answer is about another one."""
    if (body.get("user") or {}).get("id") != account_id:
        return "none"
    # An organisation may have named roles of its own: what such a one rests on is the other word.
    known: tuple[Permission, ...] = get_args(Permission)
    for said in (body.get("role_name"), body["permission"]):
        for one in known:
            if one == said:
                return one
    raise ValueError("a permission that nobody has heard of")


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
    """Read an account; None where GitHub knows of none."""
    # GitHub gives null, and at times an empty object, for an address it cannot link.
    if not body or not body.get("id"):
        return None
    made = body.get("created_at")
    return Account(
        int(body["id"]),
        str(body["login"]),
        str(body.get("type") or "User"),
        datetime.fromisoformat(made) if isinstance(made, str) else None,
    )


def pull_request(body: Mapping[str, Any]) -> PullRequest:
    """Read a pull request object."""
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
        merged_by=(body.get("merged_by") or {}).get("id") if merged_at else None,
        title=str(body.get("title") or ""),
        body=str(body.get("body") or ""),
    )


def _identity(body: Mapping[str, Any] | None) -> GitIdentity:
    body = body or {}
    return GitIdentity(str(body.get("name") or ""), str(body.get("email") or ""))


def commit(body: Mapping[str, Any]) -> Commit:
    """Read a commit as comparisons list it."""
    inner = body["commit"]
    return Commit(
        sha=str(body["sha"]),
        parents=tuple(str(parent["sha"]) for parent in body.get("parents") or ()),
        message=str(inner.get("message") or ""),
        author=_identity(inner.get("author")),
        committer=_identity(inner.get("committer")),
        author_account=account(body.get("author")),
        committer_account=account(body.get("committer")),
        verified=bool((inner.get("verification") or {}).get("verified")),
    )


def changed_file(body: Mapping[str, Any]) -> ChangedFile:
    """Read a file as comparisons list it."""
    return ChangedFile(
        path=str(body["filename"]),
        status=str(body["status"]),
        blob=body.get("sha"),
        changes=int(body.get("changes") or 0),
        previous_path=body.get("previous_filename"),
    )


def issue(body: Mapping[str, Any]) -> Issue:
    """Read an issue."""
    closed_at, put = body.get("closed_at"), body.get("milestone") or {}
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
        milestone=str(put.get("title") or "")[:LONGEST_MILESTONE],
        milestone_number=int(put.get("number") or 0),
        association=str(body.get("author_association") or "NONE"),
        comments=int(body.get("comments") or 0),
    )


def comment(body: Mapping[str, Any]) -> IssueComment:
    """Read a comment on an issue or pull request."""
    return IssueComment(
        id=int(body["id"]),
        author=account(body.get("user")) or GHOST,
        body=str(body.get("body") or ""),
        created_at=datetime.fromisoformat(body["created_at"]),
        updated_at=datetime.fromisoformat(body["updated_at"]),
        association=str(body.get("author_association") or "NONE"),
        node_id=str(body.get("node_id") or ""),
    )


def reaction(body: Mapping[str, Any]) -> Reaction:
    """Read one reaction."""
    return Reaction(
        id=int(body["id"]),
        user=account(body.get("user")),
        created_at=datetime.fromisoformat(body["created_at"]),
    )


def review(body: Mapping[str, Any]) -> Review:
    """Read one review."""
    return Review(
        user=account(body.get("user")),
        state=str(body["state"]).lower(),
        submitted_at=datetime.fromisoformat(body["submitted_at"]),
    )
