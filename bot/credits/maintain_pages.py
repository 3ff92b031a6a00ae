"""`/maintain/credits`: every credit of a project, taken back or given again; files taken in and given out."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bot import repositories, tasks
from bot.credits import files, names, nominating, shown, store
from bot.credits import format as rc
from bot.maintaining import desk
from bot.maintaining.pages import named
from core.context import Task
from core.errors import UserError
from core.web.house import FoundRepo
from core.web.numbers import small
from core.web.signin import signed_in_person

ON_ONE_PAGE = 100
ROOM = 100_000
"""Bytes of a form beside its file."""

blueprint = Blueprint("maintaining_credits", __name__, template_folder="../templates")


@blueprint.url_value_preprocessor
def make_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let maintainers send a large file; what others send stays as small as everywhere."""
    desk.make_room(values or {}, rc.LARGEST + ROOM)


@blueprint.get("/<owner>/<name>/maintain/credits")
def show(owner: str, name: str) -> str:
    """List the credits, newest first, and what became of the file that was imported last."""
    return _page(desk.entered(owner, name))


@blueprint.post("/<owner>/<name>/maintain/credits/act")
def act(owner: str, name: str) -> AnyResponse:
    """Take a credit back, or give it again."""
    repo = desk.entered(owner, name)
    number, deed = request.form.get("credit", type=small), request.form.get("deed")
    if number is None or deed not in {"taken_back", "given_again"}:
        abort(400)
    house = desk.house()
    now, who = house.clock(), signed_in_person()
    with house.app.write() as connection:
        found = store.one(connection, number)
        if found is None or found.repo_id != repo.id:
            abort(404)
        side: store.Act = "taken_back" if deed == "taken_back" else "given_again"
        store.act(connection, number, side, who.id, f"web:{now.isoformat()}", now)
    return redirect(desk.address(repo, "credits") + "#list", 303)


@blueprint.post("/<owner>/<name>/maintain/credits/nominated")
def decide(owner: str, name: str) -> AnyResponse:
    """Accept a nomination, or decline it: nomination=number and deed=accepted or declined."""
    repo = desk.entered(owner, name)
    number, deed = request.form.get("nomination", type=small), request.form.get("deed")
    if number is None or deed not in {"accepted", "declined"}:
        abort(400)
    house = desk.house()
    decision: nominating.Decision = "accepted" if deed == "accepted" else "declined"
    with house.app.write() as connection:
        by = signed_in_person().id
        nominating.decide(connection, repo.id, number, decision, by, house.clock())
    return redirect(desk.address(repo, "credits") + "#nominated", 303)


@blueprint.post("/<owner>/<name>/maintain/credits/import")
def take_in(owner: str, name: str) -> AnyResponse | tuple[str, int]:
    """Keep a file, and have its logins looked up; whoever GitHub knows is credited."""
    repo = desk.entered(owner, name)
    given = request.files.get("file")
    content = given.stream.read(rc.LARGEST + 1) if given and given.filename else b""
    if not content:
        return _page(repo, _("Choose a file.")), 422
    try:
        parsed = rc.read(content)
    except UserError:
        said = _("This is no file of all-contributors: JSON in UTF-8 with a list of contributors.")
        return _page(repo, said), 422
    house = desk.house()
    now = house.clock()
    with house.app.write() as connection:
        files.begin(connection, repo.id, parsed, signed_in_person().id, now)
        key = f"look_up_credits:{repo.id}:{now.isoformat()}"
        about: dict[str, int | str] = {"repo_id": repo.id, "of": key}
        tasks.put(connection, Task("look_up_credits", key, now, f"credits:{repo.id}", about), now)
    return redirect(desk.address(repo, "credits") + "#import", 303)


@blueprint.get("/<owner>/<name>/maintain/credits/all-contributorsrc")
def give_out(owner: str, name: str) -> Response:
    """Give the register as a file of all-contributors."""
    repo = desk.entered(owner, name)
    with desk.house().app.read() as connection:
        place = repositories.repo(connection, repo.id) or abort(404)
        text, _lacking = files.written(connection, place)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename=".all-contributorsrc"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(repo: FoundRepo, error: str = "") -> str:
    number = max(1, request.args.get("page", 1, type=small) or 1)
    web = desk.github_web()
    with desk.house().app.read() as connection:
        found = store.of_repo(connection, repo.id)[::-1]
        here = found[(number - 1) * ON_ONE_PAGE : number * ON_ONE_PAGE]
        givers = named(connection, {one.by_id for one in here if one.by_id is not None})
        report = files.report(connection, repo.id)
        nominated = nominating.waiting(connection, repo.id)
        people = {one.github_id for one in nominated} | {one.by_id for one in nominated}
        noted = names.logins_of(connection, people) | named(connection, people)
    return desk.render(
        "maintain_credits",
        repo,
        "credits",
        rows=[(one, shown.evidence(one, repo.name, web)) for one in here],
        givers=givers,
        report=report,
        nominated=[(one, shown.evidence(one, repo.name, web)) for one in nominated],
        noted=noted,
        total=len(found),
        number=number,
        last=-(-len(found) // ON_ONE_PAGE) or 1,
        error=error,
        web=web,
    )
