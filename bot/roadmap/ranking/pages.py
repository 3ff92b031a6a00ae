"""Ranking on pages: one's own order, and what all orders say together.

GET  /OWNER/NAME/requests/mine      what I voted for, in my order
POST the same, place-12=1&move=up:12&shown=token of the form     keep it; move one
POST the same, choice=withdrawn     take the order back
GET  /OWNER/NAME/requests/ranking   what all orders say
"""

from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import tasks
from bot.roadmap import ballots, voting
from bot.roadmap.ranking import choosing, counting, moving, store
from bot.roadmap.ranking.choosing import Refused
from bot.roadmap.rules import Act
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import signed_in_person
from licensing import store as agreements

Answer = Response | tuple[str, int]

blueprint = Blueprint("roadmap_ranking", __name__, template_folder="../../templates")


@dataclass
class Form:
    """What somebody sent: places by number, what to move where, and what is wrong with it."""

    places: dict[int, int] = field(default_factory=dict)
    move: tuple[moving.Way, int] | None = None
    wrong: set[int] = field(default_factory=set)


@blueprint.get("/<owner>/<name>/requests/mine")
def mine(owner: str, name: str) -> Answer:
    """Show what the visitor voted for, in their order."""
    repo = public_repo(owner, name)
    signed_in_person()
    return _page(repo, Form())


@blueprint.post("/<owner>/<name>/requests/mine")
def order(owner: str, name: str) -> Answer:
    """Keep an order, with one request moved if a button of it was pressed; or take it back."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    token = sent.form.get("shown", "")
    if not voting.is_token(token):
        abort(400)
    with house().app.write() as connection:
        own = store.mine(connection, repo.id, who.id)
        form = _read([one.number for one in own])
        if not form.wrong:
            groups = moving.groups(form.places)
            if form.move:
                groups = moving.moved(groups, *form.move)
            if sent.form.get("choice") == "withdrawn":
                groups = []
            _keep(connection, repo.id, who.id, token, groups)
    if form.wrong:
        return _page(repo, form, 422)
    done = "ordered" if groups else "unordered"
    # A browser that is led to a place of a page does not go to the button that asks for it.
    moved = "&moved={}-{}".format(*form.move) if form.move else "#order"
    return redirect(f"/{repo.name}/requests/mine?done={done}{moved}", 303)


@blueprint.get("/<owner>/<name>/requests/ranking")
def ranking(owner: str, name: str) -> str:
    """Show what all orders say together."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        page = {
            "rows": counting.result(connection, repo.id),
            "people": counting.people(connection, repo.id),
            "agreement": agreements.agreement_in_force(connection, repo.id),
        }
    return render_template("bot/request_ranking.html", repo=repo, **page)


def _read(numbers: list[int]) -> Form:
    """Read a form about the requests with these numbers; empty and 0 leave one out."""
    form = Form()
    for number in numbers:
        said = sent.form.get(f"place-{number}", "").strip()
        if said and not (said.isascii() and said.isdecimal() and int(said[:9]) <= moving.LAST):
            form.wrong.add(number)
        elif said and int(said):
            form.places[number] = int(said)
    way, _colon, which = sent.form.get("move", "").partition(":")
    for known in moving.WAYS:
        if way == known and which in map(str, numbers):
            form.move = (known, int(which))
    return form


def _keep(
    connection: Connection, repo_id: int, github_id: int, token: str, groups: moving.Groups
) -> None:
    """Write the order down unless it stands already, or this form was sent before."""
    found = choosing.chosen(connection, repo_id, github_id, groups)
    if isinstance(found, Refused):
        return
    subject, now = store.subject_of(repo_id), house().clock()
    ballots.hold(connection, subject)
    nodes = store.nodes(found)
    if tuple(map(tuple, nodes)) == store.stands(connection, repo_id, github_id):
        return
    before = ballots.acts(connection, subject, github_id)
    if any(act.door == "web" and act.evidence == token for act in before):
        return
    # Whoever acts here has seen what stood: GitHub's clock may be ahead of ours, and must not win.
    at = max([now, *(act.acted_at + voting.INSTANT for act in before)])
    act = Act(github_id, "cast", "ranks" if nodes else "withdrawn", "web", token, at)
    if store.record(connection, repo_id, act, nodes, now):
        for wanted in counting.soon(connection, repo_id, token, now):
            tasks.put(connection, wanted, now)


def _page(repo: FoundRepo, form: Form, status: int = 200) -> tuple[str, int]:
    who = signed_in_person()
    with house().app.read() as connection:
        own = store.mine(connection, repo.id, who.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
    page = render_template(
        "bot/request_mine.html",
        repo=repo,
        agreement=agreement,
        own=own,
        form=form,
        given=sent.form,
        error=_("Write a whole number up to %(last)s, or nothing.", last=moving.LAST),
        last=moving.LAST,
        token=voting.token(),
        done=sent.args.get("done", ""),
        moved=sent.args.get("moved", ""),
    )
    return page, status
