"""Endpoints about repositories and what is in them."""

import base64
from urllib.parse import quote

from bot.sandbox import code_shapes
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.git import Commit
from bot.sandbox.records import PullRequest, Repository
from bot.sandbox.repo_shapes import repository
from bot.sandbox.serving import Response
from bot.sandbox.shapes import Json, account

MOST_FILES = 300
MOST_COMMITS = 250
LARGEST_IN_JSON = 1024 * 1024
LARGEST_AT_ALL = 100 * 1024 * 1024


@route("GET", "/repos/{owner}/{repo}", permission="metadata:read")
def one_repository(call: Call) -> Response:
    """Give a repository."""
    more: Json = {"network_count": 0, "subscribers_count": 0}
    return Response.json(200, repository(call.world.place, call.repo) | more)


@route("GET", "/repos/{owner}/{repo}/collaborators/{login}/permission", permission="metadata:read")
def permission(call: Call) -> Response:
    """Say what somebody may do in a repository."""
    who = call.world.by_login(call.args["login"])
    if who is None:
        raise ApiError(404, "Not Found")
    role = call.world.may(call.repo, who)
    coarse = {"maintain": "write", "push": "write", "triage": "read", "pull": "read"}
    named = {"push": "write", "pull": "read"}.get(role, role)
    shown = account(call.world.place, who) | {"role_name": named}
    answer = {"permission": coarse.get(role, role), "role_name": named, "user": shown}
    return Response.json(200, answer)


def _shown(call: Call, commit: Commit) -> Json:
    accounts = call.world.commit_accounts(commit)
    return code_shapes.commit(call.world.place, call.repo, commit, accounts)


def _resolved(call: Call, ref: str, status: int, message: str) -> Commit:
    commit = call.world.resolve(call.repo, ref)
    if commit is None:
        raise ApiError(status, message)
    return commit


@route("GET", "/repos/{owner}/{repo}/branches/{branch*}", permission="contents:read")
def one_branch(call: Call) -> Response:
    """Give a branch: its tip, and whether it is protected."""
    name = call.args["branch"]
    if name not in call.repo.branches:
        raise ApiError(404, "Branch not found")
    tip = _resolved(call, name, 404, "Branch not found")
    shown: Json = {
        "name": name,
        "commit": _shown(call, tip),
        "protected": name in call.repo.protected,
    }
    return Response.json(200, shown)


@route("GET", "/repos/{owner}/{repo}/commits/{ref*}", permission="contents:read")
def one_commit(call: Call) -> Response:
    """Give a commit with its files."""
    ref = call.args["ref"]
    commit = _resolved(call, ref, 422, f"No commit found for SHA: {ref}")
    objects = call.repo.objects
    before = objects.commits[commit.parents[0]].tree if commit.parents else {}
    files = objects.diff(before, commit.tree)
    added, gone = (
        sum(getattr(file, name) for file in files) for name in ("additions", "deletions")
    )
    place = call.world.place
    more: Json = {
        "stats": {"total": added + gone, "additions": added, "deletions": gone},
        "files": [
            code_shapes.changed_file(place, call.repo, commit.sha, file)
            for file in files[:MOST_FILES]
        ],
    }
    return Response.json(200, _shown(call, commit) | more)


@route("GET", "/repos/{owner}/{repo}/compare/{ends*}", permission="contents:read")
def compare(call: Call) -> Response:
    """Compare two commits from their merge base on, one page of commits at a time."""
    one, dots, other = call.args["ends"].partition("...")
    if not dots:
        raise ApiError(404, "Not Found")
    base, head = (_resolved(call, ref, 404, "Not Found") for ref in (one, other))
    objects, place = call.repo.objects, call.world.place
    merge_base = objects.merge_base(base.sha, head.sha)
    if merge_base is None:
        raise ApiError(404, f"No common ancestor between {one} and {other}.")
    ahead, behind = objects.between(base.sha, head.sha), objects.between(head.sha, base.sha)
    asked = {"page", "per_page"} & call.request.query.keys()
    page, size = call.page() if asked else (1, MOST_COMMITS)
    start = objects.commits[merge_base]
    answer = _compare_urls(call, base.sha, head.sha) | {
        "base_commit": _shown(call, base),
        "merge_base_commit": _shown(call, start),
        "status": _status(len(ahead), len(behind)),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [_shown(call, it) for it in ahead[(page - 1) * size : page * size]],
    }
    if page == 1:
        answer["files"] = [
            code_shapes.changed_file(place, call.repo, head.sha, file)
            for file in objects.diff(start.tree, head.tree)[:MOST_FILES]
        ]
    return Response.json(200, answer, **call.links(page, size, len(ahead)))


