"""Signing on the page: the exact text, what changed in it, and one form.

    GET  /OWNER/NAME/cla/sign?pull=7&minor=ASKED    show the text, and remember that it was shown
    POST the same                                   sign what was shown
    POST /OWNER/NAME/cla/sign/addresses             rely on verified addresses, without signing

`pull` is where somebody came from; `minor` what a minor's link carries, for whom they sign.
"""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug import Response as AnyResponse

from bot import policies
from bot.signing import acts, tokens
from bot.signing import form as signing_form
from bot.signing.acts import Occasion
from bot.signing.desk import Desk, desk_of, house, page
from bot.signing.form import Given
from bot.signing.tokens import Shown
from core.github import Account
from core.web.house import FoundRepo, public_repo
from core.web.numbers import small
from core.web.signin import signed_in_person, verified_addresses

LONGEST_AGENT = 300

blueprint = Blueprint("sign_pages", __name__, template_folder="templates")


@blueprint.get("/<owner>/<name>/cla/sign")
def show(owner: str, name: str) -> Response:
    """Show the text and the form, or that this person has signed."""
    repo = public_repo(owner, name)
    person = _person()
    number = request.args.get("pull", type=small)
    asked = request.args.get("minor", "").strip()
    if not asked:
        return page(desk_of(repo, person, number=number))
    minor = _minor(repo, person, asked)
    if minor is None:
        return page(desk_of(repo, person, number=number), notice="minor")
    return page(desk_of(repo, person, minor, number))


@blueprint.post("/<owner>/<name>/cla/sign")
def sign(owner: str, name: str) -> AnyResponse:
    """Sign what was shown; whatever does not fit is refused, and the text shown anew."""
    repo = public_repo(owner, name)
    person = _person()
    shown = tokens.read(house().settings.secret_key, request.form.get("shown", ""))
    if shown is None or shown.repo_id != repo.id:
        return page(desk_of(repo, person), notice="unknown")
    if shown.person_id != person.id:
        return page(desk_of(repo, person), notice="stranger")
    desk = desk_of(repo, person, shown.minor, shown.number)
    given = _given(desk)
    if given.errors and not desk.is_done:
        is_same = desk.version is not None and shown.is_of(desk.version)
        return page(desk, given, "incomplete" if is_same else "changed", shown)
    with house().app.write() as connection:
        origin = _origin(desk)
        refusal = acts.sign(connection, person, shown, given, origin, house().clock())
    if refusal is None:
        return redirect(_back(repo, shown), 303)
    return page(desk_of(repo, person, shown.minor, shown.number), given, refusal, shown)


@blueprint.post("/<owner>/<name>/cla/sign/addresses")
def rely(owner: str, name: str) -> AnyResponse:
    """Rely on more of one's verified addresses; those that GitHub did not verify are left out."""
    repo = public_repo(owner, name)
    person = _person()
    chosen = {address.lower() for address in request.form.getlist(signing_form.ADDRESS)}
    chosen &= set(verified_addresses() or ())
    with house().app.write() as connection:
        acts.rely(connection, person, sorted(chosen), Occasion(house().clock()))
    return redirect(f"/{repo.name}/cla/sign", 303)


def _person() -> Account:
    who = signed_in_person()
    return Account(who.id, who.login)


def _given(desk: Desk) -> Given:
    policy = desk.rules.policy
    return signing_form.read(
        request.form,
        policy.fields if policy else (),
        verified_addresses() or (),
        guardian=desk.guardian,
    )


def _minor(repo: FoundRepo, person: Account, token: str) -> Account | None:
    """Give the account whose holder asked for a guardian; None if they did not, or not any more."""
    now = house().clock()
    asked = tokens.asked(house().settings.secret_key, token, repo.id, now)
    if asked is None or asked.minor.id == person.id:
        return None
    with house().app.read() as connection:
        version = policies.rules(connection, repo.id).version
        if version and acts.withdrew_since(
            connection, version.agreement_id, asked.minor.id, asked.asked_at
        ):
            return None
    return asked.minor


def _origin(desk: Desk) -> dict[str, str] | None:
    policy = desk.rules.policy
    if policy is None or not policy.keep_address:
        return None
    return {
        "network_address": request.remote_addr or "",
        "user_agent": request.user_agent.string[:LONGEST_AGENT],
    }


def _back(repo: FoundRepo, shown: Shown) -> str:
    query: dict[str, str | int] = {}
    if shown.number:
        query["pull"] = shown.number
    if shown.minor:
        query["minor"] = request.args.get("minor", "")
    return f"/{repo.name}/cla/sign" + (f"?{urlencode(query)}" if query else "")
