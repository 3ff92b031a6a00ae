"""The page on which everybody sees who gets what of a request, and maintainers say it.

GET  /OWNER/NAME/requests/12/split   every version of who gets what, and what became of it
POST the same                        say who gets what: people with a number each, and why

The same stands under /OWNER/NAME/milestones/3.
"""

import logging
from dataclasses import replace
from typing import Protocol, cast

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from werkzeug import Response

from bot import access, outbox, policies, repositories
from bot.money import addresses
from bot.outcomes import naming
from bot.outcomes.naming import OUTCOME
from bot.outcomes.store import Outcome
from bot.payouts import grammar, proposing, shown, splitting
from bot.payouts.grammar import Line, Unread
from bot.payouts.splitting import Named, Words
from bot.roadmap import intake
from bot.roadmap.intents.talk import Speaker
from bot.signing import desk
from core.context import Task
from core.github import Account, GitHubError
from core.web import house as rooms
from core.web.house import FoundRepo, public_repo
from core.web.signin import person, signed_in_person
from licensing import store as agreements

LONGEST = 2_000
"""Of what is sent, in characters: twenty people, each with a number."""

Answer = Response | tuple[str, int]
log = logging.getLogger(__name__)

blueprint = Blueprint("split_pages", __name__, template_folder="../templates")


@blueprint.get(f"/<owner>/<name>/{OUTCOME}/split")
def split(owner: str, name: str, sort: str, number: int) -> Answer:
    """Show who gets what of a request, how that changed, and what became of it."""
    repo = public_repo(owner, name)
    return _page(repo, _of(repo, sort, number), maintains=access.is_maintainer(repo, person()))


@blueprint.post(f"/<owner>/<name>/{OUTCOME}/split")
def say(owner: str, name: str, sort: str, number: int) -> Answer:
    """Say who gets what, as `/split` does in a comment."""
    repo = public_repo(owner, name)
    access.maintained_repo(owner, name)
    of, who = _of(repo, sort, number), signed_in_person()
    key = sent.form.get("key", "")
    if not addresses.is_key(key):
        abort(400)
    try:
        line = _line()
        why, given = _say(repo, of, line, Account(who.id, who.login), f"form:{key}")
    except Unread as unread:
        why, given = unread.why, ""
    if why not in {"done", "known"}:
        status = 409 if why in {"frozen", "unknown"} else 422
        return _page(repo, of, maintains=True, error=_sentence(why, given), status=status)
    return redirect(f"/{repo.name}/{of.split_page}", 303)


def _line() -> Line:
    """Read the form. Raises `Unread`."""
    words, reason = sent.form.get("people", ""), " ".join(sent.form.get("reason", "").split())
    if len(words) > LONGEST:
        raise Unread("many")
    line = grammar.read(words.split())
    if line.reason:
        # What stands behind the last number is no reason here: it has its own field.
        raise Unread("form")
    return replace(line, reason=reason[: grammar.LONGEST_REASON])


def _say(repo: FoundRepo, of: Outcome, line: Line, who: Account, evidence: str) -> tuple[str, str]:
    """Say it; gives why not, and whom that is about."""
    with _house().app.read() as connection:
        place = repositories.repo(connection, repo.id)
    if place is None or of.state in intake.GONE_STATES:
        return "unknown", ""
    try:
        github = _house().github(place)
        found: Named = [(github.account_named(login), weight) for login, weight in line.shares]
    except GitHubError as error:
        log.warning("accounts unknown", extra={"reason": type(error).__name__})
        return "silent", ""
    if wrong := splitting.misnamed(found, line):
        return wrong[0], wrong[-1]
    with _house().app.write() as connection:
        now = _house().clock()
        words = Words(who, splitting.after(connection, of, now), evidence)
        why = splitting.say(connection, of, found, line, words, now)
        if why == "done" and of.asked is not None:
            voice = Speaker(now, _house().settings.public_url)
            for effect in proposing.comment(voice, connection, place, of.asked):
                if not isinstance(effect, Task):
                    outbox.put(connection, effect, now)
    return why, ""


def _sentence(why: str, given: str) -> str:
    """Say why nothing was written down."""
    sentences = {
        "frozen": _("The work is accepted, so who gets what stays as it was then."),
        "reason": _(
            "Somebody works on this already, so a change needs a reason that they can read."
        ),
        "hundred": _(
            "These per cent do not make a hundred. Leave the % away to write other weights."
        ),
        "twice": _("Somebody is named twice."),
        "many": _("At most 20 people can share one request."),
        "nobody": _("@%(login)s is no person’s account on GitHub.", login=given),
        "unknown": _("This is no request any more."),
        "silent": _("GitHub does not answer just now. Try again in a while."),
    }
    fallback = _("Write one person a line with a number behind the name, as in: @ada 60")
    return str(sentences.get(why, fallback))


def _of(repo: FoundRepo, sort: str, number: int) -> Outcome:
    with _house().app.read() as connection:
        of = naming.numbered(connection, repo.id, sort, number)
    if of is None or of.state == "gone":
        abort(404)
    return of


def _page(
    repo: FoundRepo, of: Outcome, *, maintains: bool, error: str = "", status: int = 200
) -> Answer:
    with _house().app.read() as connection:
        policy = policies.rules(connection, repo.id).policy
        paid = shown.of_outcome(connection, of)
        funded = policy is not None and policy.funding.on
        page = {
            "paid": paid,
            "agreement": agreements.agreement_in_force(connection, repo.id),
            "may_say": maintains and funded and not (paid.frozen_at and paid.parts),
            "proposed": shown.as_lines(paid),
        }
    answer = render_template(
        "bot/split.html",
        repo=repo,
        of=of,
        error=error,
        given=sent.form,
        key=addresses.new_key(),
        **page,
    )
    return answer, status


class House(desk.House, rooms.House, Protocol):
    """What this page asks of the composition root."""


def _house() -> House:
    return cast("House", rooms.house())
