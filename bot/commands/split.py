"""`/split @a 60 @b 40`: a maintainer says, before the work, who gets what of a request's money."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import evidence, maintains
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, look, thread
from bot.mistakes import N_
from bot.outcomes import store as outcomes
from bot.payouts import grammar, proposing, splitting
from bot.payouts.grammar import Line, Unread
from bot.payouts.splitting import Words
from core.github import Account, Issue


@command(
    "split",
    "/split @a 60 @b 40",
    N_("says who gets what once the work is accepted; for maintainers"),
    ISSUES,
)
def split(call: Call) -> Part:
    """Say who gets what, or another way in its place."""
    if not maintains(call):
        return partial(_refused, call, look(call), "stranger")
    try:
        line = grammar.read(call.words)
    except Unread as unread:
        return partial(_refused, call, look(call), unread.why)
    github = call.ctx.github(call.repo)
    found = [(github.account_named(login), weight) for login, weight in line.shares]
    return partial(_split, call, look(call), line, found)


def _refused(call: Call, issue: Issue | None, why: str, connection: Connection) -> Answer:
    return Answer(_words(thread(call, issue, connection), connection, why))


def _split(
    call: Call,
    issue: Issue | None,
    line: Line,
    found: list[tuple[Account | None, int]],
    connection: Connection,
) -> Answer:
    here, event = thread(call, issue, connection), call.event
    asked = here.asked
    if asked is None or not here.is_request:
        return Answer(_words(here, connection, "unknown"))
    if wrong := splitting.misnamed(found, line):
        return Answer(_words(here, connection, *wrong))
    words = Words(event.author, event.acted_at, evidence(call))
    why = splitting.say(connection, outcomes.of_request(asked), found, line, words, call.ctx.now)
    if why == "known":
        return Answer()
    if why != "done":
        return Answer(_words(here, connection, why))
    effects = proposing.comment(call.ctx, connection, call.repo, asked)
    return Answer(_words(here, connection, "done"), effects)


def _words(here: Thread, connection: Connection, why: str, given: str = "") -> str:
    page = ""
    if here.asked is not None and not here.call.repo.private:
        name, number = here.call.repo.name, here.asked.number
        page = f"{here.call.ctx.public_url}/{name}/requests/{number}/split"
    return here.words("answer_split", connection, why, given=given, url=page)
