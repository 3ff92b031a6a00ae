"""`/split @a 60 @b 40`: a maintainer says, before the work, who gets what of a request's money."""

from functools import partial

from sqlalchemy import Connection

from bot import people
from bot.awards import deciding
from bot.commands.intending import evidence, maintains
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, look, thread
from bot.mistakes import N_
from bot.payouts import grammar, proposing
from bot.payouts.grammar import Line, Unread
from bot.roadmap.store import Request
from core.github import Account, Issue
from donations.payouts import splits
from donations.payouts.rules import Split
from donations.pledges import store as purses


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
    if misnamed := _misnamed(found, line):
        return Answer(_words(here, connection, *misnamed))
    purses.open_purse(connection, asked.node_id, asked.repo_id, call.ctx.now)
    purses.hold(connection, asked.node_id)
    if why := _hindrance(connection, asked, line, call):
        return Answer(_words(here, connection, why))
    for who, _weight in found:
        if who is not None:
            people.note(connection, who.id, who, call.ctx.now)
    said = Split(
        tuple((who.id, weight) for who, weight in found if who is not None),
        by_id=event.author.id,
        said_at=event.acted_at,
        reason=line.reason,
    )
    people.note(connection, event.author.id, event.author, call.ctx.now)
    if not splits.say(connection, asked.node_id, said, evidence(call), call.ctx.now):
        return Answer()
    effects = proposing.comment(call.ctx, connection, call.repo, asked)
    return Answer(_words(here, connection, "done"), effects)


def _misnamed(found: list[tuple[Account | None, int]], line: Line) -> tuple[str, ...]:
    """Say what is wrong with who is named: somebody is no person, or two names are one account."""
    for (who, _weight), (login, _) in zip(found, line.shares, strict=True):
        if not people.is_person(who):
            return "nobody", login
    different = {who.id for who, _weight in found if who is not None}
    return ("twice",) if len(different) < len(found) else ()


def _hindrance(connection: Connection, asked: Request, line: Line, call: Call) -> str:
    """Say why it cannot be said now: it is frozen, or work began and there is no reason."""
    now = proposing.current(connection, asked)
    frozen = now.frozen_at
    if frozen is not None and call.event.acted_at > frozen and now.split is not None:
        return "frozen"
    if not line.reason and deciding.work_began(connection, asked):
        return "reason"
    return ""


def _words(here: Thread, connection: Connection, why: str, given: str = "") -> str:
    page = ""
    if here.asked is not None and not here.call.repo.private:
        name, number = here.call.repo.name, here.asked.number
        page = f"{here.call.ctx.public_url}/{name}/requests/{number}/split"
    return here.words("answer_split", connection, why, given=given, url=page)
