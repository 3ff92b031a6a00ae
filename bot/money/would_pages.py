"""What people would give where there is no bank: said without a card, and never counted as money.

POST /OWNER/NAME/would-give?request=12        say it, or say another amount
POST /OWNER/NAME/would-give/back?request=12   take it back

Only whoever is signed in can say it, once for each request: an amount behind which there is no card
should at least have somebody behind it.
"""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, redirect
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from werkzeug import Response

from bot import policies
from bot.money import fund_form, pledges_pages, promising
from bot.money.fund_pages import House
from bot.places import repository
from bot.policy import Funding
from bot.roadmap import store as requests
from bot.roadmap.store import Request
from core.money import Money
from core.web import house as rooms
from core.web.house import FoundRepo, public_repo
from core.web.signin import person, signed_in_person
from donations.asking import would
from donations.asking.would import Said

LONGEST_NUMBER = 9

blueprint = Blueprint("would_pages", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Shown:
    """What people would give for a request; `open`: there is no bank, so that it can be said."""

    open: bool
    sums: tuple[tuple[Money, int], ...]
    own: Said | None


@dataclass(frozen=True)
class Line:
    """What somebody would give, on the page of their own; `page` is where a bank takes it."""

    money: Money
    words: str
    page: str
    open: bool


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let pages say what people would give."""
    return {"would_give_for": _would_give_for, "would_give_of_mine": _mine}


@blueprint.post("/<owner>/<name>/would-give")
def say(owner: str, name: str) -> Response | tuple[str, int]:
    """Write down what somebody would give."""
    who, (repo, funding, asked) = signed_in_person(), _place(owner, name)
    if _house().processor() is not None:
        return redirect(f"/{repo.name}/pledge?request={asked.number}", 303)
    choice = fund_form.read(sent.form, funding, str(get_locale()), featured=True)
    if "amount" in choice.errors or not choice.money:
        nothing = _("A promise is an amount: nothing need not be promised.")
        choice.errors.setdefault("amount", nothing)
        place = promising.place_of(_house(), owner, name)
        return pledges_pages.form_page(place, choice, status=422)
    with _house().app.write() as connection:
        where, now = (repo.id, asked.node_id), _house().clock()
        would.say(connection, where, who.id, choice.money, str(get_locale()), now)
    return redirect(f"/{repo.name}/requests/{asked.number}", 303)


@blueprint.post("/<owner>/<name>/would-give/back")
def take_back(owner: str, name: str) -> Response:
    """Take it back."""
    who, (repo, _funding, asked) = signed_in_person(), _place(owner, name)
    with _house().app.write() as connection:
        would.end(connection, asked.node_id, who.id, _house().clock())
    return redirect(f"/{repo.name}/requests/{asked.number}", 303)


def _place(owner: str, name: str) -> tuple[FoundRepo, Funding, Request]:
    repo = public_repo(owner, name)
    said = sent.values.get("request", "")
    number = int(said) if said.isdecimal() and len(said) <= LONGEST_NUMBER else 0
    with _house().app.read() as connection:
        rules = policies.rules(connection, repo.id).policy
        asked = requests.by_number(connection, repo.id, number) if number else None
    if rules is None or not rules.funding.on or asked is None or asked.state != "open":
        abort(404)
    return repo, rules.funding, asked


def _would_give_for(asked: Request) -> Shown:
    who = person()
    with _house().app.read() as connection:
        sums = would.sums(connection, asked.node_id)
        own = would.of(connection, asked.node_id, who.id) if who else None
    return Shown(_house().processor() is None, sums, own)


def _mine() -> list[Line]:
    who = person()
    if who is None:
        return []
    bank = _house().processor() is not None
    with _house().app.read() as connection:
        return [_line(connection, one, bank=bank) for one in would.of_person(connection, who.id)]


def _line(connection: Connection, said: Said, *, bank: bool) -> Line:
    asked = requests.by_node(connection, said.about)
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == said.repo_id)
    ).one_or_none()
    if asked is None or row is None or row.private:
        return Line(said.money, "", "", open=False)
    base, words = f"/{row.name}", f"{asked.title} #{asked.number}"
    if not bank:
        return Line(said.money, words, f"{base}/requests/{asked.number}", open=False)
    page = f"{base}/pledge?request={asked.number}&amount=own&own={said.money.decimal}"
    return Line(said.money, words, page, open=True)


def _house() -> House:
    return cast("House", rooms.house())
