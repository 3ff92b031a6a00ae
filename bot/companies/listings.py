"""What a manager's entry means: which account, rule or team it names, or what is wrong with it."""

import logging

from flask_babel import gettext as _

from bot import people, repositories
from bot.companies import teams
from bot.companies.form import ListingWanted
from bot.signing.desk import house
from core.github import Account, GitHub, GitHubError, NotFound
from core.web.house import FoundRepo
from licensing import domains
from licensing.companies.values import Company, Wanted

LONGEST_NUMBER = 15

log = logging.getLogger(__name__)


def wanted(repo: FoundRepo, company: Company, who: Account, given: ListingWanted) -> Wanted | None:
    """Give the listing that was asked for; None, and the reason among the errors."""
    if given.errors:
        return None
    github_id, pattern = None, None
    if given.rule == "domain":
        pattern = domains.rule(given.said, company.domain)
        if pattern is None:
            given.errors["who"] = _(
                "Write %(domain)s, a domain below it, or *.%(domain)s.", domain=company.domain
            )
    elif given.rule == "team":
        github_id, pattern = _team(given, who)
    else:
        github_id = _account(repo, given)
        if given.rule == "manager" and github_id == who.id:
            given.errors["who"] = _("You act for the company already.")
    if given.errors or given.from_at is None:
        return None
    return Wanted(
        company=company.number,
        rule=given.rule,
        actor_id=who.id,
        from_at=given.from_at,
        until_at=given.until_at,
        github_id=github_id,
        pattern=pattern,
        team_id=given.team_id or None,
    )


def _account(repo: FoundRepo, given: ListingWanted) -> int | None:
    with house().app.read() as connection:
        known = repositories.repo(connection, repo.id)
    if known is None:
        given.errors["who"] = _unanswered()
        return None
    try:
        found = _asked(house().github(known), given.said)
    except GitHubError as error:
        log.warning("account unknown", extra={"reason": type(error).__name__})
        given.errors["who"] = _unanswered()
        return None
    if found is None or found.type != "User" or found.is_bot:
        given.errors["who"] = _("No person on GitHub has this name or number.")
        return None
    with house().app.write() as connection:
        people.note(connection, found.id, found, house().clock())
    return found.id


def _asked(github: GitHub, said: str) -> Account | None:
    is_number = said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER
    return github.account(int(said)) if is_number else github.account_named(said)


def _team(given: ListingWanted, who: Account) -> tuple[int | None, str | None]:
    owner, _slash, slug = given.said.lower().partition("/")
    organisation = None
    if owner and slug and "/" not in slug:
        with house().app.read() as connection:
            organisation = teams.organisation_named(connection, owner)
    if organisation is None:
        given.errors["who"] = _(
            "Write ORGANISATION/TEAM, as in the address of the team’s page. Its organisation has"
            " to have installed this GitHub App."
        )
        return None, None
    pattern, rooms = f"{owner}/{slug}", house()
    try:
        team = teams.named(rooms.app, rooms.github, organisation, slug)
        if team is None:
            given.errors["who"] = _unanswered()
        elif teams.may_list(rooms.app, rooms.github, organisation, team.members, who):
            given.team_id = team.id
        else:
            given.errors["who"] = _no_team()
    except NotFound:
        given.errors["who"] = _no_team()
    except GitHubError as error:
        log.warning("team unknown", extra={"reason": type(error).__name__})
        given.errors["who"] = _unanswered()
    return organisation, pattern


def _no_team() -> str:
    return str(_("There is no such team, or you are not in it and not an admin where it is."))


def _unanswered() -> str:
    return str(_("GitHub does not answer just now. Try again in half a minute."))
