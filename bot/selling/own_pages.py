"""What buyers can do with what they bought.

GET  /you/licences                    all of somebody who is signed in
GET  /OWNER/NAME/bought/KEY           how it stands
GET  /OWNER/NAME/bought/KEY/licence   the newest file
GET  /you/licences/KEY                the same, though the project is not public any more
POST /OWNER/NAME/bought/KEY/back      have the money back, in time: the licence ends
POST /OWNER/NAME/bought/KEY/renew     pay for another term
POST /OWNER/NAME/bought/KEY/seats     free every seat, as when machines are gone for good
POST /OWNER/NAME/bought/KEY/receipt   have the invoice; what the buyer tells stands on it

Whoever has its address may act on it: those who bought without an account have nothing else.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, Response, abort, g, redirect, render_template, request
from flask_babel import get_locale
from sqlalchemy import Connection, select
from werkzeug import Response as AnyResponse

from bot import policies
from bot.money import addresses as keys
from bot.money import receipt_pages, receipts
from bot.money.leading import let_forms_lead_to_bank
from bot.places import repository
from bot.selling import addresses, opening, settling, store
from bot.selling.form import Choice
from bot.selling.opening import Changed, Wish
from bot.selling.rules import Offer, due
from bot.selling.store import Sale
from core.money import Money, to_stripe
from core.web.house import FoundRepo, house, public_repo
from core.web.pace import keep_pace
from core.web.signin import signed_in_person
from donations import calls
from donations.asked import GiveBack
from donations.giving import store as gifts
from donations.giving.rules import Act
from licensing import store as agreements
from licensing.sold import reading, seats
from licensing.sold.reading import Licence

blueprint = Blueprint("bought", __name__, template_folder="../templates")
blueprint.after_request(keys.keep_unknown)


@dataclass(frozen=True)
class Line:
    """Something bought on the page of one's own; `project` is empty where it is not public any more."""

    sale: Sale
    licence: Licence | None
    project: str
    page: str


@blueprint.get("/you/licences")
def licences() -> str:
    """Show what somebody bought, the newest first."""
    person = signed_in_person()
    with house().app.read() as connection:
        lines = [_line(connection, one) for one in store.of_person(connection, person.id)]
    return render_template("bot/you_licences.html", person=person, lines=lines)


@blueprint.get("/<owner>/<name>/bought/<key>")
def bought(owner: str, name: str, key: str) -> str | AnyResponse:
    """Show how it stands."""
    let_forms_lead_to_bank()
    with house().app.read() as connection:
        gift = gifts.by_key(connection, key) if keys.is_key(key) else None
        found = house().find_repo(owner, name)
        if gift is not None and (found is None or found[2] or found[0] != gift.repo_id):
            # Hidden, gone, or under another name: the key is enough.
            return redirect(f"/you/gifts/{key}", 303)
        repo = public_repo(owner, name)
        sale = addresses.sale_at(connection, repo, key)
        licence = settling.licence_of(connection, sale)
        page = {
            "sale": sale,
            "licence": licence,
            "standing": gifts.standing(connection, sale.gift),
            "call": calls.by_key(connection, sale.gift.name),
            "reasons": reading.reasons(connection, licence.id) if licence else (),
            "used": seats.used(connection, licence) if licence else 0,
            "returnable": returnable(connection, sale),
            "on_its_way": _on_its_way(connection, sale),
            "renewable": _renewal(connection, repo, sale, licence),
            "terms": gifts.terms_of(connection, sale.gift),
            "agreement": agreements.agreement_in_force(connection, repo.id),
            "payments": receipts.payments(connection, sale.gift),
            "missing": g.get("missing", ()),
            "told": request.form,
        }
    return render_template("bot/bought.html", repo=repo, **page)


