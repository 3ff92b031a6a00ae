"""The pages on which people promise money for an outcome, and what they can do with a promise.

GET  /OWNER/NAME/pledge?request=12         what is promised for a request, and the form
GET  /OWNER/NAME/pledge?request=12&offer=7 the same for what one person offered to do it for
GET  /OWNER/NAME/pledge?milestone=3        the same for a milestone
POST the same                              say a promise, and go to leave a card
POST /OWNER/NAME/fund/KEY/withdraw         take a promise back
POST /OWNER/NAME/fund/KEY/pay              go to pay where the card said no
POST /OWNER/NAME/fund/KEY/leave            leave what came to the project, where the work is refused
"""

import secrets
from typing import cast

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import tasks
from bot.cashier import Cashier
from bot.money import (
    addresses,
    budgets,
    fund_facts,
    fund_form,
    leaving,
    offers,
    pledges,
    pledges_late,
    pledges_shown,
    promising,
)
from bot.money.fund_pages import House
from bot.money.leading import let_forms_lead_to_bank
from bot.money.promising import Place
from bot.roadmap.store import Request
from core import money
from core.web import house as rooms
from core.web.house import FoundRepo, public_repo
from core.web.pace import keep_pace
from core.web.signin import person
from donations import calls
from donations.asked import OpenSession
from donations.giving import store as gifts
from donations.giving.store import Gift, Giver, Said
from donations.pledges import store
from licensing import store as agreements

Answer = Response | tuple[str, int]

WORDS = 200
"""So much of what a card is saved for is said to the bank: it is shown to the payer there."""

