"""What is a giver's own beside a gift: their name, what is kept of it, and to have that erased.

POST /you/gifts/KEY/name          be named, under this name, or not
POST /you/gifts/KEY/forget        erase who gave; the gift stays in the books
GET  /you/gifts/KEY/kept.json     everything that is kept of a gift
GET  /you/gifts/all.csv           all gifts of somebody who is signed in

Whoever has the gift's address may: those who gave without an account have nothing else. What was
given in an organisation's name has an address that its managers see, too: there only the giver may.
"""

import csv
import io
import json
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from werkzeug import Response

from bot.coverage_tables import cell
from bot.credits import store as credits_of
from bot.mail import outgoing
from bot.money import addresses, pledges
from bot.money.fund_form import LONGEST_NAME
from bot.places import repository
from core.web.house import house
from core.web.signin import person, signed_in_person
from core.web.text import inert
from donations.budgets import store as budgets
from donations.giving import handed, naming, store
from donations.giving.store import Gift
from donations.pledges import rules
from donations.pledges import store as purses
from donations.receipts import store as receipts

blueprint = Blueprint("own_data", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)

MOST_GIFTS = 10_000
"""More than anybody gives: a table that says it is all of it has to be."""

COLUMNS = (
    "said_at",
    "project",
    "product",
    "rhythm",
    "amount",
    "currency",
    "state",
    "there",
    "receipts",
)


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the page of a gift show under which name it is, and what was paid to its giver by hand."""
    return {"giver_of": _giver_of, "handed_of": _handed_of}


@blueprint.post("/you/gifts/<key>/name")
def name(key: str) -> Response | tuple[str, int]:
    """Show the giver under this name, or not at all."""
    said = inert(sent.form.get("name", "").strip())[:LONGEST_NAME]
    public = sent.form.get("public") == "yes"
    if public and not said:
        why = _("Write the name that everybody may see, or stay unnamed.")
        return render_template("bot/gift_not_so.html", why=why, page=f"/you/gifts/{key}"), 422
    with house().app.write() as connection:
        gift = _gift(connection, key)
        store.hold(connection, gift)
        naming.rename(connection, gift, said, public=public)
        _follow_credit(connection, gift, house().clock())
    return redirect(f"/you/gifts/{key}", 303)


@blueprint.post("/you/gifts/<key>/forget")
def forget(key: str) -> Response | tuple[str, int]:
    """Erase who gave: a promise is taken back by it, as nobody could be asked any more."""
    if sent.form.get("sure") != "yes":
        why = _("Tick the box, so that nothing is erased by mistake.")
        return render_template("bot/gift_not_so.html", why=why, page=f"/you/gifts/{key}"), 422
    with house().app.write() as connection:
        gift = _gift(connection, key)
        _forget(connection, gift, house().clock())
    return redirect(f"/you/gifts/{key}", 303)


@blueprint.get("/you/gifts/<key>/kept.json")
def kept(key: str) -> Response:
    """Give everything that is kept of a gift, and of whoever gave it."""
    with house().app.read() as connection:
        gift = _gift(connection, key)
        found = _kept(connection, gift)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return _file(text, "application/json", f"gift-{key[:8]}.json")


@blueprint.get("/you/gifts/all.csv")
def everything() -> Response:
    """Give all gifts of a person as a table."""
    who, out = signed_in_person(), io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    with house().app.read() as connection:
        for gift in store.of_person(connection, who.id, MOST_GIFTS):
            table.writerow([cell(one) for one in _row(connection, gift)])
    return _file(out.getvalue(), "text/csv; charset=utf-8", "gifts.csv")


def _row(connection: Connection, gift: Gift) -> tuple[str, ...]:
    stands = store.standing(connection, gift)
    there = type(gift.money)(stands.kept, gift.money.currency)
    papers = receipts.of_gift(connection, gift.id)
    return (
        gift.said_at.isoformat(),
        _project(connection, gift),
        gift.product,
        gift.rhythm,
        str(gift.money.decimal),
        gift.money.currency,
        stands.state,
        str(there.decimal),
        " ".join(one.name for one in papers),
    )


def _kept(connection: Connection, gift: Gift) -> dict[str, Any]:
    who = store.giver_of(connection, gift.id)
    return {
        "format": "potluck-gift/1",
        "gift": dict(zip(COLUMNS, _row(connection, gift), strict=True)),
        "giver": {
            "account": who.github_id,
            "name": who.name,
            "email": who.email,
            "message": who.message,
            "public": who.public,
            "language": who.language,
            "customer": who.customer_id,
            "card": who.method_id,
            "subscription": who.subscription_id,
            "organisation": budgets.of_gift(connection, gift.id),
        },
        "terms": json.loads(store.terms_of(connection, gift).text),
        "terms_sha256": gift.terms_sha256,
        "happened": [
            {"what": one.deed, "at": one.at.isoformat(), "minor": one.minor, "by": one.evidence}
            for one in store.acts(connection, gift.id)
        ],
        "paid_by_hand": [
            {"reference": one.reference, "minor": one.money.minor, "at": one.at.isoformat()}
            | {"currency": one.money.currency, "by": one.by, "note": one.note}
            for one in handed.of_gift(connection, gift.id)
        ],
    }


def _forget(connection: Connection, gift: Gift, now: datetime) -> None:
    if gift.product == "pledge":
        purses.hold(connection, gift.about)
        (promise,) = purses.promises(connection, (gift,))
        if not promise.charged and promise.state not in rules.ENDED:
            pledges.let_go(connection, gift, "withdrawn", now)
        elif promise.state in rules.ENDED:
            pledges.forget_card(connection, gift, now)
    store.hold(connection, gift)
    outgoing.forget_gift(connection, gift.id)
    handed.forget_gift(connection, gift.id)
    naming.rename(connection, gift, "", public=False)
    _follow_credit(connection, gift, now)
    naming.forget(connection, gift)


def _follow_credit(connection: Connection, gift: Gift, now: datetime) -> None:
    """Let the credit for what shipped stand only while one of their gifts for it is named."""
    who = store.giver_of(connection, gift.id).github_id
    if who is None or not gift.about:
        return
    named = any(
        store.giver_of(connection, one.id).public
        for one in store.of_person(connection, who)
        if one.about == gift.about
    )
    deed: credits_of.Act = "accepted" if named else "declined"
    for one in credits_of.of_person(connection, who):
        if (one.repo_id, one.deed, one.evidence) == (gift.repo_id, "backed", gift.about):
            said = credits_of.declined_on(connection, one.id)
            if named and said and not said.startswith("named:"):
                continue  # They declined it by their own word, which being named does not undo.
            evidence = f"named:{gift.id}:{now.isoformat()}"
            credits_of.act(connection, one.id, deed, who, evidence, now)


def _project(connection: Connection, gift: Gift) -> str:
    here = select(repository.c.name).where(
        repository.c.id == gift.repo_id, repository.c.private.is_(False)
    )
    return connection.scalar(here) or ""


def _giver_of(gift: Gift) -> store.Giver | None:
    with house().app.read() as connection:
        return store.giver_of(connection, gift.id) if _is_own(connection, gift) else None


def _handed_of(gift: Gift) -> tuple[handed.Handed, ...]:
    with house().app.read() as connection:
        return handed.of_gift(connection, gift.id)


def _is_own(connection: Connection, gift: Gift) -> bool:
    """Say whether a visitor who has the address of a gift is taken for its giver."""
    if budgets.of_gift(connection, gift.id) is None:
        return True
    who = person()
    return who is not None and who.id == store.giver_of(connection, gift.id).github_id


def _gift(connection: Connection, key: str) -> Gift:
    found = store.by_key(connection, key) if addresses.is_key(key) else None
    if found is None or found.product == "licence" or not _is_own(connection, found):
        abort(404)
    return found


def _file(text: str, kind: str, called: str) -> Response:
    answer = Response(text, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return answer
