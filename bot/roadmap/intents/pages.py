"""The pages of intents: a project's calls and contests, and what stands on one request.

GET /OWNER/NAME/calls?state=open&kind=offers&q=words&page=1
GET /OWNER/NAME/requests/12/intent    need, offers or entries, votes, who works on it, history
"""

from flask import Blueprint, abort, render_template
from flask import request as sent
from sqlalchemy import Connection

from bot import access
from bot.pages import github_web
from bot.roadmap import voting as clicks
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.intents import answering, approving, voting, wording
from bot.roadmap.intents import shown as facts
from bot.roadmap.intents.shown import Shown
from bot.roadmap.store import Request
from core import money
from core.money import Money
from core.web import preferences
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import Person, person
from licensing import store as agreements

LONGEST_TEXT = 100
MOST_PAGES = 1_000

blueprint = Blueprint("intent_pages", __name__, template_folder="../../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the page of a request say who works on it and what is called for, and amounts be shown."""
    return {"intent_of": _summary, "money_shown": _money, "budget_shown": _budget,
            "instant_shown": _instant}  # fmt: skip


@blueprint.get("/<owner>/<name>/calls")
def calls(owner: str, name: str) -> str:
    """List what offers and entries are asked for."""
    repo = public_repo(owner, name)
    given = sent.args.get
    state = given("state", "") if given("state", "") in facts.STATES else facts.STATES[0]
    kind = given("kind", "") if given("kind", "") in facts.KINDS else ""
    words = " ".join(given("q", "").split())[:LONGEST_TEXT].replace("\0", "")
    page = min(max(given("page", 0, type=int) or 0, 0), MOST_PAGES)
    with house().app.read() as connection:
        counts = facts.counted(connection, repo.id)
        if not clicks.rules_of(connection, repo.id).on and not counts["all"]:
            abort(404)
        found = facts.listed(connection, repo.id, state, kind, words, page)
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/calls.html",
        repo=repo,
        agreement=agreement,
        found=found,
        counts=counts,
        chosen={"state": state, "kind": kind, "q": words, "page": page},
    )


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/intent")
def intent(owner: str, name: str, number: int) -> str:
    """Show what stands on a request, and what the visitor can do."""
    return shown(public_repo(owner, name), number)


def shown(repo: FoundRepo, number: int, errors: dict[str, str] | None = None) -> str:
    """Make the page; `errors` are of what somebody has just sent, by deed."""
    who = person()
    now = house().clock()
    maintains = access.is_maintainer(repo, who)
    with house().app.read() as connection:
        asked = one(connection, repo, number)
        rules = clicks.rules_of(connection, repo.id)
        found = facts.of_request(connection, asked, now)
        if not rules.on and found.latest is None:
            abort(404)
        told = _own(connection, asked, found, who) | _able(
            connection, asked, who, maintains=maintains
        )
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/intent.html",
        repo=repo,
        agreement=agreement,
        asked=asked,
        rules=rules,
        found=found,
        errors=errors or {},
        given=sent.form,
        done=sent.args.get("done", ""),
        token=clicks.token(),
        maintains_it=maintains,
        github=github_web(house().settings),
        now=now,
        **told,
    )


def _own(
    connection: Connection, asked: Request, found: Shown, who: Person | None
) -> dict[str, object]:
    """Give what the visitor did themselves: offer or entry, votes, claim."""
    latest = found.latest
    own: dict[str, object] = {
        "own_yes": set(),
        "own_offer": None,
        "works": False,
        "has_vote": False,
    }
    if who is None:
        return own
    own["works"] = found.standing.claim_of(who.id) is not None
    if latest is None:
        return own
    own["own_offer"] = next((it for it in found.candidates if it.who == who.id), None)
    if voting.is_by_vote(latest):
        among = voting.among(latest)
        own["own_yes"] = approving.own(connection, asked, latest.round, among, who.id)
        own["has_vote"] = bool(approving.voted_for(connection, asked, [who.id], latest.vote_until))
    return own


def _able(
    connection: Connection, asked: Request, who: Person | None, *, maintains: bool
) -> dict[str, object]:
    """Let whoever asked, and maintainers, know how many could do it."""
    may = who is not None and (maintains or who.id == asked.author.id)
    return {"able": answering.able(connection, asked) if may else None}


def _summary(asked: Request) -> Shown:
    with house().app.read() as connection:
        return facts.of_request(connection, asked, house().clock())


def _money(amount: Money | None) -> str:
    return money.shown(amount, preferences.language()) if amount is not None else ""


def _budget(low: Money | None, high: Money | None) -> str:
    return wording.budget(low, high, preferences.language())


def _instant(at: object) -> str:
    return wording.instant(at, preferences.language())  # type: ignore[arg-type] # a template's
