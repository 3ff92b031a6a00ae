"""Milestones on the play page: the list with the form that makes one, one of them, and its issues."""

from datetime import UTC, datetime

from bot.sandbox.acts import watched, written
from bot.sandbox.milestones import Milestone
from bot.sandbox.play import repository_page
from bot.sandbox.records import Discussion, PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.web import Look, PageError, page, to

LONGEST_TITLE = 255


@page("GET", "/{owner}/{repo}/milestones")
def milestones(look: Look) -> Response:
    """List milestones, with the form that makes one."""
    rows = look.world.milestones_of(look.repo)
    return repository_page(look, "milestones.html", "issues", rows=rows)


@page("POST", "/{owner}/{repo}/milestones")
def make(look: Look) -> Response:
    """Make a milestone, as a maintainer can."""
    _maintainer(look)
    form = look.request.form()
    title, day = _free_title(look, written(form, "title")), form.get("due_on", "").strip()
    try:
        due_on = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) if day else None
    except ValueError:
        raise PageError(422, "That is no day.") from None
    return to(_path(look.world.open_milestone(look.repo, look.who, title, due_on)))


@page("GET", "/{owner}/{repo}/milestone/{number}")
def milestone(look: Look) -> Response:
    """Show a milestone with the issues in it."""
    return repository_page(look, "milestone.html", "issues", milestone=_named(look))


@page("POST", "/{owner}/{repo}/milestone/{number}/title")
def rename(look: Look) -> Response:
    """Give it another title."""
    _maintainer(look)
    it = _named(look)
    title = _free_title(look, written(look.request.form(), "title"), it)
    look.world.edit_milestone(it, look.who, title)
    return to(_path(it))


@page("POST", "/{owner}/{repo}/milestone/{number}/state")
def change_state(look: Look) -> Response:
    """Close it, or open it again."""
    _maintainer(look)
    it, world = _named(look), look.world
    (world.reopen_milestone if it.closed_at else world.close_milestone)(it, look.who)
    return to(_path(it))


@page("POST", "/{owner}/{repo}/milestone/{number}/delete")
def delete(look: Look) -> Response:
    """Delete it for good."""
    _maintainer(look)
    look.world.delete_milestone(_named(look), look.who)
    return to(f"/{look.repo.full_name}/milestones")


@page("POST", "/{owner}/{repo}/issues/{number}/milestone")
def put(look: Look) -> Response:
    """Put an issue into a milestone, or take it out."""
    _maintainer(look)
    issue, number = look.thread(), look.request.form().get("milestone", "")
    if isinstance(issue, Discussion | PullRequest):
        raise PageError(422, "This is no issue any more.")
    known = {str(it.number): it.title for it in look.world.milestones_of(look.repo)}
    if number and number not in known:
        raise PageError(404, "There is nothing here.")
    look.world.set_milestone(issue, look.who, known.get(number, ""))
    return watched(issue)


def _named(look: Look) -> Milestone:
    for it in look.world.milestones_of(look.repo):
        if it.number == int(look.args["number"]):
            return it
    raise PageError(404, "There is nothing here.")


def _path(it: Milestone) -> str:
    return f"/{it.repo.full_name}/milestone/{it.number}"


def _maintainer(look: Look) -> None:
    if not look.maintains(look.repo):
        raise PageError(403, "Only a maintainer can do that: play Mara.")


def _free_title(look: Look, title: str, own: Milestone | None = None) -> str:
    title = " ".join(title.split())[:LONGEST_TITLE]
    if any(it.title == title and it is not own for it in look.world.milestones_of(look.repo)):
        raise PageError(422, "There is a milestone of this title already.")
    return title
