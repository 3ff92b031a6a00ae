"""A person's page: what they did in public, brought together, and their switch to hide it.

GET  /@583231/mara        by GitHub's number; the login is for show, and any other leads here
POST /you/public-page     `show` or `hide`

No project can stand at these addresses: GitHub has no owner with an “@” in the name.
"""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug import Response as AnyResponse

from bot.pages import github_web
from bot.roadmap import queries
from bot.roadmap.outlets import credited, hiding, persons
from bot.roadmap.outlets.persons import KINDS, Lines
from core.web.house import house
from core.web.signin import YOUR_PAGE, Person, person, signed_in_person

LARGEST = 2**53
NUMBER = f"<int(min=1, max={LARGEST}):github_id>"

blueprint = Blueprint("outlets_people", __name__, template_folder="../../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let one's own page say whether the public one is hidden."""
    return {"page_is_hidden": _is_hidden}


@blueprint.get(f"/@{NUMBER}")
@blueprint.get(f"/@{NUMBER}/<login>")
def show(github_id: int, login: str = "") -> AnyResponse:
    """Show what somebody did in public, page by page."""
    who = person()
    is_own = who is not None and who.id == github_id
    with house().app.read() as connection:
        is_hidden = hiding.is_hidden(connection, github_id)
        if is_hidden and not is_own:
            abort(404)
        found: dict[str, Lines] = {
            kind: persons.lines(connection, kind, github_id, _after(kind)) for kind in KINDS
        }
        contributed = credited.by_project(connection, github_id)
        known = persons.login(connection, github_id) or (who.login if who and is_own else "")
    is_known = contributed or any(lines.total for lines in found.values())
    if not is_own and not is_known:
        abort(404)
    if login != known:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return redirect(_address(github_id, known) + query, 302)
    page = render_template(
        "bot/person.html",
        github_id=github_id,
        login=known,
        found=found,
        credits=contributed,
        most=persons.MOST_COUNTED,
        is_own=is_own,
        is_hidden=is_hidden,
        github=github_web(house().settings),
        asked_for=request.args,
    )
    return _kept_out_of_search(make_response(page))


@blueprint.post("/you/public-page")
def choose() -> AnyResponse:
    """Hide one's page, or show it again."""
    who = signed_in_person()
    choice = request.form.get("choice", "")
    if choice not in {"show", "hide"}:
        abort(400)
    with house().app.write() as connection:
        if choice == "hide":
            hiding.hide(connection, who.id, house().clock())
        else:
            hiding.show(connection, who.id)
    return redirect(f"{YOUR_PAGE}#public-page", 303)


def _address(github_id: int, login: str) -> str:
    return f"/@{github_id}/{login}" if login else f"/@{github_id}"


def _after(kind: str) -> tuple[int, int] | None:
    return queries.after(request.args.get(kind, ""))


def _is_hidden(who: Person) -> bool:
    with house().app.read() as connection:
        return hiding.is_hidden(connection, who.id)


def _kept_out_of_search(response: Response) -> Response:
    """What somebody did stands on many pages; that it stands on one is for those who were led here."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
