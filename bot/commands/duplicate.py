"""`/duplicate #12`: two requests are the same; their votes are counted together, each person once."""

import re
from functools import partial

from sqlalchemy import Connection

from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, decides, look, thread
from bot.mistakes import N_
from bot.roadmap import intake, joinings, store, talk
from bot.roadmap.joinings import Joining
from bot.roadmap.store import Request
from core.context import Effect
from core.github import Issue

_NUMBER = re.compile(r"#?([1-9][0-9]{0,8})", re.ASCII)
_ELSEWHERE = re.compile(r"(?:.*[/:])?([\w.-]+/[\w.-]+)(?:#|/issues/)([1-9][0-9]{0,8})", re.ASCII)


@command(
    "duplicate",
    "/duplicate #12",
    N_("counts this request together with another one; for maintainers"),
    ISSUES,
)
def duplicate(call: Call) -> Part:
    """Join this request onto the one that is named."""
    return partial(_duplicate, call, look(call), may=decides(call))


def _duplicate(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here = thread(call, issue, connection)
    number = _number(call)
    if not may:
        return _refused(here, connection, "stranger")
    if here.asked is None or not here.is_request:
        return _refused(here, connection, "unknown")
    if number is None:
        return _refused(here, connection, "form")
    if number == 0:
        return _refused(here, connection, "elsewhere")
    onto = store.by_number(connection, call.repo.id, number)
    if onto is None or onto.state in intake.GONE_STATES:
        return _refused(here, connection, "missing", number)
    return _joined(here, here.asked, onto, connection)


def _number(call: Call) -> int | None:
    """Give the number that is named, 0 for one of another repository, None where there is none."""
    said = call.words[0] if len(call.words) == 1 else ""
    if found := _NUMBER.fullmatch(said):
        return int(found[1])
    if found := _ELSEWHERE.fullmatch(said):
        return int(found[2]) if found[1].lower() == call.repo.name.lower() else 0
    return None


def _refused(here: Thread, connection: Connection, why: str, onto: int = 0) -> Answer:
    return Answer(here.words("answer_duplicate", connection, why, onto=onto))


def joining(call: Call, asked: Request, onto: Request | None) -> Joining:
    """Give what a comment says about two requests; an edited one says it anew."""
    event = call.event
    at = event.acted_at
    evidence = f"comment:{event.comment_id}:{at.isoformat()}"
    return Joining(asked, onto, event.author.id, evidence, at)


def _joined(here: Thread, asked: Request, onto: Request, connection: Connection) -> Answer:
    call, roadmap = here.call, here.roadmap
    if joinings.later(connection, asked, call.event.acted_at):
        return Answer()
    said = joining(call, asked, onto)
    done = joinings.join(connection, said, roadmap.votes_per_person)
    if done.outcome != "joined":
        return _refused(here, connection, done.outcome, onto.number)
    repo, ctx = call.repo, call.ctx
    told: list[Effect] = talk.joined(
        repo, asked, onto, done.moved, connection, ctx.now, f"{ctx.public_url}/{repo.name}"
    )
    told += talk.greeting_again(ctx, repo, asked, roadmap, connection)
    return Answer(here.words("answer_duplicate", connection, "joined", onto=onto.number), told)
