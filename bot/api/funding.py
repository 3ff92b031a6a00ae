"""What is given and promised, and milestones, for programs: sums and rules, never who gave."""

from flask import Response
from sqlalchemy import Connection

from bot import policies
from bot.api import asked, door, funding_answers
from bot.api.frame import BASE, blueprint, encoded
from bot.api.problems import Problem
from bot.milestones import store as milestones
from bot.money import fund_facts, offers, pledges_shown
from bot.outcomes import members, naming
from bot.outcomes.store import Outcome
from bot.payouts import shown as payouts
from bot.policy import Funding
from core.web.house import FoundRepo, house
from core.web.numbers import small

_OFF = "This project takes no money here."
_UNKNOWN = "There is no such request or milestone here: give its number on GitHub."


@blueprint.get(f"{BASE}/funding")
def project_funding(owner: str, name: str) -> Response:
    """Give what a project was given in all."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        currency = _rules(connection, repo).currency
        raised = fund_facts.raised(connection, repo.id, None)
    url = f"{_base(repo)}/fund"
    answer = funding_answers.ProjectFunding(currency, url, funding_answers.given(raised))
    return encoded(answer)


@blueprint.get(f"{BASE}/<any(requests, milestones):sort>/<number>/funding")
def funding(owner: str, name: str, sort: str, number: str) -> Response:
    """Give what is given and promised for a request or a milestone, and who gets what of it."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        _rules(connection, repo)
        of = one_outcome(connection, repo, sort, number)
        raised = (
            fund_facts.raised_for(connection, of.asked)
            if of.asked
            else fund_facts.raised(connection, repo.id, of.about)
        )
        made = offers.promised_for(connection, of.asked, house().clock()) if of.asked else ()
        paid = payouts.of_outcome(connection, of)
        promised = pledges_shown.of_outcome(connection, of.about)
    url = f"{_base(repo)}/{of.page}"
    split = (paid.parts, paid.version)
    return encoded(funding_answers.funding(of, url, raised, promised, made, split))


@blueprint.get(f"{BASE}/milestones")
def all_milestones(owner: str, name: str) -> Response:
    """Give a project's milestones with the requests in them."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    state = asked.one_of("state", ("open", "closed"))
    with house().app.read() as connection:
        known = milestones.in_repo(connection, repo.id)
        items = [
            funding_answers.milestone(
                one,
                f"{_base(repo)}/milestones/{one.number}",
                members.of_milestone(connection, one, None),
            )
            for one in known
            if one.state != "gone" and state in {"", None, one.state}
        ]
    return encoded(funding_answers.Milestones(items))


def one_outcome(connection: Connection, repo: FoundRepo, sort: str, number: str) -> Outcome:
    """Find a request or a milestone by the number in the address. Raises `Problem`."""
    try:
        of = naming.numbered(connection, repo.id, sort, small(number))
    except ValueError:
        of = None
    if of is None or of.state == "gone":
        raise Problem(404, _UNKNOWN)
    return of


def _rules(connection: Connection, repo: FoundRepo) -> Funding:
    policy = policies.rules(connection, repo.id).policy
    if policy is None or not policy.funding.on:
        raise Problem(404, _OFF)
    return policy.funding


def _base(repo: FoundRepo) -> str:
    return f"{house().settings.public_url}/{repo.name}"
