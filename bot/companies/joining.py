"""The page on which a person acknowledges that a company covers them, or takes on to act for it.

Whom nothing lists gets the same answer as where there is no such company.
"""

from flask import Blueprint, Response, redirect, request
from werkzeug import Response as AnyResponse

from bot.companies import acts, desk
from bot.companies import teams as companies_teams
from bot.signing.desk import house
from core.github import Account
from core.web.house import FoundRepo, public_repo
from core.web.signin import signed_in_person, verified_addresses
from licensing import domains
from licensing.companies import reading
from licensing.companies.values import Company, Contact, Found, Listing, Role
from licensing.versions import AgreementVersion

FORBIDDEN, CONFLICT, UNAVAILABLE = 403, 409, 503

blueprint = Blueprint("company_joining", __name__, template_folder="templates")


@blueprint.get("/<owner>/<name>/cla/company/<int:number>/join")
def ask(owner: str, name: str, number: int) -> Response:
    """Say what it means, if a listing is about this person."""
    repo = public_repo(owner, name)
    who = Account(*signed_in_person())
    return _page(repo, desk.asked_version(repo), number, who)


@blueprint.post("/<owner>/<name>/cla/company/<int:number>/join")
def join(owner: str, name: str, number: int) -> AnyResponse:
    """Acknowledge it, once."""
    repo = public_repo(owner, name)
    who = Account(*signed_in_person())
    version = desk.asked_version(repo)
    shown = desk.shown_before(repo, who, request.form.get("shown", ""))
    company = _find(version, number)
    if company is None or shown is None:
        return _page(repo, version, number, who, notice="" if shown else "unknown")
    role: Role = "manager" if request.form.get("role") == "manager" else "person"
    found, whole = _found(company, who, with_teams=role == "person", surely=True)
    if role == "manager" and company.domain not in found.domains:
        return _page(repo, version, number, who, notice="unproven")
    contact = Contact(who.id, who.login, _address(company, found))
    now = house().clock()
    with house().app.write() as connection:
        refused = acts.join(connection, contact, shown, number, found, role, now)
    if refused == "unlisted" and not whole:
        return _page(repo, version, number, who, notice="unanswered")
    if refused:
        return _page(repo, desk.asked_version(repo), number, who, notice=refused)
    here = f"/{repo.name}/cla/company/{number}"
    return redirect(here if role == "manager" else f"{here}/join", 303)


def _page(
    repo: FoundRepo, version: AgreementVersion, number: int, who: Account, notice: str = ""
) -> Response:
    company = _find(version, number)
    means: tuple[Listing, ...] = ()
    invited, signed, whole = False, False, True
    if company is not None:
        now = house().clock()
        found, _whole = _found(company, who, with_teams=False)
        means, teams, invited = desk.open_listings(company, found, now)
        if not means and teams:
            found, whole = _found(company, who, with_teams=True)
            means = desk.open_listings(company, found, now)[0]
        signed = version.major in company.majors
    status = CONFLICT if notice else 200
    if not means and not invited:
        status = FORBIDDEN
    if notice == "unanswered" or not (whole or means or invited):
        status = UNAVAILABLE
    return desk.page(
        "company_join",
        repo,
        version,
        status,
        who=who,
        number=number,
        company=company if means or invited else None,
        listed=bool(means),
        invited=invited,
        signed=signed,
        standing=desk.standing(version, number, who.id, means) if means else "open",
        whole=whole,
        asked=verified_addresses() is not None,
        has_address=bool(company and company.domain in desk.my_domains(company)),
        notice=notice,
        token=desk.token(repo, version, who),
    )


def _find(version: AgreementVersion, number: int) -> Company | None:
    with house().app.read() as connection:
        return reading.find(connection, version.agreement_id, number)


def _found(
    company: Company, who: Account, *, with_teams: bool, surely: bool = False
) -> tuple[Found, bool]:
    """Find out what proves a person's place in the company, and whether all could be asked."""
    known = Found(who.id, desk.my_domains(company))
    if not with_teams:
        return known, True
    now = house().clock()
    _open, teams, _invited = desk.open_listings(company, known, now)
    inside, whole = companies_teams.teams_of(
        house().app, house().github, teams, who.id, now, surely=surely
    )
    return Found(who.id, known.domains, inside), whole


def _address(company: Company, found: Found) -> str:
    """Give the verified address that stands for the person's place in the company, if any does."""
    for address in verified_addresses() or ():
        domain = domains.of_address(address)
        if domain in found.domains and domains.belongs(domain or "", company.domain):
            return address
    return ""
