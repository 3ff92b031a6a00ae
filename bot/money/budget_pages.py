"""The pages of organisations: members give in their name, within a budget for each month.

GET  /you/organisations              those of somebody who is signed in, and a form for another
POST the same                        make one
GET  /you/organisations/12           what is left this month; for managers, what was given by whom
POST /you/organisations/12/budget    set the budget of a currency, from now on
POST /you/organisations/12/out       leave, or (as a manager) let somebody give in its name no more
POST /you/organisations/12/up        let a member manage it, too
GET  /you/organisations/join/TOKEN   join, from an address that a manager passed on; POST does it
"""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from werkzeug import Response

from bot import people
from bot.money import addresses
from bot.places import repository
from core.currencies import CURRENCIES
from core.money import Money, NotAnAmount, parse
from core.web.errors import Words
from core.web.errors import page as error_page
from core.web.house import house
from core.web.signin import person, signed_in_person
from core.web.text import inert
from donations.budgets import store
from donations.budgets.store import Organisation
from donations.giving import store as gifts
from donations.giving.store import Gift

Answer = Response | str | tuple[str, int]

LONGEST_NAME = 80
LONGEST_NUMBER = 15
BASE = "/you/organisations"

blueprint = Blueprint("budget_pages", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)


@dataclass(frozen=True)
class Line:
    """A currency's month: what may be promised, what is, and what is left."""

    limit: Money
    spent: Money
    left: Money


