"""The play page: a repository as on GitHub, where a newcomer is whoever they like."""

import html
from typing import Any

from bot.sandbox.code_shapes import pull_request_in_full
from bot.sandbox.records import Account, Discussion, PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.views import (
    await_more,
    checks,
    commit_row,
    guide,
    is_settled,
    queued,
    timeline,
)
from bot.sandbox.web import HERE, Look, PageError, page, to

COLOURS = ("#1d5f8a", "#a02c62", "#5b3a8c", "#0f6b4f", "#8a5a00")


@page("GET", "/")
def start(look: Look) -> Response:
    """Lead to the first repository."""
    for repo in look.world.repositories.values():
        return to(f"/{repo.full_name}/pulls")
    raise PageError(404, "There is nothing here.")


@page("GET", "/static/sandbox.css")
def stylesheet(look: Look) -> Response:
    """Give the stylesheet."""
    content = (HERE / "static" / "sandbox.css").read_bytes()
    kept = {"content-type": "text/css; charset=utf-8", "cache-control": "max-age=60"}
    return Response(200, content, kept)


@page("GET", "/icon.svg")
def icon(look: Look) -> Response:
    """Give the mark that browsers put on the tab."""
    content = (HERE / "static" / "icon.svg").read_bytes()
    return Response(200, content, {"content-type": "image/svg+xml"})


@page("GET", "/avatars/{id}")
def avatar(look: Look) -> Response:
    """Draw somebody's initial."""
    who = look.world.accounts.get(int(look.args["id"]))
    letter = html.escape(who.login[0].upper()) if who else "?"
    colour = COLOURS[int(look.args["id"]) % len(COLOURS)]
    corner = 20 if who and who.type == "User" else 8
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" role="img">'
        f'<rect width="40" height="40" rx="{corner}" fill="{colour}"/>'
        '<text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="20"'
        f' font-weight="600" fill="#fff">{letter}</text></svg>'
    )
    kept = {"content-type": "image/svg+xml", "cache-control": "max-age=3600"}
    return Response(200, drawing.encode(), kept)


def repository_page(look: Look, template: str, tab: str, **values: Any) -> Response:
    """Make a page of the repository."""
    repo = look.repo
    steps = guide(look.world, repo, values.get("thread"))
    return look.page(template, repo=repo, tab=tab, guide=steps, **values)


@page("GET", "/{owner}/{repo}/pulls")
def pulls(look: Look) -> Response:
    """List pull requests, with the form that opens one."""
    threads = [it for it in look.repo.threads.values() if isinstance(it, PullRequest)]
    rows = [(it, checks(look.world, it.repo, it.head_sha)) for it in reversed(threads)]
    others = _others(look)
    return repository_page(look, "pulls.html", "pulls", rows=rows, others=others)


def _others(look: Look) -> list[Account]:
    """List who could have helped: everybody but the one who looks."""
    return [it for it in look.people if it is not look.who]


@page("GET", "/{owner}/{repo}/issues")
def issues(look: Look) -> Response:
    """List issues, with the form that opens one."""
    others = (PullRequest, Discussion)
    threads = [it for it in look.repo.threads.values() if not isinstance(it, others)]
    return repository_page(look, "issues.html", "issues", rows=list(reversed(threads)))


@page("GET", "/{owner}/{repo}")
def code(look: Look) -> Response:
    """Show the files, and the README below."""
    repo = look.repo
    tree = repo.objects.commits[repo.branches[repo.default_branch]].tree
    readme = repo.objects.blobs[tree["README.md"]].decode() if "README.md" in tree else ""
    return repository_page(look, "code.html", "code", paths=sorted(tree), readme=readme)


@page("GET", "/{owner}/{repo}/blob/{ref}/{path*}")
def blob(look: Look) -> Response:
    """Show one file."""
    commit = look.world.resolve(look.repo, look.args["ref"])
    if commit is None or look.args["path"] not in commit.tree:
        raise PageError(404, "There is no such file.")
    content = look.repo.objects.blobs[commit.tree[look.args["path"]]].decode("utf-8", "replace")
    return repository_page(
        look, "blob.html", "code", file=look.args["path"], ref=look.args["ref"], content=content
    )


@page("GET", "/{owner}/{repo}/commit/{sha}")
def commit_page(look: Look) -> Response:
    """Show one commit with the files that it changes."""
    commit = look.world.resolve(look.repo, look.args["sha"])
    if commit is None:
        raise PageError(404, "There is no such commit.")
    objects = look.repo.objects
    before = objects.commits[commit.parents[0]].tree if commit.parents else {}
    files = objects.diff(before, commit.tree)
    row = commit_row(look.world, commit)
    return repository_page(look, "commit.html", "code", row=row, files=files)


@page("GET", "/{owner}/{repo}/runs/{id}")
def run(look: Look) -> Response:
    """Show what a check run says."""
    found = look.world.check_runs.get(int(look.args["id"]))
    if found is None or found.repo is not look.repo:
        raise PageError(404, "There is no such check.")
    pulls_here = look.world.pulls_at(found.repo, found.head_sha)
    return repository_page(look, "run.html", "pulls", run=found, pulls=pulls_here)


@page("GET", "/{owner}/{repo}/issues/{number}")
def issue(look: Look) -> Response:
    """Show an issue; a pull request has a page of its own."""
    thread = look.thread()
    wait(look)
    if isinstance(thread, PullRequest):
        return to(f"/{thread.repo.full_name}/pull/{thread.number}")
    if isinstance(thread, Discussion):
        return to(f"/{thread.repo.full_name}/discussions/{thread.number}")
    return thread_page(look, "issue.html", "issues")


@page("GET", "/{owner}/{repo}/pull/{number}")
def pull(look: Look) -> Response:
    """Show a pull request with its conversation and checks.

    After an act (`watch`) the page loads itself again, held back by the server until something
    new has happened: what Potluck does appears by itself, without scripts, and then it rests.
    """
    it = look.pull()
    wait(look)
    shown = pull_request_in_full(look.world.place, it)
    group = queued(it)
    runs = checks(look.world, it.repo, group.head_sha if group else it.head_sha)
    others = _others(look)
    return thread_page(
        look, "pull.html", "pulls", facts=shown, group=group, runs=runs, others=others
    )


def wait(look: Look) -> None:
    """Hold a page back until something new has happened, where it is being watched."""
    after = look.request.query.get("after", "")
    if after.isdecimal():
        await_more(look.world, int(after))


def thread_page(look: Look, template: str, tab: str, **values: Any) -> Response:
    """Make the page of a thread."""
    thread = look.thread()
    watching = "watch" in look.request.query and not is_settled(look.stage.office, thread)
    entries = timeline(look.world, thread)
    return repository_page(
        look,
        template,
        tab,
        thread=thread,
        entries=entries,
        watching=watching,
        acts=look.world.acts,
        **values,
    )
