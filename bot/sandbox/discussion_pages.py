"""Discussions on the play page: the list, one of them, and issues that are turned into one."""

from bot.sandbox.acts import watched, written
from bot.sandbox.play import repository_page, thread_page, wait
from bot.sandbox.records import Discussion, PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.web import Look, PageError, page

CATEGORIES = ("Ideas", "Chat")


@page("GET", "/{owner}/{repo}/discussions")
def discussions(look: Look) -> Response:
    """List discussions, with the form that begins one."""
    rows = [it for it in look.repo.threads.values() if isinstance(it, Discussion) and not it.gone]
    return repository_page(
        look, "discussions.html", "discussions", rows=rows[::-1], categories=CATEGORIES
    )


@page("POST", "/{owner}/{repo}/discussions")
def begin(look: Look) -> Response:
    """Begin a discussion."""
    form = look.request.form()
    category = form.get("category", "")
    if category not in CATEGORIES:
        raise PageError(422, "There is no such category.")
    title = written(form, "title")[:120]
    return watched(look.world.open_discussion(look.repo, look.who, title, category))


@page("GET", "/{owner}/{repo}/discussions/{number}")
def discussion(look: Look) -> Response:
    """Show a discussion."""
    if not isinstance(look.thread(), Discussion):
        raise PageError(404, "There is nothing here.")
    wait(look)
    return thread_page(look, "discussion.html", "discussions")


@page("POST", "/{owner}/{repo}/issues/{number}/discuss")
def convert(look: Look) -> Response:
    """Turn an issue into a discussion, as a maintainer can."""
    issue = look.thread()
    if not look.maintains(issue.repo):
        raise PageError(403, "Only a maintainer can do that: play Mara.")
    if isinstance(issue, Discussion | PullRequest) or issue.became:
        raise PageError(422, "This is no issue any more.")
    return watched(look.world.convert_issue(issue, look.who, CATEGORIES[0]))
