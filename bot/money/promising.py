"""What one can promise for on a page, under which terms, and what stands against it just now."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import abort
from flask import request as sent
from flask_babel import gettext as _

from bot import policies
from bot.money import fund_form, pledges_facts
from bot.money.fund_pages import CHANGED, ENDED, House
from bot.money.pledges_facts import Reading
from bot.outcomes import naming
from bot.outcomes.store import Outcome
from bot.policy import Funding
from core.web.house import FoundRepo, public_repo
from donations.giving.retiring import is_over
from donations.giving.terms import Terms
from donations.pledges import rules, store

STATES = ("open", "closed")
"""Where GitHub shows it; what is closed says so, and takes nothing."""


@dataclass(frozen=True)
class Place:
    """What one can promise for; `offer` is how it was made, where it is somebody's."""

    repo: FoundRepo
    funding: Funding
    of: Outcome


def place_of(house: House, owner: str, name: str) -> Place:
    """Read what a page is asked to promise for; 404 where there is no such thing, or no giving."""
    repo = public_repo(owner, name)
    with house.app.read() as connection:
        policy = policies.rules(connection, repo.id).policy
        of = naming.named(connection, repo.id, sent.values)
    if policy is None or not policy.funding.on or of is None or of.state not in STATES:
        abort(404)
    # A promise is for those who build it, once.
    return Place(repo, replace(policy.funding, split=(("feature", 1),), monthly=False), of)


def refusal(house: House, place: Place) -> str:
    """Say why nothing can be promised now; empty where it can."""
    now = house.clock()
    if why := _closed(house, place, now):
        return why
    with house.app.read() as connection:
        if pledges_facts.away_since(connection, place.of, now) is not None:
            return str(_("The project is out of sight just now, so nothing new is promised."))
        facts = pledges_facts.facts(connection, place.of, Reading())
        course = store.course_of(connection, place.of.about)
        asked = place.of.asked
        # An offer is accepted with its request, before that stands in its own purse.
        taken = store.course_of(connection, asked.node_id) if asked else course
    if place.of.bidder and facts is not None and facts.thread == "refused":
        return str(
            _("This offer does not stand any more: promise for the request, or for another.")
        )
    if facts is not None and rules.accepted_at(taken, facts) is not None:
        return str(_("The work is accepted already. You can still give."))
    running = course.campaign
    if running and running.outcome is None and running.goal.currency != place.funding.currency:
        return str(_("This campaign counts in %(currency)s.", currency=running.goal.currency))
    return ""


def _closed(house: House, place: Place, now: datetime) -> str:
    """Say what stands against every promise, whoever asks for it."""
    if not place.of.is_open:
        return str(_("It is closed, so nothing new is promised for it."))
    if place.of.asked is not None and place.of.asked.root_id != place.of.asked.id:
        return str(
            _("This is the same as another request, which is built instead: promise there.")
        )
    if house.processor() is None:
        return str(_("No card can be saved here yet: the project has no bank."))
    if is_over(place.funding.currency, now):
        return str(_(ENDED, currency=place.funding.currency))
    return ""


def agreed(house: House, place: Place) -> str:
    """Name what is told of a promise now: its terms, and the goal and the day of its campaign."""
    with house.app.read() as connection:
        campaign = store.course_of(connection, place.of.about).campaign
    running = (campaign.number, campaign.outcome or "") if campaign else ()
    return fund_form.agreed(terms_of(place), place.funding.currency, *running)


def changed(house: House, place: Place) -> str:
    """Say that something else holds than whoever sends the form was told; empty where it does not."""
    return "" if sent.form.get("agreed", "") == agreed(house, place) else str(_(CHANGED))


def terms_of(place: Place) -> Terms:
    """Give the terms of what is promised now."""
    choice = fund_form.Choice({}, place.funding.least, split=(("feature", 1),))
    terms = fund_form.terms(place.funding, choice, "pledge")
    return replace(terms, outcome=place.of.kind)
