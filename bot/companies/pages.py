"""Companies sign and list their people; the people acknowledge it.

GET, POST /OWNER/NAME/cla/company                    sign for a company; `?renew=ID` a new MAJOR
GET       /OWNER/NAME/cla/company/ID                 its managers see and change whom it lists
POST      /OWNER/NAME/cla/company/ID/list            list somebody
GET, POST /OWNER/NAME/cla/company/ID/end/LISTING     end a listing; `?person=N` for one person
GET, POST /OWNER/NAME/cla/company/ID/join            acknowledge, as a person or as a manager
"""

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from bot.companies import acts, desk
from bot.companies import form as companies_form
from bot.companies import listings as companies_listings
from bot.companies.acts import Refusal
from bot.companies.form import EndWanted, ListingWanted, Signing
from bot.signing.desk import house
from bot.signing.tokens import Shown
from core.github import Account
from core.web.house import FoundRepo, public_repo
from core.web.numbers import large, small
from core.web.signin import person, signed_in_person, verified_addresses
from licensing.companies import reading
from licensing.companies.values import CHOSEN, Company, Ending, Listing
from licensing.versions import AgreementVersion

STATUS = {
    "": 200,
    "incomplete": 422,
    "unknown": 400,
    "changed": 409,
    "expired": 409,
    "crowded": 409,
}

blueprint = Blueprint("company_pages", __name__, template_folder="templates")


@blueprint.get("/<owner>/<name>/cla/company")
def offer(owner: str, name: str) -> Response:
    """Say what it means that a company signs, and show the form to whoever is signed in."""
    repo = public_repo(owner, name)
    version = desk.version_of(repo)
    if version is None or person() is None:
        return desk.page("company", repo, version, who=None)
    return _offer(repo, version, _me(), Signing())


@blueprint.post("/<owner>/<name>/cla/company")
def sign(owner: str, name: str) -> AnyResponse:
    """Sign for a company what was shown; whatever does not fit is refused, and shown anew."""
    repo, who = public_repo(owner, name), _me()
    version = desk.asked_version(repo)
    renewed = _renewed(version, who)
    shown = desk.shown_before(repo, who, request.form.get("shown", ""))
    known_name = renewed.name if renewed else ""
    given = companies_form.read_signing(
        request.form, verified_addresses() or (), known_name=known_name
    )
    if renewed and given.domain and given.domain != renewed.domain:
        given.errors["address"] = _(
            "Choose an address on %(domain)s, the company’s domain.", domain=renewed.domain
        )
    if shown is None:
        return _offer(repo, version, who, given, "unknown")
    if given.errors:
        return _offer(repo, version, who, given, "incomplete")
    with house().app.write() as connection:
        done = acts.sign(connection, who, shown, given, renewed, house().clock())
    if isinstance(done, str):
        return _offer(repo, desk.asked_version(repo), who, given, done, shown)
    return redirect(f"/{repo.name}/cla/company/{done}", 303)


@blueprint.get("/<owner>/<name>/cla/company/<int:number>")
def company(owner: str, name: str, number: int) -> Response:
    """Show a company to those who act for it."""
    repo, who = public_repo(owner, name), _me()
    return _company(repo, desk.asked_version(repo), number, who, ListingWanted())


@blueprint.post("/<owner>/<name>/cla/company/<int:number>/list")
def add(owner: str, name: str, number: int) -> AnyResponse:
    """List a person, a domain, a team or another manager."""
    repo, who = public_repo(owner, name), _me()
    version = desk.asked_version(repo)
    found = desk.managed(version, number, who)
    now = house().clock()
    given = companies_form.read_listing(request.form, now)
    wanted = companies_listings.wanted(repo, found.company, who, given)
    if wanted is None:
        return _company(repo, version, number, who, given, 422)
    with house().app.write() as connection:
        if not acts.acts_for(connection, found.company, who, now):
            abort(404)
        done = acts.add(connection, version.agreement_id, wanted, now)
    if done.outcome == "refused":
        given.errors["who"] = _("There are too many entries. End those that are no longer needed.")
        return _company(repo, version, number, who, given, 422)
    return redirect(f"/{repo.name}/cla/company/{number}#listing-{done.sequence}", 303)


