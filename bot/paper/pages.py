"""A guardian signs on paper: the minor's form, and the page on which maintainers record it.

GET       /OWNER/NAME/cla/sign/paper.pdf?language=fr   the form, for one's own account
GET, POST /OWNER/NAME/maintain/papers                  what came, and one more
POST      /OWNER/NAME/maintain/papers/end              end what rests on one
"""

from typing import Any, get_args

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug import Response as AnyResponse

from bot import policies, rechecks, tasks
from bot.maintaining import desk
from bot.maintaining.looking import number
from bot.maintaining.pages import named
from bot.paper import codes, taking
from bot.paper.printing import printed
from bot.paper.taking import LARGEST, Given
from bot.rechecks import Occasion
from bot.signing.acts import Occasion as OnPage
from core.github import Account
from core.translations import LANGUAGES
from core.web import preferences
from core.web.house import FoundRepo, public_repo
from core.web.signin import signed_in_person
from licensing import papers
from licensing.receipts.paper import Paper

ON_ONE_PAGE = 50
ROOM = 20_000
"""Bytes of a form beside its file."""

blueprint = Blueprint("paper_pages", __name__, template_folder="../templates")


@blueprint.url_value_preprocessor
def make_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let maintainers send a scan; what others send stays as small as everywhere."""
    desk.make_room(values or {}, LARGEST + ROOM)


@blueprint.get("/<owner>/<name>/cla/sign/paper.pdf")
def form(owner: str, name: str) -> Response:
    """Give the form with which a guardian signs by hand for whoever is signed in."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    rooms = desk.house()
    now = rooms.clock()
    with rooms.app.read() as connection:
        rules = policies.rules(connection, repo.id)
    version = rules.version if rules.asks else None
    if version is None or version.mode == "dco":
        abort(404)
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else preferences.language()
    minor = Account(who.id, who.login)
    paper = Paper(
        github_id=minor.id,
        login=minor.login,
        project=repo.name,
        repo_id=repo.id,
        version=version.version,
        mode=version.mode,
        language=version.language,
        document=version.document,
        content=version.content,
        sha256=version.sha256,
        code=codes.code(rooms.settings.secret_key, version.id, minor, now),
        site=f"{rooms.settings.public_url}{desk.address(repo, 'papers')}",
        printed_at=now.replace(second=0, microsecond=0),
        good_until=now + codes.GOOD_FOR,
    )
    return printed(paper, language)


@blueprint.get("/<owner>/<name>/maintain/papers")
def show(owner: str, name: str) -> Response:
    """Show what came on paper, and the form for one more."""
    return _page(desk.entered(owner, name), Given())


@blueprint.post("/<owner>/<name>/maintain/papers")
def record(owner: str, name: str) -> AnyResponse:
    """Write down that a paper came: from then on it counts."""
    repo = desk.entered(owner, name)
    if desk.keeper(repo):
        return _page(repo, Given(), 403)
    house = desk.house()
    given = taking.read(request, house.clock())
    if not given.errors:
        with house.app.write() as connection:
            taking.take(
                connection,
                repo.id,
                given,
                signed_in_person().id,
                house.settings.secret_key,
                _now(),
            )
    if given.errors:
        return _page(repo, given, 422)
    return redirect(desk.address(repo, "papers"), 303)


@blueprint.post("/<owner>/<name>/maintain/papers/end")
def end(owner: str, name: str) -> AnyResponse:
    """End for the future what rests on a paper."""
    repo = desk.entered(owner, name)
    if desk.keeper(repo):
        return _page(repo, Given(), 403)
    sequence, reason = number(request.form.get("number", "")), request.form.get("reason", "")
    if sequence is None or reason not in get_args(papers.Ending):
        abort(400)
    now, who = _now(), signed_in_person()
    with desk.house().app.write() as connection:
        version = desk.agreement_of(connection, repo) or abort(404)
        ended = papers.end(
            connection,
            version.agreement_id,
            sequence,
            who.id,
            reason,  # type: ignore[arg-type] # held against its values above
            now.now,
        )
        if ended is not None:
            for task in rechecks.after_act(now, connection, version.agreement_id, ended):
                tasks.put(connection, task, now.now)
    if ended is None:
        return _page(repo, Given(errors={"end": taking.nothing_to_end()}), 409)
    return redirect(desk.address(repo, "papers"), 303)


def _now() -> Occasion:
    return OnPage(desk.house().clock())


def _page(repo: FoundRepo, given: Given, status: int = 200) -> Response:
    before = number(request.args.get("before", ""))
    with desk.house().app.read() as connection:
        version = desk.agreement_of(connection, repo)
        found = (
            papers.all_of(connection, version.agreement_id, ON_ONE_PAGE + 1, before)
            if version
            else ()
        )
        names = named(connection, {one.actor_id for one in found})
    shown = found[:ON_ONE_PAGE]
    more = f"?before={shown[-1].sequence}" if len(found) > ON_ONE_PAGE else ""
    page = desk.render(
        "maintain_papers",
        repo,
        "papers",
        agreement=version,
        papers=shown,
        names=names,
        given=given,
        keeper=desk.keeper(repo),
        today=desk.house().clock().date().isoformat(),
        begun=before is not None,
        next_page=desk.address(repo, "papers") + more if more else "",
        web=desk.github_web(),
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
