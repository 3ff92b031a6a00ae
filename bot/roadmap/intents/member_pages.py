"""What somebody could answer, on their own page: a switch for each project, off until they press it.

GET  /you/answers              projects, what was agreed to, and requests that they could do
POST /you/answers/REPO_ID      agrees=yes or no; topics=words; named=yes
"""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from sqlalchemy import Connection
from werkzeug import Response

from bot import repositories, tasks
from bot.roadmap import voting as clicks
from bot.roadmap.intents import answering
from bot.roadmap.intents.answering import Offered, Wish
from core.github import Repo
from core.web.house import house
from core.web.numbers import LARGE, up_to
from core.web.signin import signed_in_person
from core.web.text import inert

LONGEST_TOPICS = 1_000
YES = "yes"

blueprint = Blueprint("answer_pages", __name__, template_folder="../../templates")


@dataclass(frozen=True)
class Project:
    """A project with a roadmap: what somebody agreed to there, and what they could do."""

    repo: Repo
    wish: Wish | None
    offered: tuple[Offered, ...]


@blueprint.get("/you/answers")
def show() -> Response | str:
    """Show the switches, and what somebody could do where they pressed one."""
    who = signed_in_person()
    with house().app.read() as connection:
        projects = _projects(connection, who.id)
    return render_template(
        "bot/you_answers.html",
        person=who,
        projects=projects,
        done=sent.args.get("done", type=up_to(LARGE)),
        again=answering.MENTION_AGAIN.days,
    )


@blueprint.post(f"/you/answers/<int(max={LARGE}):repo_id>")
def switch(repo_id: int) -> Response:
    """Agree, change what was agreed to, or end it."""
    who = signed_in_person()
    wanted = answering.topics(inert(sent.form.get("topics", "")[:LONGEST_TOPICS]))
    now = house().clock()
    with house().app.write() as connection:
        repo = repositories.repo(connection, repo_id)
        if repo is None or repo.private:
            abort(404)
        if sent.form.get("agrees") != YES:
            answering.stop(connection, who.id, repo_id)
        elif not clicks.rules_of(connection, repo_id).on:
            abort(404)
        else:
            named = sent.form.get("named") == YES
            answering.agree(connection, (who.id, who.login), repo_id, wanted, now, named=named)
            again = answering.read_paths(repo_id, who.id, now.isoformat(), now)
            tasks.put(connection, again, now)
    return redirect(f"/you/answers?done={repo_id}#project-{repo_id}", 303)


def _projects(connection: Connection, github_id: int) -> tuple[Project, ...]:
    wishes = answering.wishes(connection, github_id)
    found = {repo.id: repo for repo in repositories.public_repositories(connection)}
    for repo_id in wishes:
        repo = found.get(repo_id) or repositories.repo(connection, repo_id)
        if repo is not None and not repo.private:
            found[repo_id] = repo
    projects = (
        Project(repo, wishes.get(repo.id), answering.offered(connection, github_id, repo.id))
        for repo in found.values()
        if repo.id in wishes or clicks.rules_of(connection, repo.id).on
    )
    return tuple(sorted(projects, key=lambda it: (it.wish is None, it.repo.name.lower())))
