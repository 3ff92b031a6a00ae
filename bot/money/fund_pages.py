"""The page on which people give.

GET  /OWNER/NAME/fund[?request=12]   what is raised, and the form; ?appeal= and ?membership= too
POST the same                        say a gift, and go to pay it
"""

import secrets
from collections.abc import Callable
from typing import Protocol, cast

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import format_percent, get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import policies
from bot.cashier import Cashier
from bot.money import addresses, aims, budgets, fund_facts, fund_form
from bot.money.aims import Aim
from bot.money.fund_facts import Others
from bot.money.leading import let_forms_lead_to_bank
from bot.policy import Funding
from bot.roadmap import store as requests
from bot.roadmap.store import Request
from core import money
from core.money import to_stripe
from core.web import house as rooms
from core.web.house import FoundRepo, public_repo
from core.web.numbers import small
from core.web.pace import keep_pace
from core.web.signin import person
from donations import calls
from donations.asked import OpenSession
from donations.giving import store
from donations.giving.retiring import is_over
from donations.giving.rules import Act
from donations.giving.store import Gift, Giver, Said
from donations.giving.terms import Terms
from donations.processor import Processor
from licensing import store as agreements

Answer = Response | tuple[str, int]


BEFORE = money.N_(
    "This page was sent before with another choice (%(amount)s), which is only taken if you paid it."
    " Send it once more to give what stands here instead."
)

CHANGED = money.N_(
    "What holds here changed since you opened this page. Read what stands here now, and send it once more."
)

ENDED = money.N_("%(currency)s is no more. The project has to choose another currency first.")

blueprint = Blueprint("fund_pages", __name__, template_folder="../templates")


class House(rooms.House, Protocol):
    """What these pages ask of the composition root beyond what all pages do."""

    @property
    def processor(self) -> Callable[[], Processor | None]:
        """Give whoever moves money, if there is one."""


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let a project's pages say what was given."""
    return {"raised_for": _raised_for}


@blueprint.app_template_filter("share")
def percent(part: float) -> str:
    """Write a part of the whole as the visitor reads it."""
    return str(format_percent(part))


@blueprint.get("/<owner>/<name>/fund")
def fund(owner: str, name: str) -> Answer:
    """Show what is raised and how one gives."""
    repo, funding, asked = _place(owner, name)
    return _page(repo, funding, asked)


@blueprint.post("/<owner>/<name>/fund")
def give(owner: str, name: str) -> Answer:
    """Write down what was chosen, and go where it is paid."""
    keep_pace()
    repo, funding, asked = _place(owner, name)
    key = sent.form.get("key", "")
    if not addresses.is_key(key):
        abort(400)
    language = str(get_locale())
    choice = fund_form.read(sent.form, funding, language, featured=asked is not None)
    aims.check(choice, _aim(repo))
    bank = _house().processor()
    if choice.money and (why := _against(funding, asked, bank)):
        choice.errors.setdefault("amount", why)
    if choice.errors:
        return _page(repo, funding, asked, choice, key, 422)
    terms = fund_form.terms(funding, choice)
    gift = _say(repo, asked, choice, terms, key, language)
    if gift is None:
        return _page(repo, funding, asked, choice, key, 422)
    if (gift.money, gift.rhythm, gift.terms_sha256) != (choice.money, choice.rhythm, terms.sha256):
        # Whoever comes back to change their mind must not be sent to pay what they chose before.
        said = money.shown(gift.money, language)
        choice.errors["amount"] = _(BEFORE) % {"amount": said}
        return _page(repo, funding, asked, choice, addresses.new_key(), 409)
    if bank is None or not gift.money:
        return redirect(addresses.of_gift(repo, key), 303)
    now = _house().clock
    Cashier(_house().app, bank, now, f"web-{secrets.token_hex(4)}").step(gift.name)
    with rooms.house().app.read() as connection:
        kept = calls.by_key(connection, gift.name)
    return redirect(kept.url if kept and kept.url else addresses.of_gift(repo, key), 303)


def _against(funding: Funding, asked: Request | None, bank: Processor | None) -> str:
    """Say why no money can be taken now; empty where it can."""
    if bank is None:
        return str(_("Nobody can be paid here yet: the project has no bank."))
    if is_over(funding.currency, _house().clock()):
        return str(_(ENDED, currency=funding.currency))
    # Terms that nobody saw are nobody's, however they were changed.
    return "" if sent.form.get("agreed", "") == _agreed(funding, asked) else str(_(CHANGED))


def _agreed(funding: Funding, asked: Request | None) -> str:
    return fund_form.agreed(fund_form.terms(funding, _usual(funding, asked)), funding.currency)


