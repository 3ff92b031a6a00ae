"""What a project's people ask for: the list, the page of each request, and who supports it.

GET /OWNER/NAME/requests?state=open&q=words&origin=asked&mine=voted&sort=wanted&after=12.345
GET /OWNER/NAME/requests/12            votes, stories, ratings, what happened
GET /OWNER/NAME/requests/12/people     whose votes count

Public, like the issues they rest on: a private repository has none of these pages.
"""

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from sqlalchemy import Connection
from werkzeug import Response

from bot.pages import github_web
from bot.roadmap import ages, facts, happenings, queries, signals, votes, voting
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.queries import Wanted
from bot.roadmap.ranking import counting
from bot.roadmap.store import Request
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import Person, person, signin_address
from licensing import store as agreements

LARGEST_ID = 2**53
LONGEST_TEXT = 100

blueprint = Blueprint("roadmap_pages", __name__, template_folder="../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let a project's pages say which requests are most wanted."""
    return {"most_wanted": _most_wanted}


@blueprint.get("/<owner>/<name>/requests")
def requests(owner: str, name: str) -> Response | str:
    """List what people ask for."""
    repo = public_repo(owner, name)
    if not _has_requests(repo):
        abort(404)
    who = person()
    wanted = _wanted(repo, who)
    if wanted.mine and who is None:
        return redirect(signin_address(sent.full_path), 303)
    with house().app.read() as connection:
        found = queries.listed(connection, wanted)
        counts = {state: queries.counted(connection, repo.id, state) for state in queries.STATES}
        rules = voting.rules_of(connection, repo.id)
        left = _left(connection, repo, who, rules.votes_per_person)
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/requests.html",
        repo=repo,
        agreement=agreement,
        wanted=wanted,
        found=found,
        counts=counts,
        most=queries.MOST_COUNTED,
        rules=rules,
        left=left,
        now=house().clock(),
    )


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}")
def request(owner: str, name: str, number: int) -> str:
    """Show one request."""
    with house().app.snapshot():
        return shown(public_repo(owner, name), number)


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/people")
def people(owner: str, name: str, number: int) -> str:
    """Show whose votes count, page by page."""
    repo = public_repo(owner, name)
    after = sent.args.get("after", type=int)
    with house().app.read() as connection:
        asked = one(connection, repo, number)
        root = facts.root(connection, asked)
        found = facts.people(connection, root.id, _sound(after))
        days = ages.shown(root, voting.rules_of(connection, repo.id).young_account_days)
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/request_people.html",
        repo=repo,
        agreement=agreement,
        asked=asked,
        root=root,
        found=found,
        days=days,
    )


def shown(repo: FoundRepo, number: int, errors: dict[str, str] | None = None) -> str:
    """Make the page of a request; `errors` are of what somebody has just sent, by field."""
    # Votes, money, offers and updates each say their part: all of one state.
    with house().app.snapshot():
        return _shown(repo, number, errors or {})


def _shown(repo: FoundRepo, number: int, errors: dict[str, str]) -> str:
    who = person()
    with house().app.read() as connection:
        asked = one(connection, repo, number)
        root = facts.root(connection, asked)
        rules = voting.rules_of(connection, repo.id)
        ranking = counting.signal(connection, root.id)
        after = _sound(sent.args.get("stories", type=int))
        page: dict[str, object] = {
            "root": root,
            "ages": ages.counted(connection, root, rules.young_account_days),
            "joined": facts.joined(connection, asked),
            "growth": facts.votes_over_time(connection, root.id),
            "happened": happenings.happened(connection, asked),
            "acts": happenings.acts(connection, asked),
            "stories": signals.stories(connection, asked.id, after),
            "ratings": signals.ratings(connection, asked.id),
            "ranking": ranking,
            "compared": counting.compared(connection, repo.id) if ranking else 0,
            "rules": rules,
            "left": _left(connection, repo, who, rules.votes_per_person),
            "agreement": agreements.agreement_in_force(connection, repo.id),
        }
        page |= _own(connection, asked, who)
    return render_template(
        "bot/request.html",
        repo=repo,
        asked=asked,
        errors=errors,
        given=sent.form,
        token=voting.token(),
        done=sent.args.get("done", ""),
        github=github_web(house().settings),
        now=house().clock(),
        most_words=signals.LONGEST_STORY,
        **page,
    )


def _own(connection: Connection, asked: Request, who: Person | None) -> dict[str, object]:
    """Give what the visitor has said about a request themselves."""
    if who is None:
        return {"own": (), "counts": None, "own_story": "", "own_rating": None}
    return {
        "own": facts.own_votes(connection, asked.root_id, who.id),
        "counts": queries.supports(connection, asked.root_id, who.id),
        "own_story": signals.own_story(connection, asked.id, who.id),
        "own_rating": signals.own_rating(connection, asked.id, who.id),
    }


def _left(connection: Connection, repo: FoundRepo, who: Person | None, limit: int) -> int | None:
    """Say how many votes the visitor has left; None for a stranger, or where there is no limit."""
    return votes.left(connection, repo.id, who.id, limit) if who and limit else None


def _wanted(repo: FoundRepo, who: Person | None) -> Wanted:
    """Read what the list is asked for; what no form of ours sends counts as not said."""
    said = sent.args.get

    def chosen(name: str, known: tuple[str, ...]) -> str:
        found = said(name, "")
        return found if found in known else known[0]

    text = " ".join(said("q", "").split())[:LONGEST_TEXT].replace("\0", "")
    return Wanted(
        repo_id=repo.id,
        state=chosen("state", queries.STATES),
        sort=chosen("sort", queries.SORTS),
        origin=chosen("origin", queries.ORIGINS),
        mine=chosen("mine", queries.MINE),
        text=text,
        person_id=who.id if who else None,
        after=queries.after(said("after", "")),
    )


def _sound(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= LARGEST_ID else None


def _has_requests(repo: FoundRepo) -> bool:
    with house().app.read() as connection:
        if queries.has_requests(connection, repo.id):
            return True
        return voting.rules_of(connection, repo.id).on


def _most_wanted(repo: FoundRepo, best: int) -> tuple[queries.Line, ...]:
    with house().app.read() as connection:
        return queries.most_wanted(connection, repo.id, best)
