"""Who contributed what, for everybody; and one's own credits, to decline or to hide.

GET  /OWNER/NAME/contributors?kind=doc&page=2   the people, by name, with what they did
GET  /OWNER/NAME/contributors/all-contributorsrc  the same as a file of all-contributors
POST /you/credits   credit=number and deed=declined or accepted; or hide=yes or no for all of them
"""

from flask import Blueprint, abort, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug import Response

from bot import repositories
from bot.credits import counting, files, kinds, names, shown, store
from bot.credits.store import Credit
from bot.pages import github_web
from bot.places import repository
from core.github import Account
from core.web.house import house, public_repo
from core.web.numbers import small
from core.web.signin import Person, signed_in_person
from core.web.text import inert
from licensing import store as agreements

MOST_OF_ONES_OWN = 100

blueprint = Blueprint("credit_pages", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let templates name kinds, and one's own page show one's credits."""
    return {"kind_name": kind_name, "credits_of": _credits_of}


def kind_name(key: str) -> str:
    """Name a kind in the visitor's language; one of the project's own by its key."""
    known = kinds.BY_KEY.get(key)
    return _(known.name) if known else key


@blueprint.get("/<owner>/<name>/contributors")
def contributors(owner: str, name: str) -> str:
    """Show who contributed what."""
    repo = public_repo(owner, name)
    kind = inert(request.args.get("kind", ""))[: kinds.LONGEST_KEY]
    page = max(1, request.args.get("page", 1, type=small) or 1)
    with house().app.read() as connection:
        register = counting.register(connection, repo.id, kind, page)
        if not register.total and not store.is_kept(connection, repo.id):
            abort(404)
        numbers = [who.github_id for who in register.people]
        found = store.standing(store.of_people(connection, repo.id, numbers))
        agreement = agreements.agreement_in_force(connection, repo.id)
    web = github_web(house().settings)
    people = shown.linked(register.people, found, repo.name, web)
    return render_template(
        "bot/contributors.html",
        repo=repo,
        agreement=agreement,
        register=register,
        people=people,
        kind=kind,
        page=page,
        web=web,
    )


@blueprint.get("/<owner>/<name>/contributors/all-contributorsrc")
def written(owner: str, name: str) -> Response:
    """Give the register as a file that a project can keep: a workflow of its own commits it."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        place = repositories.repo(connection, repo.id) or abort(404)
        if not store.is_kept(connection, repo.id):
            abort(404)
        text, _lacking = files.written(connection, place)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.post("/you/credits")
def decline() -> Response:
    """Decline one's credit or accept it again; or show none of them, or all that stand."""
    who = signed_in_person()
    now = house().clock()
    if (hide := request.form.get("hide")) in {"yes", "no"}:
        with house().app.write() as connection:
            account = Account(who.id, who.login)
            names.hide(connection, account, now, hides=hide == "yes")
        return redirect("/you#credits", 303)
    number, deed = request.form.get("credit", type=small), request.form.get("deed")
    if number is None or deed not in {"declined", "accepted"}:
        abort(400)
    with house().app.write() as connection:
        found = store.one(connection, number)
        if found is None or found.github_id != who.id:
            abort(404)
        side: store.Act = "declined" if deed == "declined" else "accepted"
        store.act(connection, number, side, who.id, f"web:{now.isoformat()}", now)
    return redirect("/you#credits", 303)


def _credits_of(who: Person) -> dict[str, object]:
    """Give one's own credits, the newest first, and of which public project each is."""
    with house().app.read() as connection:
        found = store.of_person(connection, who.id)
        here = repository.c.id.in_({one.repo_id for one in found})
        places = select(repository.c.id, repository.c.name).where(here, ~repository.c.private)
        projects = {row.id: row.name for row in connection.execute(places)}
        hides = names.hides(connection, who.id)
    web = github_web(house().settings)
    rows: list[tuple[Credit, str, str]] = [
        (one, projects[one.repo_id], shown.evidence(one, projects[one.repo_id], web))
        for one in found
        if one.repo_id in projects and one.taken_back_at is None
    ]
    return {"rows": rows[:MOST_OF_ONES_OWN], "hides": hides, "total": len(rows)}
