"""Badges of what is given and promised, for READMEs and issues.

GET /OWNER/NAME/fund/badge.svg            what a project has been given
GET /OWNER/NAME/requests/12/fund.svg      what is promised or there for a request, and of what goal

`?style=flat` has square corners, `?language=fr` chooses the language. Nobody is named.
"""

from flask import Blueprint, Response
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import policies
from bot.maintaining import badge
from bot.maintaining.badge import Badge, drawn
from bot.money import fund_facts, pledges_shown
from bot.roadmap import queries, store
from bot.roadmap.addresses import NUMBER
from core.money import Money, shown
from core.web.house import house

blueprint = Blueprint("money_badges", __name__, template_folder="../templates")


@blueprint.get("/<owner>/<name>/fund/badge.svg")
def of_project(owner: str, name: str) -> Response:
    """Draw what a project has been given; grey and 404 where nobody can give."""
    with force_locale(badge.language()), house().app.read() as connection:
        repo_id = _funded(connection, owner, name)
        if repo_id is None:
            return _unknown()
        return _drawn(_("funding"), _given(connection, repo_id, None) or _("open"))


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/fund.svg")
def of_request(owner: str, name: str, number: int) -> Response:
    """Draw what is promised or there for a request."""
    with force_locale(badge.language()), house().app.read() as connection:
        repo_id = _funded(connection, owner, name)
        asked = store.by_number(connection, repo_id, number) if repo_id is not None else None
        if asked is None or repo_id is None or asked.state not in queries.STATES:
            return _unknown()
        said = _promised(connection, asked.node_id)
        said = said or _given(connection, repo_id, asked.node_id) or _("nothing yet")
        return _drawn(_("funding #%(number)s", number=asked.number), said)


def _promised(connection: Connection, about: str) -> str:
    found = pledges_shown.of_outcome(connection, about)
    if found.campaign is not None and found.for_campaign is not None:
        came = found.collected if found.campaign.outcome in {"met", "collected"} else None
        there, goal = _words(came or found.for_campaign), _words(found.campaign.goal)
        return str(_("%(money)s of %(goal)s", money=there, goal=goal))
    sums = " + ".join(map(_words, found.promised))
    return str(_("%(money)s promised", money=sums)) if sums else ""


def _given(connection: Connection, repo_id: int, about: str | None) -> str:
    found = fund_facts.raised(connection, repo_id, about)
    sums = " + ".join(_words(one.money) for one in found)
    people = sum(one.givers for one in found)
    of = ngettext("%(num)s person", "%(num)s people", people)
    return str(_("%(money)s from %(people)s", money=sums, people=of)) if sums else ""


def _words(money: Money) -> str:
    return shown(money, badge.language())


def _funded(connection: Connection, owner: str, name: str) -> int | None:
    found = house().find_repo(owner, name)
    if found is None or found[2]:
        return None
    policy = policies.rules(connection, found[0]).policy
    return found[0] if policy is not None and policy.funding.on else None


def _drawn(label: str, said: str) -> Response:
    return drawn(Badge(label, said, "leaf", badge.style()))


def _unknown() -> Response:
    return drawn(Badge(_("funding"), _("unknown"), "plain", badge.style()), 404)
