"""`/release`: a person does not work on it any more; a maintainer may say so for somebody."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, maintains, perform, ready, refused
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from bot.roadmap.intents import standing, wording
from core.github import Issue

MESSAGE = "answer_release"


@command("release", "/release", N_("gives the work back that you took by /claim"), ISSUES)
def release(call: Call) -> Part:
    """Give one's own claim back, or end that of the person who is named."""
    named = call.words[0].removeprefix("@") if call.words else ""
    mine = not named or named.lower() == call.event.author.login.lower()
    may = False if mine else maintains(call)
    return partial(_release, call, look(call), "" if mine else named, may=may)


def _release(
    call: Call, issue: Issue | None, named: str, connection: Connection, *, may: bool
) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    whom = call.event.author.id
    if named:
        people = [one.who for one in standing.stands(connection, asked.id).claims]
        logins = wording.logins(connection, asked.id, people, call.ctx.now)
        found = [who for who, login in logins.items() if login.lower() == named.lower()]
        if not found:
            return refused(here, connection, MESSAGE, "unknown", given=named)
        whom = found[0]
    act = replace(act_of(call, asked, "release", maintains=may), whom=whom)
    return perform(here, asked, connection, act, MESSAGE, given=named)
