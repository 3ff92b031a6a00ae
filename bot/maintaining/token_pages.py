"""`/maintain/tokens`: tokens of the API are made, shown once, and revoked."""

from flask import Blueprint, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug import Response

from bot.maintaining import desk, looking, tokens
from bot.maintaining.pages import named
from core.web.house import FoundRepo
from core.web.signin import signed_in_person
from core.web.text import inert

blueprint = Blueprint("maintaining_tokens", __name__, template_folder="../templates")


@blueprint.get("/<owner>/<name>/maintain/tokens")
def show(owner: str, name: str) -> Response:
    """List the tokens: what they are called, and when they were last used."""
    return _page(desk.entered(owner, name))


@blueprint.post("/<owner>/<name>/maintain/tokens")
def make(owner: str, name: str) -> Response:
    """Make a token, and show it this once."""
    repo = desk.entered(owner, name)
    house = desk.house()
    words = inert(request.form.get("name", "").strip())
    if not words:
        return _page(repo, error=_("Give it a name, so that you know it again."))
    if len(words) > tokens.LONGEST_NAME:
        most = tokens.LONGEST_NAME
        said = _("This is longer than %(most)s characters. Make it shorter.", most=most)
        return _page(repo, words, error=said)
    who = signed_in_person()
    with house.app.write() as connection:
        made = tokens.make(connection, repo.id, words, who.id, house.clock())
    if made is None:
        said = _("There are %(most)s tokens already. Revoke one first.", most=tokens.MOST)
        return _page(repo, words, error=said)
    return _page(repo, words, made=made)


@blueprint.post("/<owner>/<name>/maintain/tokens/revoke")
def revoke(owner: str, name: str) -> Response:
    """End a token at once."""
    repo = desk.entered(owner, name)
    house = desk.house()
    number = looking.number(request.form.get("token", ""))
    if number is not None:
        with house.app.write() as connection:
            tokens.revoke(connection, repo.id, number, house.clock())
    return redirect(desk.address(repo, "tokens"), 303)


def _page(repo: FoundRepo, name: str = "", *, made: str = "", error: str = "") -> Response:
    with desk.house().app.read() as connection:
        found = tokens.all_of(connection, repo.id)
        names = named(connection, {one.creator_id for one in found})
    page = desk.render(
        "maintain_tokens",
        repo,
        "tokens",
        tokens=found,
        names=names,
        name=name,
        made=made,
        error=error,
        web=desk.github_web(),
    )
    response = make_response(page, 400 if error else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