def _compare_urls(call: Call, base: str, head: str) -> Json:
    place, name = call.world.place, call.repo.full_name
    html = f"{place.web}/{name}/compare/{base}...{head}"
    return {
        "url": f"{place.api}/repos/{name}/compare/{call.args['ends']}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
    }


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"


@route("GET", "/repos/{owner}/{repo}/contents/{path*}", permission="contents:read")
def contents(call: Call) -> Response:
    """Give a file, as JSON or as its own bytes, or list a folder."""
    repo, path = call.repo, call.args["path"].strip("/")
    ref = call.request.query.get("ref") or repo.default_branch
    commit = _resolved(call, ref, 404, f"No commit found for the ref {ref}")
    if path not in commit.tree:
        return _folder(call, commit, path, ref)
    content = repo.objects.blobs[commit.tree[path]]
    if len(content) > LARGEST_AT_ALL:
        message = "This API returns blobs up to 100 MB in size."
        raise ApiError(403, message, [{"resource": "Blob", "field": "data", "code": "too_large"}])
    if "raw" in call.request.headers.get("accept", ""):
        kind = "application/vnd.github.raw+json; charset=utf-8"
        return Response(200, content, {"content-type": kind})
    return Response.json(200, _file(call, path, commit.tree[path], ref) | _encoded(content))


def _encoded(content: bytes) -> Json:
    if len(content) > LARGEST_IN_JSON:
        return {"content": "", "encoding": "none"}
    return {"content": base64.encodebytes(content).decode(), "encoding": "base64"}


def _file(call: Call, path: str, blob: str, ref: str, kind: str = "file") -> Json:
    place, repo = call.world.place, call.repo
    api, html = f"{place.api}/repos/{repo.full_name}", f"{place.web}/{repo.full_name}"
    url = f"{api}/contents/{quote(path)}?ref={quote(ref)}"
    git = f"{api}/git/{'blobs' if kind == 'file' else 'trees'}/{blob}"
    page = f"{html}/{'blob' if kind == 'file' else 'tree'}/{ref}/{path}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": blob,
        "size": len(repo.objects.blobs.get(blob, b"")),
        "type": kind,
        "url": url,
        "git_url": git,
        "html_url": page,
        "download_url": f"{html}/raw/{ref}/{path}" if kind == "file" else None,
        "_links": {"self": url, "git": git, "html": page},
    }


def _folder(call: Call, commit: Commit, path: str, ref: str) -> Response:
    prefix = f"{path}/" if path else ""
    entries: dict[str, Json] = {}
    for full, blob in sorted(commit.tree.items()):
        if not full.startswith(prefix):
            continue
        name, slash, _ = full.removeprefix(prefix).partition("/")
        kind = "dir" if slash else "file"
        sha = commit.tree_sha if slash else blob
        entries.setdefault(name, _file(call, prefix + name, sha, ref, kind))
    if not entries:
        raise ApiError(404, "Not Found")
    return Response.json(200, list(entries.values()))


def _wanted(repo: Repository, query: dict[str, str]) -> list[PullRequest]:
    state = query.get("state", "open")
    pulls = [it for it in repo.threads.values() if isinstance(it, PullRequest)]
    pulls = [it for it in pulls if state in {"all", it.state}]
    pulls = [it for it in pulls if query.get("base", it.base_ref) == it.base_ref]
    head = query.get("head")
    pulls = [it for it in pulls if head in {None, f"{it.head_owner}:{it.head_ref}"}]
    sort = query.get("sort", "created")
    default = "desc" if sort == "created" else "asc"
    newest_first = query.get("direction", default) == "desc"
    if sort == "updated":
        return sorted(pulls, key=lambda it: (it.updated_at, it.number), reverse=newest_first)
    return sorted(pulls, key=lambda it: it.number, reverse=newest_first)


@route("GET", "/repos/{owner}/{repo}/pulls", permission="pull_requests:read")
def pulls(call: Call) -> Response:
    """List pull requests."""
    wanted = _wanted(call.repo, dict(call.request.query))
    return call.paged(wanted, lambda it: code_shapes.pull_request(call.world.place, it))


@route("GET", "/repos/{owner}/{repo}/pulls/{number}", permission="pull_requests:read")
def pull(call: Call) -> Response:
    """Give one pull request."""
    return Response.json(200, code_shapes.pull_request_in_full(call.world.place, call.pull()))


@route("GET", "/repos/{owner}/{repo}/pulls/{number}/commits", permission="pull_requests:read")
def pull_commits(call: Call) -> Response:
    """List the commits of a pull request: the first 250 of them, as on GitHub."""
    it = call.pull()
    commits = it.repo.objects.between(it.base_sha, it.head_sha)[:MOST_COMMITS]
    return call.paged(commits, lambda commit: _shown(call, commit))
