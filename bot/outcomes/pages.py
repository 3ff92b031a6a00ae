"""The pages of milestones: what is in them, and what is promised for the day they are done.

GET /OWNER/NAME/milestones             ?state=closed&page=2
GET /OWNER/NAME/milestones/3           ?page=2

Public, like the milestones on GitHub: a private repository has none of these pages.
"""

from dataclasses import dataclass
from functools import partial
from math import ceil

from flask import Blueprint, abort, render_template
from flask import request as sent

from bot.milestones import store as milestones
from bot.milestones.store import Milestone
from bot.pages import github_web
from bot.roadmap.board import store as board
from bot.roadmap.board.pages import titles
from bot.roadmap.store import Request
from core.web.house import FoundRepo, house, public_repo
from core.web.numbers import small
from licensing import store as agreements

STATES = ("open", "closed")
ON_ONE_PAGE = 20
REQUESTS_ON_ONE_PAGE = 50

blueprint = Blueprint("milestone_pages", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Shown:
    """A milestone: how many of its requests are open and closed, and those of one page."""

    of: Milestone
    todo: int
    closed: int
    requests: tuple[Request, ...] = ()

    @property
    def count(self) -> int:
        """How many requests are in it."""
        return self.todo + self.closed

    @property
    def groups(self) -> tuple[tuple[str, int, tuple[Request, ...]], ...]:
        """Those of this page as "open" and "closed", with how many there are of each."""
        todo = tuple(one for one in self.requests if one.state != "closed")
        done = tuple(one for one in self.requests if one.state == "closed")
        parts = (("open", self.todo, todo), ("closed", self.closed, done))
        return tuple(one for one in parts if one[2])

    @property
    def share(self) -> int:
        """How many of its requests are closed, in whole per cent; 0 where it has none."""
        return self.closed * 100 // max(1, self.count)


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let other pages say whether a project has milestones, and in which one a request is."""
    return {"has_milestones": _has_milestones, "milestone_of": _milestone_of}


@blueprint.get("/<owner>/<name>/milestones")
def listed(owner: str, name: str) -> str:
    """List a project's milestones, those that are due first at the top."""
    repo = public_repo(owner, name)
    state = sent.args.get("state", "open")
    state = state if state in STATES else "open"
    with house().app.read() as connection:
        known = milestones.in_repo(connection, repo.id)
        if not known:
            abort(404)
        counts = {one: sum(of.state == one for of in known) for one in STATES}
        wanted = sorted((one for one in known if one.state == state), key=_order)
        last = max(1, ceil(len(wanted) / ON_ONE_PAGE))
        number = min(max(1, sent.args.get("page", 1, type=small)), last)
        there = wanted[(number - 1) * ON_ONE_PAGE : number * ON_ONE_PAGE]
        inside = milestones.counts(connection, repo.id, [one.number for one in there])
        found = [Shown(one, *inside[one.number]) for one in there]
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/milestones.html",
        repo=repo,
        agreement=agreement,
        state=state,
        counts=counts,
        found=found,
        number=number,
        last=last,
        page_at=lambda page: f"/{repo.name}/milestones?state={state}&page={page}",
    )


@blueprint.get("/<owner>/<name>/milestones/<int:number>")
def one(owner: str, name: str, number: int) -> str:
    """Show a milestone: its requests, what is promised for it, and who gets that."""
    with house().app.snapshot():
        return _one(public_repo(owner, name), number)


def _one(repo: FoundRepo, number: int) -> str:
    with house().app.read() as connection:
        of = milestones.by_number(connection, repo.id, number)
        if of is None or of.state == "gone":
            abort(404)
        todo, closed = milestones.counts(connection, repo.id, (number,))[number]
        last = max(1, ceil((todo + closed) / REQUESTS_ON_ONE_PAGE))
        page = min(max(1, sent.args.get("page", 1, type=small)), last)
        skip = (page - 1) * REQUESTS_ON_ONE_PAGE
        there = milestones.some_of(connection, of, skip, REQUESTS_ON_ONE_PAGE)
        found = Shown(of, todo, closed, there)
        stages = board.stages_of(connection, repo.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/milestone.html",
        repo=repo,
        agreement=agreement,
        found=found,
        of=of,
        number=page,
        last=last,
        page_at=lambda page: f"/{repo.name}/milestones/{number}?page={page}#inside",
        title_of=partial(titles, stages),
        declined={one.name for one in stages if one.closes == "not_planned"},
        github=github_web(house().settings),
    )


def _order(of: Milestone) -> tuple[bool, float, int]:
    """Sort open ones by when they are due, closed ones by when they were closed, the last first."""
    if of.closed_at is not None:
        return (False, -of.closed_at.timestamp(), of.number)
    return (of.due_at is None, of.due_at.timestamp() if of.due_at else 0, of.number)


def _has_milestones(repo: FoundRepo) -> bool:
    with house().app.read() as connection:
        return milestones.has_any(connection, repo.id)


def _milestone_of(asked: Request) -> Milestone | None:
    """Give the milestone in which a request is now."""
    with house().app.read() as connection:
        seen = board.seen(connection, asked.id)
        number = seen.view.milestone_number if seen else 0
        of = milestones.by_number(connection, asked.repo_id, number) if number else None
    return of if of is not None and of.state != "gone" else None
