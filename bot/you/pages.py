"""What a person can do with what they signed: look, take a receipt, withdraw, export, erase.

    GET       /you                               everything of one's own
    GET       /you/receipts/ID.pdf?language=fr   the receipt of one signature
    GET       /you/companies/ID/RECORD.pdf       the receipt of what a company signed
    GET, POST /you/signatures/ID/withdraw        withdraw for the future
    GET       /you/data.json                     all data about oneself
    GET, POST /you/erase                         erase what is personal beside the proof

Everything here is somebody's own: a signature of others is 404, in the same words as none.
"""

import json

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response as AnyResponse

from bot import erasing, personal_data, rechecks, retention, tasks
from bot.companies import acts as company_acts
from bot.pages import github_web
from bot.paper.printing import printed
from bot.roadmap import voting
from bot.signing.acts import Occasion
from bot.you import companies as you_companies
from bot.you import facts, wishes
from core.translations import LANGUAGES
from core.web import preferences
from core.web.house import house
from core.web.numbers import small
from core.web.signin import YOUR_PAGE, Person, signed_in_person
from licensing import records, signed, signing
from licensing.companies import reading as company_register
from licensing.receipts.facts import Receipt
from licensing.signed import Signed
from licensing.signing import Withdrawal

REASONS = ("none", "left", "employer", "disagree", "mistake")
"""What the record says of a withdrawal: a choice, since nothing in the chain can be erased."""

blueprint = Blueprint("you_pages", __name__, template_folder="templates")


@blueprint.after_request
def keep_to_oneself(response: Response) -> Response:
    """Leave no copy of somebody's own pages behind."""
    if request.path.startswith(YOUR_PAGE):
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/you")
def show() -> str:
    """Show what somebody signed, who lists them, and what their pull requests wait for."""
    person = signed_in_person()
    rooms = house()
    now = rooms.clock()
    with rooms.app.read() as connection:
        own, minors = facts.signatures(connection, person.id)
        desks = you_companies.desks(connection, person.id, now)
        companies = you_companies.listed(connection, person.id, now)
        pulls = facts.pulls(connection, person.id)
        projects = wishes.projects(connection, person.id)
    return render_template(
        "bot/you.html",
        person=person,
        own=own,
        minors=minors,
        desks=desks,
        companies=companies,
        pulls=pulls,
        projects=projects,
        token=voting.token(),
        done=request.args.get("done", ""),
        withdrawn=request.args.get("withdrawn", type=small),
        github=github_web(rooms.settings),
        now=now,
    )


@blueprint.get("/you/receipts/<int:signature_id>.pdf")
def receipt(signature_id: int) -> Response:
    """Give the receipt of a signature to whoever signed it, or signed it as a guardian."""
    person = signed_in_person()
    with house().app.read() as connection:
        found = signed.one(connection, signature_id, person.id)
        if found is None:
            abort(404)
        project = facts.line(connection, found).project
        content = signed.text_of(connection, found.id)
    return printed(_receipt(found, project, content), _language())


@blueprint.get("/you/companies/<int:agreement_id>/<int:sequence>.pdf")
def company_receipt(agreement_id: int, sequence: int) -> Response:
    """Give the receipt of what a company signed to whoever signed it, or acts for it."""
    person, now = signed_in_person(), house().clock()
    with house().app.read() as connection:
        found = you_companies.signature(connection, agreement_id, sequence, person.id, now)
    return printed(found, _language()) if found else abort(404)


@blueprint.get("/you/signatures/<int:signature_id>/withdraw")
def ask_to_withdraw(signature_id: int) -> str:
    """Explain what withdrawing means, before it is done."""
    person = signed_in_person()
    found = _own(signature_id, person)
    with house().app.read() as connection:
        line = facts.line(connection, found)
        resting = facts.resting_on(connection, found)
        overtaken = not _may_end(connection, found, person)
    return render_template(
        "bot/you_withdraw.html",
        line=line,
        one=found,
        person=person,
        resting=resting,
        overtaken=overtaken,
    )


@blueprint.post("/you/signatures/<int:signature_id>/withdraw")
def withdraw(signature_id: int) -> AnyResponse:
    """End for the future what was signed; pull requests that rest on it are looked at again."""
    person = signed_in_person()
    found = _own(signature_id, person)
    reason = request.form.get("reason", REASONS[0])
    if reason not in REASONS:
        abort(400)
    now = house().clock()
    act = Withdrawal(found.github_id, person.id, reason, now)
    with house().app.write() as connection:
        records.hold(connection, found.agreement_id)
        if not _may_end(connection, found, person):
            return redirect(f"{YOUR_PAGE}/signatures/{found.id}/withdraw", 303)
        if signing.withdraw(connection, found.agreement_id, act, now):
            for again in rechecks.after_act(
                Occasion(now), connection, found.agreement_id, found.github_id
            ):
                tasks.put(connection, again, now)
    return redirect(f"{YOUR_PAGE}?withdrawn={found.id}", 303)


@blueprint.post("/you/companies/<int:agreement_id>/<int:number>/leave")
def leave_company(agreement_id: int, number: int) -> AnyResponse:
    """Take back that a company covers the person; twice is once."""
    person = signed_in_person()
    with house().app.write() as connection:
        if company_register.find(connection, agreement_id, number) is None:
            abort(404)
        now = house().clock()
        done = company_acts.leave(connection, agreement_id, number, person.id, now)
    return abort(404) if done.outcome == "refused" else redirect(f"{YOUR_PAGE}#companies", 303)


@blueprint.get("/you/data.json")
def data() -> Response:
    """Give everything that is kept about the person."""
    person = signed_in_person()
    with house().app.read() as connection:
        found = personal_data.export(connection, person, house().clock())
    body = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    response = Response(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="potluck-my-data.json"'
    return response


@blueprint.get("/you/erase")
def ask_to_erase() -> Response:
    """Say what goes, what stays, and why."""
    return _erase_page(signed_in_person())


@blueprint.post("/you/erase")
def erase() -> Response:
    """Erase, if the person typed their login to confirm it; they are signed out by it."""
    person = signed_in_person()
    typed = request.form.get("confirm", "").strip().removeprefix("@")
    if typed.lower() != person.login.lower():
        return _erase_page(person, _("Type your login, %(login)s.", login=person.login))
    now = house().clock()
    with house().app.write() as connection:
        erasing.erase(connection, person, Occasion(now))
    house().app.scrub()
    return make_response(
        render_template("bot/you_erased.html", gone_by=erasing.gone_by(now), number=person.id)
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """Say what is kept about people, why, and for how long."""
    return render_template("bot/privacy.html", kept=retention.table(_))


def _erase_page(person: Person, error: str = "") -> Response:
    page = render_template(
        "bot/you_erase.html",
        person=person,
        kept=retention.table(_),
        error=error,
        gone_by=erasing.gone_by(house().clock()),
    )
    return make_response(page, 422 if error else 200)


def _own(signature_id: int, person: Person) -> Signed:
    with house().app.read() as connection:
        found = signed.one(connection, signature_id, person.id)
    return found or abort(404)


def _may_end(connection: Connection, one: Signed, person: Person) -> bool:
    # Whoever signed for a minor speaks for them no longer once they have signed themselves.
    return one.github_id == person.id or signing.rests_on_guardian(
        connection, one.agreement_id, one.github_id, person.id
    )


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else preferences.language()


def _receipt(one: Signed, project: str, content: bytes) -> Receipt:
    shared = {
        name: getattr(one, name) for name in Receipt.__dataclass_fields__ if hasattr(one, name)
    }
    return Receipt(**shared, project=project, content=content, signed_at=one.acted_at)
