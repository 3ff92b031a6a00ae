"""What givers can do with their gifts: see them, take one back, end what comes again and again.

GET  /you/gifts                      all of somebody who is signed in
GET  /OWNER/NAME/fund/KEY            how a gift stands
POST /OWNER/NAME/fund/KEY/back       take the last payment back
POST /OWNER/NAME/fund/KEY/end        end giving again and again
POST /you/gifts/KEY/end              the same, where the project is not public any more

Whoever has a gift's address may act on it: those who gave without an account have nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import Connection, select
from werkzeug import Response

from bot.money import addresses, receipts
from bot.places import repository
from bot.roadmap import store as requests
from core.money import Money, to_stripe
from core.web.house import house, public_repo
from core.web.signin import signed_in_person
from donations import calls
from donations.asked import EndGiving, GiveBack
from donations.giving import store
from donations.giving.rules import Act, Standing
from donations.giving.store import Gift
from donations.tables import entry
from licensing import store as agreements

GIVEN_OUT = ("award", "transfer", "payout", "redirect")
"""Kinds of movements by which money leaves what it was given for."""

blueprint = Blueprint("own_gifts", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)


@dataclass(frozen=True)
class Line:
    """A gift on the page of one's own; `page` is empty where the project is not public any more."""

    gift: Gift
    standing: Standing
    project: str
    page: str


@blueprint.get("/you/gifts")
def gifts() -> str:
    """Show what somebody gave, the newest first."""
    person = signed_in_person()
    with house().app.read() as connection:
        lines = [_line(connection, one) for one in store.of_person(connection, person.id)]
    return render_template("bot/you_gifts.html", person=person, lines=lines)


@blueprint.get("/<owner>/<name>/fund/<key>")
def given(owner: str, name: str, key: str) -> str:
    """Show how a gift stands: whoever has its address may see it."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        gift = addresses.gift_at(connection, repo, key)
        page = {
            "gift": gift,
            "standing": store.standing(connection, gift),
            "call": calls.by_key(connection, gift.name),
            "terms": store.terms_of(connection, gift),
            "returnable": returnable(connection, gift, house().clock()),
            "on_its_way": _on_its_way(connection, gift),
            "unasked": any(one.deed == "unasked" for one in store.acts(connection, gift.id)),
            "agreement": agreements.agreement_in_force(connection, repo.id),
            "asked": requests.by_node(connection, gift.about) if gift.about else None,
            "payments": receipts.payments(connection, gift),
            "missing": tuple(request.args.get("missing", "").split(",")),
            "wanted": request.args.get("kind", ""),
        }
    return render_template("bot/fund_given.html", repo=repo, **page)


@blueprint.post("/<owner>/<name>/fund/<key>/back")
def take_back(owner: str, name: str, key: str) -> Response:
    """Ask the bank to give the last payment back."""
    repo = public_repo(owner, name)
    now = house().clock()
    with house().app.write() as connection:
        gift = addresses.gift_at(connection, repo, key)
        payment = returnable(connection, gift, now)
        if payment is None:
            abort(409)
        wanted = GiveBack(
            gift.name, payment.evidence, to_stripe(Money(payment.minor, gift.money.currency))
        )
        _ask(connection, wanted, f"back:{payment.evidence}", now)
    return redirect(addresses.of_gift(repo, key), 303)


@blueprint.post("/<owner>/<name>/fund/<key>/end")
def end(owner: str, name: str, key: str) -> Response:
    """Ask the bank to take nothing more."""
    repo = public_repo(owner, name)
    with house().app.write() as connection:
        _end(connection, addresses.gift_at(connection, repo, key))
    return redirect(addresses.of_gift(repo, key), 303)


@blueprint.post("/you/gifts/<key>/end")
def end_own(key: str) -> Response:
    """Ask the same for a gift of one's own, whatever became of the project."""
    person = signed_in_person()
    with house().app.write() as connection:
        gift = store.by_key(connection, key) if addresses.is_key(key) else None
        if gift is None or store.giver_of(connection, gift.id).github_id != person.id:
            abort(404)
        _end(connection, gift)
    return redirect("/you/gifts", 303)


def _end(connection: Connection, gift: Gift) -> None:
    giver = store.giver_of(connection, gift.id)
    if not giver.subscription_id:
        abort(409)
    wanted = EndGiving(gift.name, giver.subscription_id)
    _ask(connection, wanted, f"end:{giver.subscription_id}", house().clock())


def _ask(connection: Connection, wanted: EndGiving | GiveBack, key: str, now: datetime) -> None:
    """Want a call made; one that was refused or given up is tried again."""
    if not calls.put(connection, wanted, key, now):
        calls.again(connection, key, now)


def returnable(connection: Connection, gift: Gift, now: datetime) -> Act | None:
    """Give the payment that can be had back: the last one, in time, and not paid out yet."""
    acts = store.acts(connection, gift.id)
    paid = [one for one in acts if one.deed == "paid"]
    if not paid:
        return None
    last = max(paid, key=lambda one: (one.at, one.evidence))
    touched = any(one.payment == last.evidence for one in acts)
    terms = store.terms_of(connection, gift)
    in_time = now < last.at + timedelta(days=terms.refund_days)
    asked = _is_asked_back(connection, last)
    if touched or asked or not in_time or not _is_there(connection, gift, last):
        return None
    return last


def _on_its_way(connection: Connection, gift: Gift) -> bool:
    """Say whether a payment is being given back just now."""
    acts = store.acts(connection, gift.id)
    went = {one.payment for one in acts if one.deed == "refunded"}
    return any(
        one.deed == "paid" and one.evidence not in went and _is_asked_back(connection, one)
        for one in acts
    )


def _is_asked_back(connection: Connection, payment: Act) -> bool:
    """Say whether the bank was asked to give a payment back; what it refused can be asked again."""
    call = calls.by_key(connection, f"back:{payment.evidence}")
    return call is not None and call.state != "failed"


def _is_there(connection: Connection, gift: Gift, payment: Act) -> bool:
    """Say whether nothing was given out since of what the payment came to: then it lies there."""
    accounts = [account for account, _weight in store.booked(connection, gift).shares]
    given_out = (
        select(entry.c.sequence)
        .where(entry.c.account.in_(accounts), entry.c.kind.in_(GIVEN_OUT))
        .where(entry.c.happened_at >= payment.at)
        .limit(1)
    )
    return connection.scalar(given_out) is None


def _line(connection: Connection, gift: Gift) -> Line:
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == gift.repo_id)
    ).one_or_none()
    name = row.name if row and not row.private else ""
    page = f"/{name}/fund/{gift.key}" if name else ""
    return Line(gift, store.standing(connection, gift), name, page)
