"""What givers can do with their gifts: see them, take one back, end what comes again and again.

GET  /you/gifts                      all of somebody who is signed in
GET  /OWNER/NAME/fund/KEY            how a gift stands
POST /OWNER/NAME/fund/KEY/back       take the last payment back
POST /OWNER/NAME/fund/KEY/end        end giving again and again

Where the project is not public any more, `kept_pages` takes over. Whoever has a gift's address may
act on it: those who gave without an account have nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, g, make_response, redirect, render_template, request
from sqlalchemy import Connection, select
from werkzeug import Response

from bot.money import addresses, asked, lost, receipts
from bot.money.pledges_money import is_asked_back
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.places import repository
from core.money import Money, to_stripe
from core.web.house import house, public_repo
from core.web.signin import signed_in_person
from donations import calls
from donations.asked import GiveBack
from donations.asking import appeals
from donations.giving import settlements, store
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
    """A gift on the page of one's own; `project` is empty where it is not public any more.

    `of` is what it is for, None where that is the project as a whole, or not public.
    """

    gift: Gift
    standing: Standing
    project: str
    page: str
    of: Outcome | None = None


@blueprint.get("/you/gifts")
def gifts() -> str:
    """Show what somebody gave, the newest first."""
    person = signed_in_person()
    with house().app.read() as connection:
        own = store.of_person(connection, person.id)
        lines = [_line(connection, one) for one in own if one.product != "licence"]
    return render_template("bot/you_gifts.html", person=person, lines=lines)


@blueprint.get("/<owner>/<name>/fund/<key>")
def given(owner: str, name: str, key: str) -> str | Response:
    """Show how a gift stands: whoever has its address may see it."""
    with house().app.read() as connection:
        gift = store.by_key(connection, key) if addresses.is_key(key) else None
        found = house().find_repo(owner, name)
        if gift is not None and (found is None or found[2] or found[0] != gift.repo_id):
            # Hidden, gone, or under another name: the key is enough.
            return redirect(f"/you/gifts/{key}", 303)
        repo = public_repo(owner, name)
        gift = addresses.gift_at(connection, repo, key)
        if gift.product == "licence":
            return redirect(addresses.page_of(repo, gift), 303)
        standing = store.standing(connection, gift)
        page = {
            "gift": gift,
            "standing": standing,
            "went_back": Money(standing.returned, gift.money.currency),
            "call": calls.by_key(connection, gift.name),
            "terms": store.terms_of(connection, gift),
            "returnable": returnable(connection, gift, house().clock()),
            "on_its_way": on_its_way(connection, gift),
            "unasked": any(one.deed == "unasked" for one in store.acts(connection, gift.id)),
            "agreement": agreements.agreement_in_force(connection, repo.id),
            "of": outcomes.find(connection, gift.about),
            "payments": receipts.payments(connection, gift),
            "settled": tuple(settlements.of_gift(connection, gift.id).values()),
            "missing": g.get("missing", ()),
            "told": request.form,
        }
        slug = appeals.answered_by(connection, gift.id)
    answer = make_response(render_template("bot/fund_given.html", repo=repo, **page))
    if slug and standing.state not in {"over", "failed", "given_back", "lost"}:
        asked.remember_gave(answer, repo.id, slug)
    return answer


@blueprint.post("/<owner>/<name>/fund/<key>/back")
def take_back(owner: str, name: str, key: str) -> Response:
    """Ask the bank to give the last payment back."""
    return _act(owner, name, key, give_back)


@blueprint.post("/<owner>/<name>/fund/<key>/end")
def end(owner: str, name: str, key: str) -> Response:
    """Ask the bank to take nothing more."""
    return _act(owner, name, key, end_giving)


def _act(
    owner: str, name: str, key: str, step: Callable[[Connection, Gift, datetime], bool]
) -> Response:
    repo = public_repo(owner, name)
    with house().app.write() as connection:
        gift = addresses.gift_at(connection, repo, key)
        if not step(connection, gift, house().clock()):
            abort(409)
    return redirect(addresses.of_gift(repo, key), 303)


def give_back(connection: Connection, gift: Gift, now: datetime) -> bool:
    """Want the last payment given back; False where it cannot be had back."""
    # Who clicks at once with somebody else waits, and then sees what the other did.
    store.hold(connection, gift)
    payment = returnable(connection, gift, now)
    if payment is None:
        return False
    amount = to_stripe(Money(payment.minor, gift.money.currency))
    wanted = GiveBack(gift.name, payment.evidence, amount)
    _ask(connection, wanted, f"back:{payment.evidence}", now)
    return True


def end_giving(connection: Connection, gift: Gift, now: datetime) -> bool:
    """Want giving again and again ended; False where there is nothing of that."""
    giver = store.giver_of(connection, gift.id)
    if not giver.subscription_id:
        return False
    lost.end(connection, gift, giver.subscription_id, now)
    return True


def _ask(connection: Connection, wanted: GiveBack, key: str, now: datetime) -> None:
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
    asked = is_asked_back(connection, last.evidence)
    if touched or asked or not in_time or not _is_there(connection, gift, last):
        return None
    return last


def on_its_way(connection: Connection, gift: Gift) -> bool:
    """Say whether a payment is being given back just now."""
    acts = store.acts(connection, gift.id)
    went = {one.payment for one in acts if one.deed == "refunded"}
    return any(
        one.deed == "paid" and one.evidence not in went and is_asked_back(connection, one.evidence)
        for one in acts
    )


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
    page = f"/{name}/fund/{gift.key}" if name else f"/you/gifts/{gift.key}"
    of = outcomes.find(connection, gift.about) if name else None
    return Line(gift, store.standing(connection, gift), name, page, of)