@blueprint.get("/<owner>/<name>/bought/<key>/licence")
def file(owner: str, name: str, key: str) -> Response:
    """Give the newest file of the licence."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        sale = addresses.sale_at(connection, repo, key)
        licence = settling.licence_of(connection, sale)
        text = reading.text_of(connection, licence.id) if licence else None
    if text is None:
        abort(404)
    return _named(text, f"{repo.name.replace('/', '-')}-{sale.product}")


@blueprint.get("/you/licences/<key>")
def kept_file(key: str) -> Response:
    """Give the newest file of a licence whatever became of its project."""
    with house().app.read() as connection:
        sale = store.of_gift(
            connection, gifts.by_key(connection, key) if keys.is_key(key) else None
        )
        licence = settling.licence_of(connection, sale) if sale else None
        text = reading.text_of(connection, licence.id) if licence else None
    if sale is None or text is None:
        abort(404)
    return _named(text, sale.product)


@blueprint.post("/<owner>/<name>/bought/<key>/back")
def take_back(owner: str, name: str, key: str) -> AnyResponse:
    """Ask the bank to give the payment back."""
    repo, now = public_repo(owner, name), house().clock()
    with house().app.write() as connection:
        sale = addresses.sale_at(connection, repo, key)
        gifts.hold(connection, sale.gift)
        payment = returnable(connection, sale)
        if payment is None:
            abort(409)
        amount = to_stripe(Money(payment.minor, sale.gift.money.currency))
        wanted = GiveBack(sale.gift.name, payment.evidence, amount)
        if not calls.put(connection, wanted, f"back:{payment.evidence}", now):
            calls.again(connection, f"back:{payment.evidence}", now)
    return redirect(addresses.of_sale(repo, key), 303)


@blueprint.post("/<owner>/<name>/bought/<key>/renew")
def renew(owner: str, name: str, key: str) -> AnyResponse:
    """Begin a sale by which the licence goes on for another term, at today's price."""
    keep_pace()
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        sale = addresses.sale_at(connection, repo, key)
        licence = settling.licence_of(connection, sale)
        offer = _renewal(connection, repo, sale, licence)
        who = gifts.giver_of(connection, sale.gift.id).name
    if licence is None or offer is None:
        abort(409)
    paid = sale.gift.money
    chosen = paid if paid.currency == offer.floor.currency else Money(0, offer.floor.currency)
    price = due(offer, max(sale.seats, offer.seats), chosen)
    choice = Choice(max(sale.seats, offer.seats), price, who)
    if price and opening.bank() is None:
        abort(409)
    shown = request.form.get("shown", "")
    wish = Wish(
        repo, offer, choice, keys.new_key(), str(get_locale()), renews=licence, shown=shown
    )
    try:
        found = opening.begin(wish)
    except Changed:
        abort(409)
    if not isinstance(found, Sale):
        abort(409)
    return opening.lead_on(repo, found)


@blueprint.post("/<owner>/<name>/bought/<key>/receipt")
def invoice(owner: str, name: str, key: str) -> AnyResponse:
    """Issue the invoice, or show the page again with what the law wants besides."""
    done = receipt_pages.issued(owner, name, key)
    return done or receipt_pages.again(bought(owner, name, key))


@blueprint.post("/<owner>/<name>/bought/<key>/seats")
def free_seats(owner: str, name: str, key: str) -> AnyResponse:
    """Free every seat of the licence."""
    repo = public_repo(owner, name)
    with house().app.write() as connection:
        sale = addresses.sale_at(connection, repo, key)
        licence = settling.licence_of(connection, sale)
        if licence is None:
            abort(409)
        seats.free_all(connection, licence)
    return redirect(addresses.of_sale(repo, key), 303)


def _named(text: str, name: str) -> Response:
    answer = Response(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.licence"'
    return answer


def returnable(connection: Connection, sale: Sale) -> Act | None:
    """Give the payment that can be had back: in time, and nothing of it went back yet."""
    acts = gifts.acts(connection, sale.gift.id)
    paid = next((one for one in acts if one.deed == "paid"), None)
    if paid is None or any(one.payment == paid.evidence for one in acts):
        return None
    in_time = house().clock() < paid.at + timedelta(days=sale.offer.refund_days)
    asked = calls.by_key(connection, f"back:{paid.evidence}")
    return paid if in_time and (asked is None or asked.state == "failed") else None


def _on_its_way(connection: Connection, sale: Sale) -> bool:
    acts = gifts.acts(connection, sale.gift.id)
    went = {one.payment for one in acts if one.deed == "refunded"}
    waiting = [
        calls.by_key(connection, f"back:{one.evidence}")
        for one in acts
        if one.deed == "paid" and one.evidence not in went
    ]
    return any(call is not None and call.state != "failed" for call in waiting)


def _renewal(
    connection: Connection, repo: FoundRepo, sale: Sale, licence: Licence | None
) -> Offer | None:
    """Give the offer under which a licence can go on; None where it cannot, or is not sold any more."""
    if licence is None or sale.renews or not settling.may_renew(connection, licence):
        return None
    rules = policies.rules(connection, repo.id).policy
    product = rules.selling.product(sale.product) if rules and rules.selling.on else None
    if rules is None or product is None or sale.trial:
        return None
    offer = store.offer_now(repo.id, repo.name, rules.selling, product)
    if offer.term != sale.offer.term:
        return None
    # Whoever has more seats than are sold at once by now keeps them.
    return replace(offer, most_seats=max(offer.most_seats, sale.seats))


def _line(connection: Connection, sale: Sale) -> Line:
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == sale.gift.repo_id)
    ).one_or_none()
    name = row.name if row and not row.private else ""
    page = f"/{name}/bought/{sale.gift.key}" if name else f"/you/gifts/{sale.gift.key}"
    return Line(sale, settling.licence_of(connection, sale), name, page)
