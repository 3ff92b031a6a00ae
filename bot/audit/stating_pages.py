"""The page on which maintainers state what no signature says: whose the first lines are, and the like.

GET  /OWNER/NAME/audit/statements   what holds now, and the form
POST the same                       record another `audit.toml`, with the reason; the older ones stay

A folder of grants beside `audit.toml`, which `potluck audit --record` brought, stays as it is.
"""

from flask import Blueprint, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from werkzeug import Response

from bot import policies, tasks
from bot.access import maintained_repo
from bot.audit import due, runs, stated
from bot.audit.stated import SHORTEST_REASON, Stated
from bot.places import repository
from core.errors import UserError
from core.web.house import FoundRepo, house
from core.web.signin import signed_in_person
from core.web.text import inert
from licensing import store as agreements
from licensing.audit.decisions import MAIN

LONGEST_REASON = 500
LARGEST = 200_000

FIRST = """\
offered = ["{licence}"]  # the open licences on offer now

[[licence]]  # under which the lines came
id = "{licence}"

"""
OWNER = """\
[[owner]]  # whose the first lines are: {who}
person = {person}

"""
"""What a maintainer finds who has stated nothing yet, with two owners: to be read, and put right."""

blueprint = Blueprint("audit_statements", __name__, template_folder="../templates")


@blueprint.get("/<owner>/<name>/audit/statements")
def statements(owner: str, name: str) -> str:
    """Show what holds, and the form."""
    return _page(maintained_repo(owner, name))


@blueprint.post("/<owner>/<name>/audit/statements")
def state(owner: str, name: str) -> Response | tuple[str, int]:
    """Record what is stated from now on, and have everything looked at anew."""
    repo, who, now = maintained_repo(owner, name), signed_in_person(), house().clock()
    text = sent.form.get("text", "").replace("\r\n", "\n")
    reason = inert(" ".join(sent.form.get("reason", "").split()))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        why = _("Say why, in ten to five hundred letters.")
        return _page(repo, why, of_reason=True), 422
    if len(text.encode()) > LARGEST:
        return _page(repo, _("That is too large")), 422
    try:
        with house().app.write() as connection:
            known = stated.newest(connection, repo.id)
            if (known.sha256 if known else "") != sent.form.get("known", ""):
                changed = _(
                    "Somebody else stated something meanwhile. Look at it, then send yours."
                )
                return _page(repo, changed), 409
            files = {**(known.files if known else {}), MAIN: text.encode()}
            act = Stated(who.id, reason, "", now, files)
            occasion = f"stated:{stated.record(connection, repo.id, act, now)[:16]}"
            for what, _commit in due.things(connection, repo.id):
                asked = runs.ask(connection, repo.id, what, occasion, now, by=who.id)
                tasks.put(connection, asked, now)
    except UserError as error:
        return _page(repo, str(error)), 422
    return redirect(f"/{repo.name}/audit", 303)


def _page(repo: FoundRepo, error: str = "", *, of_reason: bool = False) -> str:
    with house().app.read() as connection:
        known = stated.newest(connection, repo.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
        first = _first(connection, repo)
    text = known.files.get(MAIN, b"").decode("utf-8", "replace") if known else ""
    return render_template(
        "bot/audit_statements.html",
        repo=repo,
        agreement=agreement,
        known=known,
        others=len(known.files) - (MAIN in known.files) if known else 0,
        text=text or first,
        given=sent.form,
        error=error,
        of_reason=of_reason,
    )


def _first(connection: Connection, repo: FoundRepo) -> str:
    """Give what is proposed where nothing was stated: the licence of the rules, and two owners."""
    policy, who = policies.rules(connection, repo.id).policy, signed_in_person()
    offered = policy.licence.licence if policy and policy.licence else ""
    owners = {who.id: f"@{who.login}"}
    owner = connection.scalar(select(repository.c.owner_id).where(repository.c.id == repo.id))
    if owner:
        owners.setdefault(owner, f"@{repo.name.partition('/')[0]}")
    stated_by = (OWNER.format(who=login, person=number) for number, login in owners.items())
    return FIRST.format(licence=offered or "Apache-2.0") + "".join(stated_by)
