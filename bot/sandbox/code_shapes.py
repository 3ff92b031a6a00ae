"""Commits, pull requests and check runs as GitHub's JSON."""

from typing import Any

from bot.sandbox.git import Commit, FileChange
from bot.sandbox.records import Account, CheckRun, PullRequest, Repository
from bot.sandbox.repo_shapes import repository
from bot.sandbox.shapes import Json, Place, account, app, association, label, linked, node_id, when


def commit(
    place: Place, repo: Repository, it: Commit, accounts: tuple[Account | None, Account | None]
) -> Json:
    """Give a commit; `accounts` are those that GitHub linked to its author and committer."""
    api, html = f"{place.api}/repos/{repo.full_name}", f"{place.web}/{repo.full_name}"
    author, committer = (
        {"name": stamp.name, "email": stamp.email, "date": when(stamp.at)}
        for stamp in (it.author, it.committer)
    )
    return {
        "sha": it.sha,
        "node_id": node_id("C", f"{repo.id}:{it.sha}"),
        "commit": {
            "author": author,
            "committer": committer,
            "message": it.message,
            "tree": {"sha": it.tree_sha, "url": f"{api}/git/trees/{it.tree_sha}"},
            "url": f"{api}/git/commits/{it.sha}",
            "comment_count": 0,
            "verification": {
                "verified": it.verified,
                "reason": "valid" if it.verified else "unsigned",
                "signature": "-----BEGIN SSH SIGNATURE-----" if it.verified else None,
                "payload": f"tree {it.tree_sha}" if it.verified else None,
                "verified_at": when(it.committer.at) if it.verified else None,
            },
        },
        "url": f"{api}/commits/{it.sha}",
        "html_url": f"{html}/commit/{it.sha}",
        "comments_url": f"{api}/commits/{it.sha}/comments",
        "author": linked(place, accounts[0]),
        "committer": linked(place, accounts[1]),
        "parents": [
            {"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{html}/commit/{sha}"}
            for sha in it.parents
        ],
    }


def pushed_commit(
    place: Place,
    repo: Repository,
    it: Commit,
    accounts: tuple[Account | None, Account | None],
    changes: list[FileChange],
) -> Json:
    """Give a commit as `push` events carry it."""
    people = []
    for stamp, who in zip((it.author, it.committer), accounts, strict=True):
        person = {"name": stamp.name, "email": stamp.email}
        people.append(person | ({"username": who.login} if who else {}))
    return {
        "id": it.sha,
        "tree_id": it.tree_sha,
        "distinct": True,
        "message": it.message,
        "timestamp": when(it.author.at),
        "url": f"{place.web}/{repo.full_name}/commit/{it.sha}",
        "author": people[0],
        "committer": people[1],
        "added": [file.path for file in changes if file.status in {"added", "renamed"}],
        "removed": [file.path for file in changes if file.status == "removed"],
        "modified": [file.path for file in changes if file.status == "modified"],
    }


def changed_file(place: Place, repo: Repository, ref: str, it: FileChange) -> Json:
    """Give one file of a comparison."""
    html = f"{place.web}/{repo.full_name}"
    result: Json = {
        "sha": it.blob,
        "filename": it.path,
        "status": it.status,
        "additions": it.additions,
        "deletions": it.deletions,
        "changes": it.changes,
        "blob_url": f"{html}/blob/{ref}/{it.path}",
        "raw_url": f"{html}/raw/{ref}/{it.path}",
        "contents_url": f"{place.api}/repos/{repo.full_name}/contents/{it.path}?ref={ref}",
    }
    if it.previous_path:
        result["previous_filename"] = it.previous_path
    return result


def _side(place: Place, repo: Repository | None, owner: str, ref: str, sha: str) -> Json:
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": account(place, repo.owner) if repo else None,
        "repo": repository(place, repo) if repo else None,
    }


_PULL_PLAIN: Json = {
    "assignee": None,
    "assignees": [],
    "requested_reviewers": [],
    "requested_teams": [],
    "milestone": None,
    "auto_merge": None,
    "active_lock_reason": None,
}


