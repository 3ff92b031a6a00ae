"""What maintainers do about promises: open a campaign, and accept the work.

GET  /OWNER/NAME/requests/12/campaign          the form, and how it stands
POST the same                                  open a campaign, or change it while nobody promised
POST /OWNER/NAME/requests/12/campaign/accept   accept the work

The same stands under /OWNER/NAME/milestones/3.
"""

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import policies, tasks
from bot.access import maintained_repo
from bot.milestones import store as milestones
from bot.money import accepting, addresses, pledges, pledges_shown
from bot.outcomes import naming
from bot.outcomes.naming import OUTCOME
from bot.outcomes.store import Outcome
from bot.policy import Funding
from bot.roadmap.intents import standing
from bot.roadmap.store import Request
from core.money import Money, NotAnAmount, figures, parse
from core.web.house import FoundRepo, house
from core.web.signin import signed_in_person
from donations.pledges import rules, store
from donations.pledges.rules import Act
from licensing import store as agreements

LONGEST = timedelta(days=180)
"""So long a campaign may run: cards are promised for a time that people can oversee."""

Answer = Response | tuple[str, int]

blueprint = Blueprint("campaign_pages", __name__, template_folder="../templates")


@blueprint.get(f"/<owner>/<name>/{OUTCOME}/campaign")
def campaign(owner: str, name: str, sort: str, number: int) -> Answer:
    """Show how promises stand, to whoever decides."""
    repo, funding, of = _place(owner, name, sort, number)
    return _page(repo, funding, of)


@blueprint.post(f"/<owner>/<name>/{OUTCOME}/campaign")
def start(owner: str, name: str, sort: str, number: int) -> Answer:
    """Open a campaign; its goal and deadline can be changed until somebody promises."""
    repo, funding, of = _place(owner, name, sort, number)
    key, now = sent.form.get("key", ""), house().clock()
    if not addresses.is_key(key):
        abort(400)
    errors: dict[str, str] = {}
    goal, ends_at = _goal(funding, errors), _deadline(now, errors)
    if errors:
        return _page(repo, funding, of, errors, 422)
    with house().app.write() as connection:
        store.open_purse(connection, of.about, repo.id, now)
        store.hold(connection, of.about)
        if problem := _fixed(connection, of):
            errors["goal"] = problem
        else:
            who = signed_in_person().id
            said = Act("campaign", key, now, goal.minor, goal.currency, ends_at, who)
            store.write(connection, of.about, said, now)
            tasks.put(connection, pledges.look_again(of.about, key, now), now)
    if errors:
        return _page(repo, funding, of, errors, 409)
    return redirect(f"/{repo.name}/pledge?{of.query}", 303)


@blueprint.post(f"/<owner>/<name>/{OUTCOME}/campaign/accept")
def accept(owner: str, name: str, sort: str, number: int) -> Answer:
    """Accept the work: cards that stand for it are charged."""
    repo, funding, of = _place(owner, name, sort, number)
    key, now = sent.form.get("key", ""), house().clock()
    if not addresses.is_key(key):
        abort(400)
    with house().app.write() as connection:
        why, wanted = accepting.accept(
            connection, of, signed_in_person().id, f"web:{key}", now, now
        )
        for task in wanted:
            tasks.put(connection, task, now)
    if why == "refused":
        errors = {"accept": _("GitHub shows it as not planned. Open it again first.")}
        return _page(repo, funding, of, errors, 409)
    if why == "nobody":
        errors = {"accept": _("Nobody is known who built it. Say first who gets what.")}
        return _page(repo, funding, of, errors, 409)
    if why == "joined":
        errors = {"accept": _("This is the same as another request: accept that one.")}
        return _page(repo, funding, of, errors, 409)
    return redirect(f"/{repo.name}/{of.campaign_page}", 303)


def _place(owner: str, name: str, sort: str, number: int) -> tuple[FoundRepo, Funding, Outcome]:
    repo = maintained_repo(owner, name)
    with house().app.read() as connection:
        policy = policies.rules(connection, repo.id).policy
        of = naming.numbered(connection, repo.id, sort, number)
    if policy is None or not policy.funding.on or of is None:
        abort(404)
    return repo, policy.funding, of


def _page(
    repo: FoundRepo,
    funding: Funding,
    of: Outcome,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Answer:
    with house().app.read() as connection:
        page = {
            "shown": pledges_shown.of_outcome(connection, of.about),
            "fixed": _fixed(connection, of),
            "offer": (offer := _chosen_offer(connection, of.asked, funding.currency)),
            "proposed": figures(offer, str(get_locale())) if offer else "",
            "todo": _still_open(connection, of),
            "agreement": agreements.agreement_in_force(connection, repo.id),
        }
    return (
        render_template(
            "bot/campaign.html",
            repo=repo,
            funding=funding,
            of=of,
            errors=errors or {},
            given=sent.form,
            key=addresses.new_key(),
            **page,
        ),
        status,
    )


def _still_open(connection: Connection, of: Outcome) -> int:
    """Count the requests of a milestone that are open."""
    if of.milestone is None:
        return 0
    return milestones.counts(connection, of.repo_id, (of.number,))[of.number][0]


def _chosen_offer(connection: Connection, asked: Request | None, currency: str) -> Money | None:
    """Give the price of the offer that was chosen, which can be the goal; None in another currency."""
    if asked is None:
        return None
    call = standing.stands(connection, asked.id).call
    prices = [one.price for one in call.offers if one.bidder == call.chosen] if call else []
    return next((one for one in prices if one.currency == currency), None)


def _fixed(connection: Connection, of: Outcome) -> str:
    """Say why the campaign cannot be another one now; empty where it can."""
    if pledges_shown.of_outcome(connection, of.about).accepted_at:
        return str(_("The work is accepted already, so there is nothing left to promise for."))
    course = store.course_of(connection, of.about)
    running = course.campaign
    if running is None or running.outcome in {"missed", "short", "collected"}:
        return "" if of.is_open else str(_("It is closed."))
    promises = store.promises(connection, store.of_request(connection, of.about))
    somebody = any(
        rules.campaign_of(one.said_at, one.money, course) == running for one in promises
    )
    if somebody or running.outcome == "met":
        return str(_("Somebody has promised: goal and deadline stay as they are."))
    return ""


def _goal(funding: Funding, errors: dict[str, str]) -> Money:
    try:
        goal = parse(sent.form.get("goal", ""), funding.currency, str(get_locale()))
    except NotAnAmount as error:
        errors["goal"] = _(error.text) % dict(error.values)
        return Money(0, funding.currency)
    if goal.minor <= 0:
        errors["goal"] = _("A goal is more than nothing.")
    return goal


def _deadline(now: datetime, errors: dict[str, str]) -> datetime:
    """Read the last day: the campaign ends when it does, in UTC."""
    try:
        day = date.fromisoformat(sent.form.get("until", "")[:10])
        ends_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        ends_at = now
    if not now < ends_at <= now + LONGEST:
        errors["until"] = _("Choose a last day within the next 180 days.")
    return ends_at
