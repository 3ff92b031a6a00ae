"""`/unduplicate`: a request is none of the same any more; every vote stands where it was given."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.duplicate import joining
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import decides, look, thread
from bot.mistakes import N_
from bot.roadmap import joinings, store, talk
from core.github import Issue


@command(
    "unduplicate",
    "/unduplicate",
    N_("counts this request by itself again; for maintainers"),
    ISSUES,
)
def unduplicate(call: Call) -> Part:
    """Part this request from the one that it was joined onto."""
    return partial(_unduplicate, call, look(call), may=decides(call))


def _unduplicate(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here = thread(call, issue, connection)
    asked, ctx, repo = here.asked, call.ctx, call.repo

    def say(why: str) -> str:
        return here.words("answer_duplicate", connection, why, onto=0)

    if not may:
        return Answer(say("stranger"))
    if asked is None or not here.is_request:
        return Answer(say("unknown"))
    if joinings.later(connection, asked, call.event.acted_at):
        return Answer()
    onto = joinings.onto(connection, asked)
    limit = here.roadmap.votes_per_person
    done = joinings.join(connection, joining(call, asked, None), limit)
    before = store.by_id(connection, onto) if onto else None
    if done.outcome != "parted" or before is None:
        return Answer(say("idle"))
    told = talk.parted(repo, asked, before, connection)
    told += talk.greeting_again(ctx, repo, asked, here.roadmap, connection)
    return Answer(say("parted"), told)
