"""Receipts on the page of a gift: what can be had for each payment, and the papers themselves.

POST /OWNER/NAME/fund/KEY/receipt        issue one; what the donor tells stands on it
GET  /OWNER/NAME/fund/KEY/receipt/N.pdf  the paper, the same bytes each time

What was bought has the same under /OWNER/NAME/bought/KEY, where the paper is an invoice; the form of
that page is answered by `bot.selling.own_pages`.
"""

from flask import Blueprint, Response, abort, g, make_response, redirect
from flask import request as sent
from sqlalchemy import Connection
from werkzeug import Response as AnyResponse

from bot import tasks
from bot.mail import gifts as letters
from bot.money import addresses, crediting, own_pages
from bot.money.receipts import Payment, item_of, payments
from core.web.house import house, public_repo
from core.web.text import inert
from donations.giving import store
from donations.giving.store import Gift
from donations.receipts import store as receipts
from donations.receipts.fields import KINDS, Donor, Facts, Issuer, Kind, day_of, taken
from donations.receipts.render import LONGEST, render
from donations.receipts.store import Incomplete

blueprint = Blueprint("receipts", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)

WAY = "Virement, prélèvement, carte bancaire"
"""The box of the French forms that holds for cards and for bank debits alike."""


@blueprint.post("/<owner>/<name>/fund/<key>/receipt")
def issue(owner: str, name: str, key: str) -> AnyResponse:
    """Issue a receipt for a payment, or show what the law wants besides."""
    return issued(owner, name, key) or again(own_pages.given(owner, name, key))


def again(page: str | AnyResponse) -> AnyResponse:
    """Answer with the same page once more: nobody writes again what they wrote, and no address holds it."""
    answer = make_response(page)
    answer.status_code = 422
    return answer


def issued(owner: str, name: str, key: str) -> AnyResponse | None:
    """Issue what the form asks for; None where the law wants more, which is in `g.missing` then."""
    repo = public_repo(owner, name)
    kind, now = sent.form.get("kind", ""), house().clock()
    if kind not in KINDS:
        abort(400)
    with house().app.write() as connection:
        gift = addresses.gift_at(connection, repo, key)
        # Who asks twice at once, or while money goes back, waits and then sees the other.
        store.hold(connection, gift)
        payment = _payment(connection, gift, sent.form.get("payment", ""))
        issuer = receipts.issuer_of(connection, gift.repo_id)
        if payment is None or issuer is None or kind not in payment.kinds:
            abort(409)
        facts = _facts(connection, repo.name, gift, payment, issuer, kind)
        try:
            one = receipts.issue(connection, facts, gift.id, payment.about(kind), now)
            letters.receipt(connection, gift, one.name, now)
            for later in crediting.credit(connection, gift, now):
                tasks.put(connection, later, now)
        except Incomplete as error:
            g.missing = tuple(one.removeprefix("donor.") for one in error.missing)
            return None
    return redirect(f"{addresses.page_of(repo, gift)}#receipts", 303)


def _facts(
    connection: Connection, project: str, gift: Gift, payment: Payment, issuer: Issuer, kind: Kind
) -> Facts:
    """Give what stands on the receipt; one that takes the place of another names it."""
    return Facts(
        kind=kind,
        money=payment.money,
        paid_on=day_of(issuer, payment.act.at),
        method=WAY if kind in {"fr_individual", "fr_company"} else "card",
        issuer=issuer,
        donor=_donor(kind),
        project=project,
        replaces=payment.before[kind][0].name if kind in payment.before else "",
        item=item_of(connection, gift, payment) if kind == "invoice" else None,
    )


@blueprint.get("/<owner>/<name>/fund/<key>/receipt/<int:number>.pdf")
@blueprint.get("/<owner>/<name>/bought/<key>/receipt/<int:number>.pdf")
def paper(owner: str, name: str, key: str, number: int) -> Response:
    """Give a receipt as it was first printed."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        gift = addresses.gift_at(connection, repo, key)
    return printed(gift, number)


def printed(gift: Gift, number: int) -> Response:
    """Give a receipt of a gift as it was first printed, or answer 404."""
    with house().app.read() as connection:
        of = next((one for one in receipts.of_gift(connection, gift.id) if one.id == number), None)
        facts = receipts.facts_of(connection, of) if of else None
        if of is None or facts is None:
            abort(404)
        pdf = receipts.printed(connection, of)
        language = store.giver_of(connection, gift.id).language
    if pdf is None:
        made = render(facts, of.name, language)
        with house().app.write() as connection:
            pdf = receipts.keep_print(connection, of, made)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{of.name}.pdf"'
    return answer


def _payment(connection: Connection, gift: Gift, evidence: str) -> Payment | None:
    found = (one for one in payments(connection, gift) if one.act.evidence == evidence)
    return next(found, None)


def _donor(kind: Kind) -> Donor:
    """Read what the donor tells: short lines, and a box to tick; nothing that is not asked for this kind."""
    told: dict[str, str] = {}
    for name in taken(kind):
        if name != "taxpayer":
            told[name] = inert(" ".join(sent.form.get(name, "").split()))[:LONGEST]
    is_taxpayer = "taxpayer" in taken(kind) and sent.form.get("taxpayer") == "yes"
    return Donor(**told, taxpayer=is_taxpayer)
