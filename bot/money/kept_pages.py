"""The page of a gift whose project is not public any more, by the gift's key alone.

GET  /you/gifts/KEY                  how it stands
POST /you/gifts/KEY/end              end giving again and again
POST /you/gifts/KEY/back             take the last payment back
POST /you/gifts/KEY/withdraw         take a promise back
POST /you/gifts/KEY/leave            leave to the project what came for work that is refused
GET  /you/gifts/KEY/receipt/N.pdf    a receipt, the same bytes each time

Nobody has to sign in: whoever gave without an account has nothing but the key, and it shows
nothing of the project that is hidden.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template
from sqlalchemy import Connection, select
from werkzeug import Response

from bot.money import addresses, leaving, own_pages, pledges, pledges_shown, receipts
from bot.money.receipt_pages import printed
from bot.places import repository
from core.web.house import house
from donations.giving import store
from donations.giving.store import Gift
from donations.pledges import store as purses

Step = Callable[[Connection, Gift, datetime], bool]

blueprint = Blueprint("kept_gifts", __name__, template_folder="../templates")
blueprint.after_request(addresses.keep_unknown)


@blueprint.get("/you/gifts/<key>")
def kept(key: str) -> str | Response:
    """Show how a gift stands, whatever became of its project."""
    now = house().clock()
    with house().app.read() as connection:
        gift = _gift(connection, key)
        if name := _public_name(connection, gift):
            return redirect(f"/{name}/fund/{key}", 303)
        page = {
            "gift": gift,
            "standing": store.standing(connection, gift),
            "returnable": own_pages.returnable(connection, gift, now),
            "on_its_way": own_pages.on_its_way(connection, gift),
            "own": pledges_shown.own(connection, gift),
            "terms": store.terms_of(connection, gift),
            "payments": receipts.payments(connection, gift),
        }
    return render_template("bot/gift_kept.html", **page)


@blueprint.post("/you/gifts/<key>/<any(end, back, withdraw, leave):act>")
def act(key: str, act: str) -> Response:
    """Do what the button says."""
    steps: dict[str, Step] = {
        "end": own_pages.end_giving,
        "back": own_pages.give_back,
        "withdraw": _withdraw,
        "leave": _leave,
    }
    with house().app.write() as connection:
        gift = _gift(connection, key)
        if not steps[act](connection, gift, house().clock()):
            abort(409)
    return redirect(f"/you/gifts/{key}", 303)


@blueprint.get("/you/gifts/<key>/receipt/<int:number>.pdf")
def paper(key: str, number: int) -> Response:
    """Give a receipt as it was first printed."""
    with house().app.read() as connection:
        gift = _gift(connection, key)
    return printed(gift, number)


def _withdraw(connection: Connection, gift: Gift, now: datetime) -> bool:
    if gift.product != "pledge":
        return False
    purses.hold(connection, gift.about)
    if not pledges_shown.withdrawable(connection, gift):
        return False
    pledges.let_go(connection, gift, "withdrawn", now)
    return True


def _leave(connection: Connection, gift: Gift, now: datetime) -> bool:
    if not gift.about:
        return False
    purses.hold(connection, gift.about)
    return pledges_shown.leavable(connection, gift) and leaving.redirect(connection, gift, now)


def _gift(connection: Connection, key: str) -> Gift:
    found = store.by_key(connection, key) if addresses.is_key(key) else None
    if found is None:
        abort(404)
    return found


def _public_name(connection: Connection, gift: Gift) -> str:
    row = connection.execute(
        select(repository.c.name, repository.c.private, repository.c.state).where(
            repository.c.id == gift.repo_id
        )
    ).one_or_none()
    if row is None or row.private:
        return ""
    owner, _, name = row.name.partition("/")
    return row.name if house().find_repo(owner, name) else ""