@blueprint.get("/<owner>/<name>/cla/company/<int:number>/end/<int:listing>")
def ask_end(owner: str, name: str, number: int, listing: int) -> Response:
    """Ask why and when a listing ends."""
    repo, who = public_repo(owner, name), _me()
    return _end(repo, (number, listing), who, EndWanted())


@blueprint.post("/<owner>/<name>/cla/company/<int:number>/end/<int:listing>")
def end(owner: str, name: str, number: int, listing: int) -> AnyResponse:
    """End a listing, for everybody or for one person, and nothing else."""
    repo, who = public_repo(owner, name), _me()
    version = desk.asked_version(repo)
    found = desk.managed(version, number, who)
    now = house().clock()
    given = companies_form.read_end(request.form, now)
    if any(one.number == listing for one in found.over):
        return redirect(f"/{repo.name}/cla/company/{number}", 303)
    one = _listing(found.listings, listing)
    if given.errors:
        return _end(repo, (number, listing), who, given, 422)
    ending = Ending(listing, given.ends_at or now, who.id, given.reason, _person_of(one))
    with house().app.write() as connection:
        if not acts.acts_for(connection, found.company, who, now):
            abort(404)
        done = acts.end(connection, version.agreement_id, one, ending, now)
    if done.outcome == "refused":
        given.errors["reason"] = _(
            "Nobody would act for the company any more. Add another manager first."
        )
        return _end(repo, (number, listing), who, given, 422)
    if who.id not in _still_acting(found.company):
        return redirect(f"/{repo.name}/cla/company", 303)
    return redirect(f"/{repo.name}/cla/company/{number}", 303)


def _me() -> Account:
    who = signed_in_person()
    return Account(who.id, who.login)


def _offer(
    repo: FoundRepo,
    version: AgreementVersion,
    who: Account,
    given: Signing,
    notice: Refusal | str = "",
    shown: Shown | None = None,
) -> Response:
    addresses = desk.my_addresses()
    now = house().clock()
    with house().app.read() as connection:
        mine = reading.managed_by(connection, version.agreement_id, who.id, now)
    renewed = _renewed(version, who)
    elsewhere = desk.known_elsewhere(version, addresses or ())
    before, changes = desk.since(version, renewed, shown)
    return desk.page(
        "company",
        repo,
        version,
        STATUS[notice],
        who=who,
        addresses=addresses,
        mine=mine,
        elsewhere=[one for one in elsewhere if one not in mine],
        renewed=renewed,
        before=before,
        changes=changes,
        given=given,
        notice=notice,
        token=desk.token(repo, version, who),
    )


def _renewed(version: AgreementVersion, who: Account) -> Company | None:
    """Give the company that is to sign a new MAJOR; 404 to those who do not act for it."""
    number = request.values.get("renew", type=small)
    return desk.managed(version, number, who).company if number else None


def _company(
    repo: FoundRepo,
    version: AgreementVersion,
    number: int,
    who: Account,
    given: ListingWanted,
    status: int = 200,
) -> Response:
    found = desk.managed(version, number, who)
    return desk.page("company_manage", repo, version, status, register=found, given=given, who=who)


def _end(
    repo: FoundRepo, where: tuple[int, int], who: Account, given: EndWanted, status: int = 200
) -> Response:
    version = desk.asked_version(repo)
    found = desk.managed(version, where[0], who)
    one = _listing(found.listings, where[1])
    return desk.page(
        "company_end",
        repo,
        version,
        status,
        register=found,
        listing=one,
        one_person=_person_of(one),
        given=given,
        reasons=CHOSEN,
    )


def _listing(listings: tuple[Listing, ...], number: int) -> Listing:
    found = next((one for one in listings if one.number == number), None)
    return found if found is not None else abort(404)


def _person_of(listing: Listing) -> int | None:
    """Give for whom alone a rule on many ends, if it is for one."""
    number = request.values.get("person", type=large)
    return number if number and listing.rule in {"domain", "team"} else None


def _still_acting(company: Company) -> frozenset[int]:
    with house().app.read() as connection:
        return reading.acting(connection, company, house().clock())
