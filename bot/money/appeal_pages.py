"""What a project asks for: appeals with a goal and an end, and memberships.

GET  /OWNER/NAME/appeals/SLUG         what it is for, how far each line is covered
POST /OWNER/NAME/appeals/SLUG/later   not now: not asked again for as long as the appeal says
GET  /OWNER/NAME/members              memberships, and the members who want to be seen
"""

from datetime import timedelta

from flask import Blueprint, abort, make_response, redirect, render_template
from werkzeug import Response

from bot import policies
from bot.money import aims, asked
from bot.money.aims import Shown
from bot.policy import Funding
from bot.policy.appeals import Appeal, Membership
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import person
from donations.asking import appeals, members
from donations.asking.members import Joined
from donations.giving.store import Gift
from licensing import store as agreements

blueprint = Blueprint("appeal_pages", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let a project's pages ask, and the page of a gift say what it answers."""
    return {
        "asks_of": _asks_of,
        "memberships_of": _memberships_of,
        "answered_by": _answered_by,
        "joined_by": _joined_by,
    }


@blueprint.get("/<owner>/<name>/appeals/<slug>")
def appeal(owner: str, name: str, slug: str) -> str:
    """Show an appeal: to everybody, for good."""
    repo, funding = _place(owner, name)
    found = aims.appeal_called(funding, slug) or abort(404)
    with house().app.read() as connection:
        page = {
            "shown": aims.shown(connection, repo.id, found, house().clock()),
            "agreement": agreements.agreement_in_force(connection, repo.id),
        }
    return render_template("bot/appeal.html", repo=repo, appeal=found, **page)


@blueprint.post("/<owner>/<name>/appeals/<slug>/later")
def later(owner: str, name: str, slug: str) -> Response:
    """Ask whoever says so no more, for the days that the appeal names."""
    repo, funding = _place(owner, name)
    found, now = aims.appeal_called(funding, slug) or abort(404), house().clock()
    until, who = now + timedelta(days=found.asks_again_after), person()
    if who is not None:
        with house().app.write() as connection:
            appeals.later(connection, repo.id, slug, who.id, until)
    answer = make_response(redirect(f"/{repo.name}/", 303))
    asked.remember_later(answer, repo.id, slug, until)
    return answer


@blueprint.get("/<owner>/<name>/members")
def show_members(owner: str, name: str) -> str:
    """Show memberships, and the members who want to be seen."""
    repo, funding = _place(owner, name)
    with house().app.read() as connection:
        found = members.members(connection, repo.id)
        agreement = agreements.agreement_in_force(connection, repo.id)
    if not funding.memberships and not found:
        abort(404)
    tiers = [(one, *found.get(one.slug, ((), 0))) for one in funding.memberships]
    return render_template("bot/members.html", repo=repo, tiers=tiers, agreement=agreement)


def _place(owner: str, name: str) -> tuple[FoundRepo, Funding]:
    repo = public_repo(owner, name)
    funding = _funding(repo)
    if not funding.on:
        abort(404)
    return repo, funding


def _funding(repo: FoundRepo) -> Funding:
    with house().app.read() as connection:
        rules = policies.rules(connection, repo.id).policy
    return rules.funding if rules else Funding()


def _asks_of(repo: FoundRepo) -> list[Shown]:
    """Give the appeals that ask whoever looks: running, below their goal, and not too often."""
    funding, now = _funding(repo), house().clock()
    running = [one for one in funding.appeals if funding.on and now < one.ends_at]
    if not running:
        return []
    with house().app.read() as connection:
        found = [
            aims.shown(connection, repo.id, one, now)
            for one in running
            if asked.may_ask(connection, repo.id, one, person(), now)
        ]
    return [one for one in found if one.there < one.of.goal]


def _memberships_of(repo: FoundRepo) -> tuple[Membership, ...]:
    funding = _funding(repo)
    return funding.memberships if funding.on else ()


def _answered_by(gift: Gift) -> Appeal | None:
    """Give the appeal that a gift answers, while the rules file has it."""
    with house().app.read() as connection:
        slug = appeals.answered_by(connection, gift.id)
        rules = policies.rules(connection, gift.repo_id).policy
    return aims.appeal_called(rules.funding, slug) if rules and slug else None


def _joined_by(gift: Gift) -> Joined | None:
    with house().app.read() as connection:
        return members.joined(connection, gift.id)
