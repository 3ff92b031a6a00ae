"""`/submit <link or words>`: an entry to a contest."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, is_withdrawal, perform, ready, refused, said_of
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from bot.roadmap.intents import grammar
from core.github import Issue

MESSAGE = "answer_submit"


@command("submit", "/submit …", N_("enters a contest: a link, or words"), ISSUES, takes_lines=True)
def submit(call: Call) -> Part:
    """Submit something, or take it back."""
    return partial(_submit, call, look(call))


def _submit(call: Call, issue: Issue | None, connection: Connection) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    if is_withdrawal(call):
        act = act_of(call, asked, "entry_off")
        return perform(here, asked, connection, act, MESSAGE, off=True)
    said = said_of(call)
    if not said or len(said) > grammar.LONGEST:
        why = "long" if said else "words"
        return refused(here, connection, MESSAGE, why, off=False)
    act = act_of(call, asked, "entry")
    return perform(here, asked, connection, act, MESSAGE, {"words": said}, off=False)