@dataclass(frozen=True)
class Given:
    """Something given in the organisation's name, for its managers; `who` is empty once erased."""

    gift: Gift
    counts: Money
    who: str
    project: str
    page: str


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let forms ask in whose name somebody gives."""
    return {"organisations_of_visitor": _of_visitor}


@blueprint.get(BASE)
def listed() -> Answer:
    """Show those of a person."""
    return _list({})


@blueprint.post(BASE)
def make() -> Answer:
    """Make one, managed by whoever makes it."""
    who, errors = signed_in_person(), dict[str, str]()
    name = inert(sent.form.get("name", "").strip())[:LONGEST_NAME]
    if not name:
        errors["name"] = _("Write a name.")
    limit = _limit(errors)
    if errors or limit is None:
        return _list(errors), 422
    with house().app.write() as connection:
        number = store.make(connection, name, who.id, limit, house().clock())
    if number is None:
        return _list({"name": _many()}), 409
    return redirect(f"{BASE}/{number}", 303)


@blueprint.get(f"{BASE}/<int:number>")
def one(number: int) -> Answer:
    """Show what is left, and to managers what was given."""
    return _page(_own(number), {})


@blueprint.post(f"{BASE}/<int:number>/budget")
def allow(number: int) -> Answer:
    """Set what may be promised in each month."""
    own, errors = _managed(number), dict[str, str]()
    limit = _limit(errors)
    if limit is None:
        return _page(own, errors), 422
    with house().app.write() as connection:
        store.hold(connection, number)
        store.allow(connection, number, limit, signed_in_person().id, house().clock())
    return redirect(f"{BASE}/{number}", 303)


@blueprint.post(f"{BASE}/<int:number>/out")
def out(number: int) -> Response:
    """Leave, or let somebody give in its name no more."""
    own, who = _own(number), signed_in_person()
    whom = _account() or who.id
    if whom != who.id and not own.manages:
        abort(403)
    with house().app.write() as connection:
        store.leave(connection, number, whom)
    return redirect(BASE if whom == who.id else f"{BASE}/{number}", 303)


@blueprint.post(f"{BASE}/<int:number>/up")
def up(number: int) -> Response:
    """Let a member manage it, too."""
    _managed(number)
    with house().app.write() as connection:
        store.raise_up(connection, number, _account())
    return redirect(f"{BASE}/{number}", 303)


@blueprint.get(f"{BASE}/join/<token>")
def ask(token: str) -> Answer:
    """Ask whether somebody joins; who has joined is led there."""
    signed_in_person()
    with house().app.read() as connection:
        found = _joined(connection, token)
    if found is None:
        return _over()
    number, name = found
    if any(one.id == number for one in _of_visitor()):
        return redirect(f"{BASE}/{number}", 303)
    return render_template("bot/budget_join.html", name=name, token=token, why="")


@blueprint.post(f"{BASE}/join/<token>")
def join(token: str) -> Answer:
    """Join, or read why not."""
    who = signed_in_person()
    with house().app.write() as connection:
        found = _joined(connection, token)
        # Somebody may have been taken out meanwhile: the address that they know is none any more.
        if found is not None and store.hold(connection, found[0]):
            found = _joined(connection, token)
        if found is None:
            return _over()
        number, name = found
        came_of_it = store.join(connection, number, who.id, house().clock())
    if came_of_it in {"joined", "known"}:
        return redirect(f"{BASE}/{number}", 303)
    why = _many() if came_of_it == "many" else _full(name)
    return render_template("bot/budget_join.html", name=name, token=token, why=why), 409


def _many() -> str:
    said = _("You are in %(most)s organisations, and nobody is in more. Leave one of them first.")
    return str(said % {"most": store.MOST_OF_ONE})


def _full(name: str) -> str:
    said = _(
        "%(most)s people give in the name of %(name)s, and more it does not take. Ask whoever"
        " manages it to take somebody out who no longer does, and to send you the new address."
    )
    return str(said % {"most": store.MOST_MEMBERS, "name": inert(name)})


def _over() -> Answer:
    """Say that an address at which people joined is none any more, or never was."""
    return error_page(
        404,
        Words(
            _("This invitation is over"),
            _("Its address changes whenever somebody leaves, or it has a slip in it."),
            _("Ask whoever sent it to you for the address as it is now."),
        ),
    )


def _of_visitor() -> tuple[Organisation, ...]:
    who = person()
    if who is None:
        return ()
    with house().app.read() as connection:
        return store.of_person(connection, who.id)


def _own(number: int) -> Organisation:
    who = signed_in_person()
    with house().app.read() as connection:
        mine = store.of_person(connection, who.id)
    return next((one for one in mine if one.id == number), None) or abort(404)


def _managed(number: int) -> Organisation:
    own = _own(number)
    return own if own.manages else abort(403)


def _account() -> int:
    """Give the account that a form names; 0 where it names none."""
    said = sent.form.get("who", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER else 0


def _joined(connection: Connection, token: str) -> tuple[int, str] | None:
    return store.by_token(connection, token) if addresses.is_key(token) else None


def _limit(errors: dict[str, str]) -> Money | None:
    """Read an amount in a currency: from nothing, which stops everything, to the most of one card."""
    code = sent.form.get("currency", "")
    if code not in CURRENCIES:
        errors["currency"] = _("Choose a currency.")
        return None
    try:
        return parse(sent.form.get("limit", ""), code, str(get_locale()))
    except NotAnAmount as error:
        errors["limit"] = _(error.text) % dict(error.values)
        return None


def _list(errors: dict[str, str]) -> str:
    signed_in_person()
    return render_template(
        "bot/budgets.html",
        own=_of_visitor(),
        errors=errors,
        given=sent.form,
        currencies=sorted(CURRENCIES),
    )


def _page(own: Organisation, errors: dict[str, str]) -> str:
    now = house().clock()
    with house().app.read() as connection:
        sums, counted = store.month(connection, own.id, now)
        limits = store.limits(connection, own.id)
        members = store.members(connection, own.id)
        logins = people.logins(connection, [number for number, _manages in members])
        listed = [_given(connection, gift, minor) for gift, minor in counted if own.manages]
    zero = {code: Money(0, code) for code in sums if code not in limits}
    lines = [
        Line(limit, (spent := Money(sums.get(code, 0), code)), max(limit - spent, limit - limit))
        for code, limit in sorted((limits | zero).items())
    ]
    return render_template(
        "bot/budget.html",
        own=own,
        lines=lines,
        listed=listed,
        members=[(number, logins.get(number, ""), manages) for number, manages in members],
        me=signed_in_person().id,
        join=f"{house().settings.public_url}{BASE}/join/{own.token}",
        errors=errors,
        given=sent.form,
        currencies=sorted(CURRENCIES),
        now=now,
    )


def _given(connection: Connection, gift: Gift, minor: int) -> Given:
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == gift.repo_id)
    ).one_or_none()
    name = row.name if row and not row.private else ""
    who = gifts.giver_of(connection, gift.id).github_id
    login = people.logins(connection, [who]).get(who, "") if who is not None else ""
    page = f"/{name}/fund/{gift.key}" if name else f"/you/gifts/{gift.key}"
    return Given(gift, Money(minor, gift.money.currency), login, name, page)