def _raised_for(asked: Request) -> tuple[fund_facts.Raised, ...]:
    with rooms.house().app.read() as connection:
        return fund_facts.raised_for(connection, asked)


def _place(owner: str, name: str) -> tuple[FoundRepo, Funding, Request | None]:
    repo = public_repo(owner, name)
    number = sent.values.get("request", type=small)
    with rooms.house().app.read() as connection:
        rules = policies.rules(connection, repo.id).policy
        asked = requests.by_number(connection, repo.id, number) if number else None
    funding = rules.funding if rules else Funding()
    if not funding.on or (number and (asked is None or asked.state != "open")):
        abort(404)
    # What the page is for decides what it proposes.
    return repo, aims.narrowed(funding, _aim(repo)), asked


def _aim(repo: FoundRepo) -> Aim:
    with rooms.house().app.read() as connection:
        rules = policies.rules(connection, repo.id).policy
    funding = rules.funding if rules else Funding()
    return aims.aim(sent.values, funding, rooms.house().clock()) or abort(404)


def _page(
    repo: FoundRepo,
    funding: Funding,
    asked: Request | None,
    choice: fund_form.Choice | None = None,
    key: str = "",
    status: int = 200,
) -> Answer:
    about = asked.node_id if asked else None
    let_forms_lead_to_bank()
    with rooms.house().app.read() as connection:
        page = {
            "raised": fund_facts.raised(connection, repo.id, about),
            "others": fund_facts.others(connection, repo.id, funding.currency),
            "agreement": agreements.agreement_in_force(connection, repo.id),
        }
    return (
        render_template(
            "bot/fund.html",
            repo=repo,
            funding=funding,
            asked=asked,
            shares=fund_form.shares(funding, featured=asked is not None),
            terms=fund_form.terms(funding, _usual(funding, asked)),
            errors=choice.errors if choice else {},
            given=sent.form,
            key=key or addresses.new_key(),
            agreed=_agreed(funding, asked),
            aim=_aim(repo),
            bank=_house().processor(),
            bars=_bars,
            **page,
        ),
        status,
    )


def _bars(others: Others) -> list[tuple[str, int]]:
    """Give each bar with its words, as in: “5.00 to 20.00”."""
    language = str(get_locale())
    rows = []
    for low, high, people in others.bars:
        first = money.shown(low, language)
        if high is None:
            words = _("from %(least)s", least=first)
        else:
            words = _("%(least)s to %(most)s", least=first, most=money.shown(high, language))
        rows.append((words, people))
    return rows


def _usual(funding: Funding, asked: Request | None) -> fund_form.Choice:
    return fund_form.Choice(
        {},
        funding.least,
        split=fund_form.shares(funding, featured=asked is not None),
    )


def _say(
    repo: FoundRepo,
    asked: Request | None,
    choice: fund_form.Choice,
    terms: Terms,
    key: str,
    language: str,
) -> Gift | None:
    rooms_ = rooms.house()
    now, who = rooms_.clock(), person()
    about = asked.node_id if asked else ""
    said = Said(key, repo.id, about, "donation", choice.rhythm, choice.money, terms)
    giver = Giver(
        github_id=who.id if who else None,
        name=choice.name,
        message=choice.message,
        public=choice.public,
        language=language,
    )
    with rooms_.app.write() as connection:
        is_known = store.by_key(connection, key) is not None
        gift = budgets.say(connection, said, giver, choice, now)
        if gift is None:
            return None
        if not is_known and (gift.money, gift.rhythm) == (choice.money, choice.rhythm):
            # What was said before answers what it answered then: a small gift makes no patron.
            aims.note(connection, gift, _aim(repo))
        if not gift.money:
            store.note(connection, gift, Act("nothing", gift.key, now), now)
        elif _house().processor() is not None:
            _ask(connection, repo, gift, asked, language)
    return gift


def _ask(
    connection: Connection, repo: FoundRepo, gift: Gift, asked: Request | None, language: str
) -> None:
    words = repo.name if asked is None else f"{repo.name} #{asked.number}"
    base = rooms.house().settings.public_url
    call = OpenSession(
        about=gift.name,
        mode="payment" if gift.rhythm == "once" else "subscription",
        amount=to_stripe(gift.money),
        currency=gift.money.currency,
        words=_("For %(project)s", project=words),
        success_url=f"{base}{addresses.of_gift(repo, gift.key)}",
        cancel_url=f"{base}/{repo.name}/fund",
        locale=language,
        interval="" if gift.rhythm == "once" else gift.rhythm,
    )
    calls.put(connection, call, gift.name, rooms.house().clock())


def _house() -> House:
    return cast("House", rooms.house())