def _pull_urls(place: Place, it: PullRequest) -> Json:
    api = f"{place.api}/repos/{it.repo.full_name}"
    url, issue = f"{api}/pulls/{it.number}", f"{api}/issues/{it.number}"
    page = f"{place.web}/{it.repo.full_name}/pull/{it.number}"
    urls = {
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api}/statuses/{it.head_sha}",
    }
    return {
        "url": url,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "_links": {"self": {"href": url}} | {name: {"href": to} for name, to in urls.items()},
    } | {f"{name}_url": to for name, to in urls.items()}


def pull_request(place: Place, it: PullRequest) -> Json:
    """Give a pull request as lists carry it."""
    own = {
        "id": it.id,
        "node_id": node_id("PR", it.id),
        "number": it.number,
        "state": it.state,
        "title": it.title,
        "user": account(place, it.author),
        "body": it.body or None,
        "created_at": when(it.created_at),
        "updated_at": when(it.updated_at),
        "closed_at": when(it.closed_at),
        "merged_at": when(it.merged_at),
        "merge_commit_sha": it.merge_commit_sha,
        "draft": it.draft,
        "labels": [label(place, it.repo, name) for name in it.labels],
        "locked": it.locked,
        "head": _side(place, it.head_repo, it.head_owner, it.head_ref, it.head_sha),
        "base": _side(place, it.repo, it.repo.owner.login, it.base_ref, it.base_sha),
        "author_association": association(it.repo, it.author),
    }
    return _PULL_PLAIN | _pull_urls(place, it) | own


def pull_request_in_full(place: Place, it: PullRequest) -> Json:
    """Give a pull request as its own page and its webhooks carry it."""
    objects = it.repo.objects
    base = objects.merge_base(it.base_sha, it.head_sha) or it.base_sha
    files = objects.diff(objects.commits[base].tree, objects.commits[it.head_sha].tree)
    is_open = it.state == "open"
    return pull_request(place, it) | {
        "merged": it.merged_at is not None,
        "mergeable": True if is_open else None,
        "rebaseable": True if is_open else None,
        "mergeable_state": "clean" if is_open else "unknown",
        "merged_by": account(place, it.merged_by) if it.merged_by else None,
        "comments": len(it.comments),
        "review_comments": 0,
        "maintainer_can_modify": it.head_repo is not it.repo,
        "commits": len(objects.between(it.base_sha, it.head_sha)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def pull_request_in_brief(place: Place, it: PullRequest) -> Json:
    """Give a pull request as check runs name it."""

    def side(ref: str, sha: str, repo: Repository) -> Json:
        api = f"{place.api}/repos/{repo.full_name}"
        return {"ref": ref, "sha": sha, "repo": {"id": repo.id, "url": api, "name": repo.name}}

    return {
        "url": f"{place.api}/repos/{it.repo.full_name}/pulls/{it.number}",
        "id": it.id,
        "number": it.number,
        "head": side(it.head_ref, it.head_sha, it.head_repo or it.repo),
        "base": side(it.base_ref, it.base_sha, it.repo),
    }


def check_run(place: Place, it: CheckRun, pulls: list[PullRequest]) -> Json:
    """Give a check run; `pulls` are the open pull requests of its repository at that commit."""
    url = f"{place.api}/repos/{it.repo.full_name}/check-runs/{it.id}"
    html = f"{place.web}/{it.repo.full_name}/runs/{it.id}"
    output: dict[str, Any] = {"title": it.title, "summary": it.summary, "text": it.text}
    output["annotations_count"] = len(it.annotations)
    output["annotations_url"] = f"{url}/annotations"
    return {
        "id": it.id,
        "name": it.name,
        "node_id": node_id("CR", it.id),
        "head_sha": it.head_sha,
        "external_id": it.external_id,
        "url": url,
        "html_url": html,
        "details_url": it.details_url or it.app.external_url,
        "status": it.status,
        "conclusion": it.conclusion,
        "started_at": when(it.started_at),
        "completed_at": when(it.completed_at),
        "output": output,
        "check_suite": {"id": it.suite_id},
        "app": app(place, it.app),
        "pull_requests": [pull_request_in_brief(place, pull) for pull in pulls],
    }
