"""The releases of a project: under which licence each came out, and from which day it is open.

GET /OWNER/NAME/releases, /OWNER/NAME/releases.json
"""

import msgspec
from flask import Blueprint, Response, render_template

from bot import policies
from bot.api import licence_answers
from core.web.house import house, public_repo
from licensing import store as agreements
from licensing.releases import reading

blueprint = Blueprint("releases", __name__, template_folder="../templates")


@blueprint.get("/<owner>/<name>/releases")
def releases(owner: str, name: str) -> str:
    """Show the releases, newest first."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        found = reading.of(connection, repo.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
        policy = policies.rules(connection, repo.id).policy
    return render_template(
        "bot/releases.html",
        repo=repo,
        agreement=agreement,
        found=found,
        today=house().clock().date(),
        offered=policy.licence if policy else None,
    )


@blueprint.get("/<owner>/<name>/releases.json")
def as_json(owner: str, name: str) -> Response:
    """Give the same for programs."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        found = reading.of(connection, repo.id)
    today = house().clock().date()
    body = licence_answers.Releases([licence_answers.release(one, today) for one in found])
    return Response(msgspec.json.encode(body), content_type="application/json")
