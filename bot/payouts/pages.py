"""The pages of somebody who is paid.

GET  /you/payouts                            what is owed, from what, until when
POST /you/payouts                            make an account, and go to say who one is
POST /you/payouts/consent                    let a lost payment be taken back from there, or not
POST /you/payouts/SHARE/decline, /give       leave a share to the others, or to the project
GET  /you/payouts/back, /you/payouts/again   where the bank sends people back to
"""

import logging
import secrets
from typing import cast

from flask import Blueprint, redirect, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import tasks
from bot.cashier import Cashier
from bot.money.fund_pages import House
from bot.money.leading import CONNECT, let_forms_lead_to_bank
from bot.outcomes import store as outcomes
from bot.payouts import choosing, countries, resting, sending, shown
from bot.payouts.choosing import Choice
from core.context import Task
from core.web import house as rooms
from core.web.signin import signed_in_person
from donations import calls
from donations.payouts import paying
from donations.processor import Processor, ProcessorError
from donations.told import Payee

Answer = Response | tuple[str, int]
log = logging.getLogger(__name__)

HERE = "/you/payouts"
CHOICES: dict[str, Choice] = {"decline": "declined", "give": "given"}

blueprint = Blueprint("payout_pages", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let other pages say who gets what."""
    return {"payouts_for": _payouts_for}


@blueprint.get(HERE)
def owed() -> Answer:
    """Show what is owed to whoever looks, and whether they can be paid."""
    return _page()


@blueprint.post(HERE)
def account() -> Answer:
    """Have an account made, and go where its owner says who they are."""
    person, bank = signed_in_person(), _house().processor()
    if bank is None:
        return _page(_("Nobody can be paid here yet: this service has no bank."), 409)
    with _house().app.write() as connection:
        who = paying.of(connection, person.id)
        stripe_id, key = (who.stripe_id if who else ""), ""
        country = sent.form.get("country", "")
        if not stripe_id and country not in countries.PAID_IN:
            return _page(_("Choose the country in which you have your bank."), 422)
        if not stripe_id:
            now = _house().clock()
            paying.consent(connection, person.id, agrees=sent.form.get("consents") == "yes")
            key = paying.introduce(connection, person.id, country, now)
            calls.again(connection, key, now)
    if not stripe_id:
        stripe_id = _made(bank, key)
    if not stripe_id:
        return _page(_("The bank did not make an account for that country just now."), 409)
    return _onboard(bank, stripe_id)


@blueprint.post(f"{HERE}/consent")
def consent() -> Response:
    """Keep whether somebody lets a lost payment be taken back from what they were sent."""
    person = signed_in_person()
    with _house().app.write() as connection:
        paying.consent(connection, person.id, agrees=sent.form.get("consents") == "yes")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<int:share_id>/<any(decline, give):choice>")
def choose(share_id: int, choice: str) -> Answer:
    """Leave a share to the others or to the project, as long as it was not sent."""
    person = signed_in_person()
    with _house().app.write() as connection:
        now = _house().clock()
        done = choosing.choose(connection, share_id, person.id, CHOICES[choice], now)
    if not done:
        return _page(_("It is too late for that: it was sent, or is somebody else’s now."), 409)
    return redirect(HERE, 303)


@blueprint.get(f"{HERE}/back")
def back() -> Response:
    """Ask the bank how the account stands now: people come back before its event does."""
    person, bank = signed_in_person(), _house().processor()
    with _house().app.read() as connection:
        who = paying.of(connection, person.id)
    if bank is not None and who is not None and who.stripe_id:
        try:
            seen = cast("Payee", bank.look("payee", who.stripe_id))
        except ProcessorError as error:
            log.warning("account could not be read", extra={"reason": type(error).__name__})
        else:
            _seen(seen, person.id)
    return redirect(HERE, 303)


@blueprint.get(f"{HERE}/again")
def again() -> Answer:
    """Give another address of the bank's where the last one is not good any more."""
    person, bank = signed_in_person(), _house().processor()
    with _house().app.read() as connection:
        who = paying.of(connection, person.id)
    if bank is None or who is None or not who.stripe_id:
        return redirect(HERE, 303)
    return _onboard(bank, who.stripe_id)


def _payouts_for(about: str) -> shown.Shown:
    with _house().app.read() as connection:
        found = outcomes.find(connection, about)
        return shown.of_outcome(connection, found) if found else shown.Shown()


def _page(trouble: str = "", status: int = 200) -> Answer:
    person = signed_in_person()
    let_forms_lead_to_bank(CONNECT)
    now = _house().clock()
    with _house().app.read() as connection:
        lines = shown.of_person(connection, person.id, now)
        who = paying.of(connection, person.id)
        rests = resting.of_person(connection, person.id)
    page = render_template(
        "bot/you_payouts.html",
        person=person,
        lines=lines,
        rests=rests,
        owed=shown.owed(lines),
        who=who,
        trouble=trouble,
        countries=countries.named(str(get_locale())),
        has_bank=_house().processor() is not None,
    )
    return page, status


def _made(bank: Processor, key: str) -> str:
    """Have the call made at once, and give the account; empty where there is none."""
    Cashier(_house().app, bank, _house().clock, f"web-{secrets.token_hex(4)}").step(key)
    with _house().app.read() as connection:
        kept = calls.by_key(connection, key)
    return kept.remote_id if kept else ""


def _onboard(bank: Processor, stripe_id: str) -> Answer:
    base = _house().settings.public_url
    try:
        url = bank.onboarding(stripe_id, f"{base}{HERE}/back", f"{base}{HERE}/again")
    except ProcessorError as error:
        log.warning("no page to say who one is", extra={"reason": type(error).__name__})
        return _page(_("The bank does not answer just now. Try again in a while."), 503)
    return redirect(url, 303)


def _seen(seen: Payee, person_id: int) -> None:
    now = _house().clock()
    with _house().app.write() as connection:
        if paying.seen(connection, seen, now) != person_id or not seen.payable:
            return
        _look(connection, person_id, f"back:{now.isoformat()}")


def _look(connection: Connection, person_id: int, evidence: str) -> None:
    now = _house().clock()
    for wanted in sending.look_at_person(connection, person_id, evidence, now):
        if isinstance(wanted, Task):
            tasks.put(connection, wanted, now)


def _house() -> House:
    return cast("House", rooms.house())
