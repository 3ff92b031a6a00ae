"""The pages on which licences are bought.

GET  /OWNER/NAME/buy                what is sold, under which licence, and whether it may be
GET  /OWNER/NAME/buy/licence.txt    the text of the licence
GET  /OWNER/NAME/buy/PRODUCT        the form
POST /OWNER/NAME/buy/PRODUCT        buy, and go to pay
POST /OWNER/NAME/buy/PRODUCT/try    try it, once, signed in

Where a sale may not be, the answer is 409, and the bank hears nothing.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import policies
from bot.money import addresses as keys
from bot.money.leading import let_forms_lead_to_bank
from bot.policy.selling import Selling
from bot.selling import form, gate, opening, store
from bot.selling.gate import Gate
from bot.selling.opening import Changed, TriedBefore, Wish
from bot.selling.rules import Offer
from bot.selling.store import Sale
from core.money import N_, Money
from core.web.house import FoundRepo, house, public_repo
from core.web.pace import keep_pace
from core.web.signin import person, signed_in_person
from licensing import store as agreements
from licensing.releases.reading import Release

Answer = Response | tuple[str, int]

BEFORE = N_(
    "This page was sent before with another choice, which is only taken if you paid it."
    " Send it once more to buy what stands here instead."
)

REFUSED: dict[type[Exception], tuple[str, str]] = {
    Changed: (
        "shown",
        N_("What is sold changed since you opened this page. Read what stands here now."),
    ),
    TriedBefore: ("trial", N_("You tried this before. Buy it, or ask the project.")),
}
"""Where on the page it is told why nothing was sold, and how."""

blueprint = Blueprint("selling", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Line:
    """A product on the page, and whether it may be sold."""

    offer: Offer
    says: str
    gate: Gate
    suggested: tuple[Money, ...] = ()


@blueprint.get("/<owner>/<name>/buy")
def products(owner: str, name: str) -> Answer:
    """Show what is sold."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        selling = _selling(connection, repo)
        release = gate.likely(connection, repo.id)
        lines = [_line(connection, repo, selling, one.id, release) for one in selling.products]
        page = _beside(connection, repo)
    return render_template("bot/buy.html", repo=repo, selling=selling, lines=lines, **page), 200


@blueprint.get("/<owner>/<name>/buy/licence.txt")
def licence_text(owner: str, name: str) -> Response:
    """Give the text under which something is sold now."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        _selling(connection, repo)
        known = store.document(connection, repo.id)
        text = store.text(connection, known.sha256) if known else None
    if text is None:
        abort(404)
    return Response(text, mimetype="text/plain")


@blueprint.get("/<owner>/<name>/buy/<product>")
def product(owner: str, name: str, product: str) -> Answer:
    """Show the form by which a product is bought."""
    repo = public_repo(owner, name)
    return _page(repo, _found(repo, product))


@blueprint.post("/<owner>/<name>/buy/<product>")
def buy(owner: str, name: str, product: str) -> Answer:
    """Buy, and go to pay."""
    keep_pace()
    return _begin(public_repo(owner, name), product, trial=False)


@blueprint.post("/<owner>/<name>/buy/<product>/try")
def try_it(owner: str, name: str, product: str) -> Answer:
    """Try a product, once."""
    keep_pace()
    signed_in_person()
    return _begin(public_repo(owner, name), product, trial=True)


def _begin(repo: FoundRepo, product: str, *, trial: bool) -> Answer:
    line, key, language = _found(repo, product), sent.form.get("key", ""), str(get_locale())
    if not keys.is_key(key) or (trial and not line.offer.trial_days):
        abort(400)
    choice = form.read(sent.form, line.offer, language, trial=trial)
    if choice.money and opening.bank() is None and not choice.errors:
        choice.errors["amount"] = _("Nobody can be paid here yet: the project has no bank.")
    if choice.errors:
        return _page(repo, line, choice.errors, key, 422)
    wish = Wish(repo, line.offer, choice, key, language, trial, shown=sent.form.get("shown", ""))
    try:
        found = opening.begin(wish)
    except (Changed, TriedBefore) as refused:
        field, words = REFUSED[type(refused)]
        return _page(repo, line, {field: _(words)}, keys.new_key(), 409)
    if isinstance(found, Sale):
        return opening.lead_on(repo, found)
    if found is None:
        errors = {"amount": _(BEFORE)}
        return _page(repo, line, errors, keys.new_key(), 409)
    return _page(repo, replace(line, gate=found), {}, key, 409)


def _page(
    repo: FoundRepo,
    line: Line,
    errors: dict[str, str] | None = None,
    key: str = "",
    status: int = 200,
) -> Answer:
    let_forms_lead_to_bank()
    who = person()
    with house().app.read() as connection:
        page = _beside(connection, repo)
        tried = who is not None and store.tried(connection, repo.id, line.offer.product, who.id)
    return (
        render_template(
            "bot/buy_product.html",
            repo=repo,
            line=line,
            offer=line.offer,
            terms=form.terms(line.offer),
            errors=errors or {},
            given=sent.form,
            key=key or keys.new_key(),
            tried=tried,
            who=who,
            bank=opening.bank(),
            **page,
        ),
        status,
    )


def _selling(connection: Connection, repo: FoundRepo) -> Selling:
    rules = policies.rules(connection, repo.id).policy
    if rules is None or not rules.selling.on:
        abort(404)
    return rules.selling


def _found(repo: FoundRepo, product: str) -> Line:
    with house().app.read() as connection:
        release = gate.likely(connection, repo.id)
        return _line(connection, repo, _selling(connection, repo), product, release)


def _line(
    connection: Connection,
    repo: FoundRepo,
    selling: Selling,
    product: str,
    release: Release | None,
) -> Line:
    found = selling.product(product)
    if found is None:
        abort(404)
    offer = store.offer_now(repo.id, repo.name, selling, found)
    shut_or_open = gate.look(connection, offer, release, house().clock())
    return Line(offer, found.says, shut_or_open, found.suggested)


def _beside(connection: Connection, repo: FoundRepo) -> dict[str, object]:
    return {
        "document": store.document(connection, repo.id),
        "agreement": agreements.agreement_in_force(connection, repo.id),
    }
