"""`/accept`: a maintainer takes the work; cards that were promised for it are charged."""

from functools import partial

from sqlalchemy import Connection

from bot import people
from bot.commands.intending import maintains
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look, thread
from bot.mistakes import N_
from bot.money import accepting
from bot.outcomes import store as outcomes
from core.github import Issue


@command(
    "accept",
    "/accept",
    N_("accepts the work: what was promised for it is charged; for maintainers"),
    ISSUES,
)
def accept(call: Call) -> Part:
    """Accept the work on this request."""
    return partial(_accept, call, look(call), may=maintains(call))


def _accept(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here, event = thread(call, issue, connection), call.event
    if not may:
        return Answer(here.words("answer_accept", connection, "stranger"))
    if here.asked is None or not here.is_request:
        return Answer(here.words("answer_accept", connection, "unknown"))
    evidence = f"comment:{event.comment_id}"
    why, tasks = accepting.accept(
        connection,
        outcomes.of_request(here.asked),
        event.author.id,
        evidence,
        event.acted_at,
        call.ctx.now,
    )
    people.note(connection, event.author.id, event.author, call.ctx.now)
    return Answer(here.words("answer_accept", connection, why), tasks)