blueprint = Blueprint("pledges_pages", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let other pages say how promises stand."""
    return {
        "promised_for": _promised_for,
        "came_for": _came_for,
        "promised_offers": _promised_offers,
        "promise_of": _promise_of,
    }


@blueprint.get("/<owner>/<name>/pledge")
def pledge(owner: str, name: str) -> Answer:
    """Show what is promised and how one promises."""
    with _house().app.snapshot():
        return form_page(promising.place_of(_house(), owner, name))


@blueprint.post("/<owner>/<name>/pledge")
def promise(owner: str, name: str) -> Answer:
    """Write down a promise, and go where a card is saved."""
    keep_pace()
    place, key = promising.place_of(_house(), owner, name), sent.form.get("key", "")
    if not addresses.is_key(key):
        abort(400)
    choice = fund_form.read(sent.form, place.funding, str(get_locale()), featured=True)
    if not choice.money and not choice.errors:
        choice.errors["amount"] = _("A promise is an amount: nothing need not be promised.")
    if why := promising.refusal(_house(), place) or promising.changed(_house(), place):
        choice.errors["amount"] = why
    if choice.errors:
        return form_page(place, choice, key, 422)
    gift = _say(place, choice, key)
    if gift is None:
        return form_page(place, choice, key, 422)
    if (gift.money, gift.terms_sha256) != (choice.money, promising.terms_of(place).sha256):
        # Whoever comes back to change their mind must not leave a card for what they said before.
        choice.errors["amount"] = _(
            "This page was sent before with another promise (%(amount)s), which only stands if"
            " you left a card for it. Send it once more to promise what stands here instead.",
            amount=money.shown(gift.money, str(get_locale())),
        )
        return form_page(place, choice, addresses.new_key(), 409)
    return redirect(_go(place.repo, gift, gift.name), 303)


@blueprint.post("/<owner>/<name>/fund/<key>/withdraw")
def withdraw(owner: str, name: str, key: str) -> Response:
    """Take a promise back: nobody will be charged."""
    repo = public_repo(owner, name)
    now = _house().clock()
    with _house().app.write() as connection:
        gift = _own(connection, repo, key)
        store.hold(connection, gift.about)
        if not pledges_shown.withdrawable(connection, gift):
            abort(409)
        pledges.let_go(connection, gift, "withdrawn", now)
    return redirect(addresses.of_gift(repo, key), 303)


@blueprint.post("/<owner>/<name>/fund/<key>/pay")
def pay(owner: str, name: str, key: str) -> Response:
    """Go to pay a promise whose card said no when it was charged."""
    repo = public_repo(owner, name)
    now = _house().clock()
    with _house().app.write() as connection:
        gift = _own(connection, repo, key)
        store.hold(connection, gift.about)
        ends_at = pledges_shown.payable_until(connection, gift)
        if ends_at is None or now >= ends_at:
            abort(409)
        wanted = pledges_late.payment_page(connection, repo, gift, ends_at, now)
    return redirect(_go(repo, gift, wanted), 303)


@blueprint.post("/<owner>/<name>/fund/<key>/leave")
def leave(owner: str, name: str, key: str) -> Response:
    """Leave to the project what came for work that is refused."""
    repo = public_repo(owner, name)
    with _house().app.write() as connection:
        gift = _own(connection, repo, key)
        store.hold(connection, gift.about)
        if not pledges_shown.leavable(connection, gift) or not leaving.redirect(
            connection, gift, _house().clock()
        ):
            abort(409)
    return redirect(addresses.of_gift(repo, key), 303)


def form_page(
    place: Place, choice: fund_form.Choice | None = None, key: str = "", status: int = 200
) -> Answer:
    """Show what is promised for something, and the form; `choice` is what was sent and is wrong."""
    let_forms_lead_to_bank()
    with _house().app.read() as connection:
        page = {
            "shown": pledges_shown.of_outcome(connection, place.of.about),
            "offer": offers.offer_of(connection, place.of, _house().clock()),
            "agreement": agreements.agreement_in_force(connection, place.repo.id),
        }
    return (
        render_template(
            "bot/pledge.html",
            repo=place.repo,
            funding=place.funding,
            of=place.of,
            terms=promising.terms_of(place),
            errors=choice.errors if choice else {},
            given=sent.form or sent.args,
            key=key or addresses.new_key(),
            refusal=promising.refusal(_house(), place),
            agreed=promising.agreed(_house(), place),
            **page,
        ),
        status,
    )


def _say(place: Place, choice: fund_form.Choice, key: str) -> Gift | None:
    house, language = _house(), str(get_locale())
    now, who, about = house.clock(), person(), place.of.about
    said = Said(
        key, place.repo.id, about, "pledge", "once", choice.money, promising.terms_of(place)
    )
    giver = Giver(
        github_id=who.id if who else None,
        name=choice.name,
        message=choice.message,
        public=choice.public,
        language=language,
    )
    base = house.settings.public_url
    with house.app.write() as connection:
        gift = budgets.say(connection, said, giver, choice, now)
        if gift is None:
            return None
        if place.of.asked is not None:
            # An offer is accepted with its request, so the request has a purse to write that into.
            store.open_purse(connection, place.of.asked.node_id, place.repo.id, now)
        store.open_purse(connection, about, place.repo.id, now)
        store.hold(connection, about)
        call = OpenSession(
            about=gift.name,
            mode="setup",
            amount=0,
            currency=gift.money.currency,
            words=f"{place.repo.name} {place.of.sign or place.of.title}"[:WORDS],
            success_url=f"{base}{addresses.of_gift(place.repo, key)}",
            cancel_url=f"{base}/{place.repo.name}/pledge?{place.of.query}",
            locale=language,
        )
        calls.put(connection, call, gift.name, now)
        tasks.put(connection, pledges.look_again(about, f"said:{gift.id}", now), now)
    return gift


def _go(repo: FoundRepo, gift: Gift, wanted: str) -> str:
    """Have the bank open its page at once, and give where it is; else the gift's own page."""
    house = _house()
    bank = house.processor()
    if bank is not None:
        Cashier(house.app, bank, house.clock, f"web-{secrets.token_hex(4)}").step(wanted)
    with house.app.read() as connection:
        kept = calls.by_key(connection, wanted)
    return kept.url if kept and kept.url else addresses.of_gift(repo, gift.key)


def _own(connection: Connection, repo: FoundRepo, key: str) -> Gift:
    gift = gifts.by_key(connection, key) if addresses.is_key(key) else None
    if gift is None or gift.repo_id != repo.id:
        abort(404)
    return gift


def _promised_for(about: str) -> pledges_shown.Shown:
    with _house().app.read() as connection:
        return pledges_shown.of_outcome(connection, about)


def _came_for(repo: FoundRepo, about: str) -> tuple[fund_facts.Raised, ...]:
    with _house().app.read() as connection:
        return fund_facts.raised(connection, repo.id, about)


def _promised_offers(asked: Request) -> dict[int, offers.Made]:
    with _house().app.read() as connection:
        found = offers.promised_for(connection, asked, _house().clock())
    return {one.bidder: one for one in found}


def _promise_of(gift: Gift) -> pledges_shown.Own:
    let_forms_lead_to_bank()
    with _house().app.read() as connection:
        return pledges_shown.own(connection, gift)


def _house() -> House:
    return cast("House", rooms.house())
