"""What a giver can say where the currency of what they give again and again is given up.

POST /OWNER/NAME/fund/KEY/go-on   go on in another currency, with an amount of one's own: at the bank
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import policies
from bot.cashier import Cashier
from bot.money import addresses, budgets, fund_form
from bot.money.fund_form import Choice
from bot.money.fund_pages import CHANGED, House
from bot.money.leading import let_forms_lead_to_bank
from bot.policy import Funding
from core.money import N_, Money, NotAnAmount, accepted, figures, parse, shown, to_stripe
from core.web import house as rooms
from core.web.house import FoundRepo, public_repo
from donations import calls
from donations.asked import OpenSession
from donations.asking import members
from donations.budgets import store as organisations
from donations.giving import retiring, store, successors
from donations.giving.store import Gift, Said
from donations.giving.successors import Told
from donations.giving.terms import Terms

blueprint = Blueprint("converting_pages", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)


@dataclass(frozen=True)
class Shown:
    """What the page of a gift says: `amount` is written already where a law says how much it is."""

    told: Told
    amount: str
    terms: Terms | None
    begins_at: datetime | None


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the page of a gift say that its currency is given up."""
    return {"given_up": _shown}


@blueprint.post("/<owner>/<name>/fund/<key>/go-on")
def go_on(owner: str, name: str, key: str) -> Response | tuple[str, int]:
    """Say how much in the other currency, and go to the bank, which asks for the card."""
    repo, house = public_repo(owner, name), cast("House", rooms.house())
    bank = house.processor()
    with house.app.write() as connection:
        before = addresses.gift_at(connection, repo, key)
        own = organisations.of_gift(connection, before.id)
        if own is not None:
            # Whoever gives in its name holds it first, and nothing else before it.
            organisations.hold(connection, own)
        store.hold(connection, before)
        told, funding = successors.of(connection, before.id), _funding(connection, before)
        if bank is None or told is None or funding is None or not _goes_on(connection, before):
            abort(409)
        try:
            money = _amount(told, funding, _terms(connection, before, funding))
            after = _after(connection, before, money, funding, house.clock())
        except NotAnAmount as error:
            why = _(error.text) % dict(error.values)
            page = f"/{repo.name}/fund/{key}"
            return render_template("bot/gift_not_so.html", why=why, page=page), 422
        _ask(connection, repo, before, after, house.clock())
    Cashier(house.app, bank, house.clock, f"web-{secrets.token_hex(4)}").step(after.name)
    with house.app.read() as connection:
        kept = calls.by_key(connection, after.name)
    return redirect(kept.url if kept and kept.url else addresses.of_gift(repo, after.key), 303)


def _after(
    connection: Connection, before: Gift, money: Money, funding: Funding, now: datetime
) -> Gift:
    """Give the gift that goes on in its place: said now, or a moment ago with the same amount."""
    known = successors.after(connection, before.id)
    state = store.standing(connection, known) if known else None
    if known is not None and state is not None:
        if state.goes_on:
            abort(409)
        is_open = state.state == "open" and now < known.said_at + retiring.SOONEST
        if is_open and known.money != money:
            raise NotAnAmount(
                N_(
                    "You chose %(amount)s before, and that page of the bank is open still. Go on there,"
                    " or choose anew once it is over."
                ),
                {"amount": shown(known.money, str(get_locale()))},
            )
        if is_open:
            return known
    number = _in_name_of(connection, before, money, now)
    terms = _terms(connection, before, funding)
    said = Said(
        addresses.new_key(), before.repo_id, before.about, "donation", before.rhythm, money, terms
    )
    who = store.giver_of(connection, before.id)
    # What the bank calls them, their card and their giving comes with the new one.
    who = replace(who, customer_id="", method_id="", subscription_id="")
    after = store.say(connection, said, who, now)
    successors.follow(connection, after, before, now)
    if (own := members.joined(connection, before.id)) is not None:
        members.join(connection, after, own)
    if number is not None:
        organisations.note(connection, after, number)
    return after


def _in_name_of(connection: Connection, before: Gift, money: Money, now: datetime) -> int | None:
    """Give the organisation in whose name it goes on; in the giver's own once they are not in it.

    Raises `NotAnAmount` where that has too little left, or no budget in that currency.
    """
    number = organisations.of_gift(connection, before.id)
    who = store.giver_of(connection, before.id).github_id
    theirs = organisations.of_person(connection, who) if who is not None else ()
    if number is None or number not in {one.id for one in theirs}:
        return None
    if why := budgets.refusal(connection, number, who, money, now):
        raise NotAnAmount("%(why)s", {"why": why})
    return number


def _ask(
    connection: Connection, repo: FoundRepo, before: Gift, after: Gift, now: datetime
) -> None:
    base = rooms.house().settings.public_url
    call = OpenSession(
        about=after.name,
        mode="subscription",
        amount=to_stripe(after.money),
        currency=after.money.currency,
        words=_("For %(project)s", project=repo.name),
        success_url=f"{base}{addresses.of_gift(repo, after.key)}",
        cancel_url=f"{base}{addresses.of_gift(repo, before.key)}",
        locale=str(get_locale()),
        interval=after.rhythm,
        starts_at=retiring.next_at(store.acts(connection, before.id), before.rhythm, now),
    )
    calls.put(connection, call, after.name, now)


def _amount(told: Told, funding: Funding, terms: Terms) -> Money:
    language = str(get_locale())
    if sent.form.get("agreed", "") != terms.sha256:
        raise NotAnAmount(CHANGED, {})
    least = funding.least if funding.currency == told.into and funding.least.minor else None
    money = accepted(parse(sent.form.get("own", ""), told.into, language), language, least)
    if not money:
        raise NotAnAmount(N_("Write an amount; to give nothing more, end it."), {})
    return money


def _goes_on(connection: Connection, gift: Gift) -> bool:
    return store.standing(connection, gift).goes_on


def _funding(connection: Connection, gift: Gift) -> Funding | None:
    policy = policies.rules(connection, gift.repo_id).policy
    return policy.funding if policy is not None and policy.funding.on else None


def _terms(connection: Connection, gift: Gift, funding: Funding) -> Terms:
    """Give the project's terms of now, with the shares that the giver chose."""
    split = store.terms_of(connection, gift).split
    return fund_form.terms(funding, Choice({}, funding.least, split=split))


def _shown(gift: Gift) -> Shown | None:
    """Say what the page of a gift shows; None where its currency goes on, or it ended."""
    now = rooms.house().clock()
    with rooms.house().app.read() as connection:
        told, funding = successors.of(connection, gift.id), _funding(connection, gift)
        if told is None or not _goes_on(connection, gift):
            return None
        begins_at = retiring.next_at(store.acts(connection, gift.id), gift.rhythm, now)
        terms = _terms(connection, gift, funding) if funding else None
    let_forms_lead_to_bank()
    amount = retiring.proposed(gift.money, told.into)
    return Shown(told, figures(amount, str(get_locale())) if amount else "", terms, begins_at)
