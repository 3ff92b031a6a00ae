"""Who shares in what licences bring, for everybody to read and to reckon again.

GET  /OWNER/NAME/sharing                      the rule of today, what is to come, the statements
GET  /OWNER/NAME/sharing/PERIOD-CURRENCY.json one statement: all that it was reckoned from
POST /OWNER/NAME/sharing                      what becomes of one's own shares: take, give, decline
"""

from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, render_template
from flask import request as sent
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response as AnyResponse

from bot import people, policies
from bot.credits import names
from bot.sharing import words
from bot.sharing.periods import Timetable, timetable
from core.money import Money
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import person, signed_in_person
from donations.sharing import store
from donations.sharing.rules import CHOICES
from licensing import store as agreements

blueprint = Blueprint("sharing", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let other pages say who shares in what is sold."""
    return {"sharing": _sentence}


@blueprint.get("/<owner>/<name>/sharing")
def sharing(owner: str, name: str) -> str:
    """Show the rule that holds, the one to come, and every statement."""
    repo, now, who = public_repo(owner, name), house().clock(), person()
    with house().app.read() as connection:
        written = store.written(connection, repo.id)
        made = store.statements(connection, repo.id)
        policy = policies.rules(connection, repo.id).policy
        numbers = {number for one in made[:12] for number, _minor in one.record["shares"]}
        when = _timetable(connection, repo.id)
        for span in (when.current, when.coming or when.current):
            numbers |= set(span.rule.maintainer_ids)
        page = {
            "agreement": agreements.agreement_in_force(connection, repo.id),
            # Whoever wants not to be named stands here by number, as in the statements.
            "logins": people.known(connection, numbers - names.hidden(connection, numbers), now),
            "choice": store.choices(connection, repo.id).get(who.id) if who else None,
        }
    if not written and not made and (policy is None or not policy.selling.on):
        abort(404)
    return render_template(
        "bot/sharing.html",
        repo=repo,
        who=who,
        written=written,
        when=when,
        says=lambda rule: words.of_rule(rule, str(get_locale())),
        sells=policy is not None and policy.selling.on,
        percentages=words.percentages,
        a_day=timedelta(days=1),
        statements=[(one, one.record) for one in made[:12]],
        older=made[12:],
        amount=Money,
        **page,
    )


@blueprint.get("/<owner>/<name>/sharing/<period>-<currency>.json")
def statement(owner: str, name: str, period: str, currency: str) -> Response:
    """Give a statement as it was hashed."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        made = store.statements(connection, repo.id)
    found = next((one for one in made if (one.period, one.currency) == (period, currency)), None)
    if found is None:
        abort(404)
    answer = Response(found.text, mimetype="application/json")
    answer.headers["X-Potluck-SHA256"] = found.sha256
    return answer


@blueprint.post("/<owner>/<name>/sharing")
def choose(owner: str, name: str) -> AnyResponse:
    """Write down what becomes of somebody's shares from now on."""
    repo, who = public_repo(owner, name), signed_in_person()
    wanted = sent.form.get("choice", "")
    if wanted not in CHOICES:
        abort(400)
    with house().app.write() as connection:
        if store.choices(connection, repo.id).get(who.id, "take") != wanted:
            store.choose(connection, repo.id, who.id, wanted, house().clock())
    return redirect(f"/{repo.name}/sharing", 303)


def _sentence(repo: FoundRepo) -> str:
    """Say who shares by the rule that was written last, and from when on where it is yet to hold."""
    with house().app.read() as connection:
        policy = policies.rules(connection, repo.id).policy
        said = words.sentence(policy, str(get_locale()))
        coming = _timetable(connection, repo.id).coming if said else None
    if coming is None:
        return said
    day = format_date(coming.start.date(), "long")
    since = _("It holds from %(day)s on; until then another one does.", day=day)
    return f"{said} {since}"


def _timetable(connection: Connection, repo_id: int) -> Timetable:
    known = store.written(connection, repo_id)
    paid = store.payments(connection, repo_id, min((one.frozen_at for one in known), default=None))
    return timetable(known, paid, house().clock())
