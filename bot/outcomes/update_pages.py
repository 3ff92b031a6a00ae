"""Updates on the page of a request or a milestone: what was said, a form to say more, and to take it back.

POST /OWNER/NAME/requests/12/update             words, shown=token of the form
POST /OWNER/NAME/requests/12/update/34/back     what was said through the form
POST the same under /OWNER/NAME/milestones/3    where only maintainers may
"""

from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect
from flask import request as sent
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug import Response

from bot import access, people, tasks
from bot.milestones.store import Milestone
from bot.outcomes import pages as milestone_pages
from bot.outcomes import store as outcomes
from bot.outcomes import went
from bot.outcomes.naming import OUTCOME, numbered
from bot.outcomes.store import Outcome
from bot.roadmap import pages as request_pages
from bot.roadmap import voting as clicks
from bot.roadmap.store import Request
from bot.roadmap.updates import saying, store
from bot.roadmap.updates.rules import GONE, LONGEST, Heard
from bot.roadmap.updates.store import FORM, Said, Update
from core.github import Account
from core.web.house import FoundRepo, house, public_repo
from core.web.numbers import LARGE
from core.web.signin import Person, person, signed_in_person

LATEST = 5
"""So many stand on the page at once; the others behind a click."""

SHOWN = ("open", "closed")

blueprint = Blueprint("update_pages", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Shown:
    """The updates on something, newest first, and what the visitor may do about them.

    `error` and `words` are of what they have just sent, where it was refused.
    """

    latest: tuple[Update, ...]
    older: tuple[Update, ...]
    may: bool
    mine: frozenset[int]
    token: str
    most: int
    error: str
    words: str
    done: str


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the pages of requests and milestones show what was said of the work."""
    return {"updates_of": _shown}


@blueprint.post(f"/<owner>/<name>/{OUTCOME}/update")
def say(owner: str, name: str, sort: str, number: int) -> Response | tuple[str, int]:
    """Say how it goes."""
    repo, who = public_repo(owner, name), signed_in_person()
    token, words = sent.form.get("shown", ""), saying.plain(sent.form.get("words", ""))
    if not clicks.is_token(token):
        abort(400)
    now, maintains = house().clock(), access.is_maintainer(repo, who)
    account = Account(who.id, who.login)
    with house().app.write() as connection:
        of = _one(connection, repo, sort, number)
        said = Said(of.about, f"{FORM}{who.id}:{token}", account, Heard(words, now))
        may = people.is_person(account) and _may(connection, of, who, maintains=maintains)
        why = saying.refusal(connection, said, may=may)
        if not why:
            for wanted in saying.say(connection, said, now)[1]:
                tasks.put(connection, wanted, now)
    if why == "stranger":
        abort(403)
    if why:
        g.update_refused = (_sentence(why), words)
        return _page(repo, owner, name, sort, number), 422
    return _back(repo, of, "said")


@blueprint.post(f"/<owner>/<name>/{OUTCOME}/update/<int(max={LARGE}):which>/back")
def take_back(owner: str, name: str, sort: str, number: int, which: int) -> Response:
    """Take back what was said through the form: by whoever said it, or by a maintainer."""
    repo, who = public_repo(owner, name), signed_in_person()
    now, maintains = house().clock(), access.is_maintainer(repo, who)
    with house().app.write() as connection:
        of = _one(connection, repo, sort, number)
        found = next(iter(store.by_ids(connection, [which])), None)
        if found is None or found.about != of.about or not found.by_form:
            abort(404)
        if not maintains and found.github_id != who.id:
            abort(403)
        author = Account(found.github_id, found.login)
        gone = Said(of.about, found.evidence, author, Heard("", now, GONE))
        store.take(connection, gone, now)
    return _back(repo, of, "unsaid")


def _one(connection: Connection, repo: FoundRepo, sort: str, number: int) -> Outcome:
    of = numbered(connection, repo.id, sort, number)
    if of is None or of.state not in SHOWN:
        abort(404)
    return of


def _may(connection: Connection, of: Outcome, who: Person, *, maintains: bool) -> bool:
    """Say whether somebody may say how it goes; what was joined with another is told of there."""
    asked = of.asked
    if asked is None:
        return maintains
    if asked.root_id != asked.id or not clicks.rules_of(connection, asked.repo_id).on:
        return False
    return maintains or saying.works(connection, asked, who.id, house().clock())


def _shown(repo: FoundRepo, place: Request | Milestone) -> Shown:
    """Gather what was said of a request, and of the one it was joined with, or of a milestone."""
    who = person()
    maintains = access.is_maintainer(repo, who)
    with house().app.read() as connection:
        of = (
            outcomes.of_request(place)
            if isinstance(place, Request)
            else outcomes.of_milestone(place)
        )
        found = went.of_outcome(connection, of)
        may = who is not None and of.state in SHOWN
        may = may and who is not None and _may(connection, of, who, maintains=maintains)
    mine = {
        one.id
        for one in found
        if one.by_form and who and one.about == of.about and (maintains or one.github_id == who.id)
    }
    error, words = g.get("update_refused", ("", ""))
    return Shown(
        found[:LATEST],
        found[LATEST:],
        may,
        frozenset(mine),
        clicks.token() if may else "",
        LONGEST,
        error,
        words,
        sent.args.get("update", ""),
    )


def _page(repo: FoundRepo, owner: str, name: str, sort: str, number: int) -> str:
    if sort == "milestones":
        return milestone_pages.one(owner, name, number)
    return request_pages.shown(repo, number)


def _back(repo: FoundRepo, of: Outcome, done: str) -> Response:
    return redirect(f"/{repo.name}/{of.page}?update={done}#updates", 303)


def _sentence(why: str) -> str:
    if why == "long":
        return str(_("That is too long: %(most)s characters at most.", most=LONGEST))
    if why == "full":
        return str(_("That is more than we can take: ten updates a day at most."))
    return str(_("Say it in a few words."))
