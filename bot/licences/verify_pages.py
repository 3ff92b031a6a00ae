"""For people who verify: the keys of a project, what was taken back, programs to paste, and a try.

GET  /OWNER/NAME/licences/verify            the page; POST tries a file, and keeps nothing of it
GET  /OWNER/NAME/licences/keys.json         the public keys
GET  /OWNER/NAME/licences/revocations.txt   the signed list of what was taken back
GET  /OWNER/NAME/licences/verify.py, .mjs   the programs, with the keys filled in
"""

import msgspec
from flask import Blueprint, Response, abort, render_template
from flask import request as sent
from sqlalchemy import Connection

from bot.api import licence_answers
from core.errors import UserError
from core.web.house import FoundRepo, house, public_repo
from licensing import store as agreements
from licensing.sold import codes, keys, online, reading
from licensing.sold.checking import Asked
from licensing.sold.online import Answer
from licensing.sold.purposes import Purpose
from licensing.sold.verifiers import LANGUAGES, filled

LONGEST_FILE = 16_384
LONGEST_NAME = 64
TEXT = "text/plain; charset=utf-8"
FOR_AN_HOUR = "public, max-age=3600"

blueprint = Blueprint("licences", __name__, template_folder="../templates")


@blueprint.route("/<owner>/<name>/licences/verify", methods=["GET", "POST"])
def verify(owner: str, name: str) -> str:
    """Show how to verify a licence file, and try one."""
    repo = public_repo(owner, name)
    given = {field: sent.form.get(field, "").strip() for field in ("licence", "product")}
    with house().app.read() as connection:
        known = keys.of(connection, repo.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
        tried = _tried(connection, repo, given) if sent.method == "POST" and known else None
    return render_template(
        "bot/licence_verify.html",
        repo=repo,
        agreement=agreement,
        known=known,
        given=given,
        tried=tried,
        reasons=codes.REASONS,
        warnings=codes.WARNINGS,
        program=filled("verify.py", known) if known else "",
    )


@blueprint.get("/<owner>/<name>/licences/keys.json")
def public_keys(owner: str, name: str) -> Response:
    """Give the public keys, as the API does."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        found = keys.of(connection, repo.id)
    items = [licence_answers.key(one) for one in found]
    assertions = {one.name.lower(): one.value for one in Purpose}
    body = msgspec.json.encode(licence_answers.LicenceKeys(items, assertions))
    return _file(body, "application/json")


@blueprint.get("/<owner>/<name>/licences/revocations.txt")
def revocations(owner: str, name: str) -> Response:
    """Give the signed list of what was taken back, as a file."""
    repo, site = public_repo(owner, name), house()
    try:
        with site.app.read() as connection:
            _number, text = reading.revocation_list(
                connection, repo.id, site.settings.secret_key, site.clock()
            )
    except UserError:
        abort(404)
    return _file(text.encode(), TEXT)


@blueprint.get("/<owner>/<name>/licences/<any('verify.py', 'verify.mjs'):program>")
def program(owner: str, name: str, program: str) -> Response:
    """Give a program that verifies, with the project's keys filled in."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        known = keys.of(connection, repo.id)
    if not known:
        abort(404)
    return _file(filled(program, known).encode(), f"{LANGUAGES[program]}; charset=utf-8")


def _tried(connection: Connection, repo: FoundRepo, given: dict[str, str]) -> Answer | None:
    """Judge what was pasted; None where a field is empty or too long."""
    text, product = given["licence"], given["product"]
    if not 0 < len(text) <= LONGEST_FILE or not 0 < len(product) <= LONGEST_NAME:
        return None
    return online.judged(connection, repo.id, text, Asked(product, house().clock()))


def _file(content: bytes, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = FOR_AN_HOUR
    return answer
