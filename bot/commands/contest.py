"""`/contest until 2027-01-31 a basket of beans`: a maintainer opens a contest."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import (
    act_of,
    is_withdrawal,
    maintains,
    perform,
    ready,
    refused,
    said_of,
)
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from bot.roadmap.intents import grammar
from bot.roadmap.intents.grammar import Unread
from core.github import Issue

MESSAGE = "answer_contest"


@command(
    "contest",
    "/contest until 2027-01-31 …",
    N_("opens a contest, with a prize if there is one; for maintainers"),
    ISSUES,
    takes_lines=True,
)
def contest(call: Call) -> Part:
    """Open a contest, change its end, or call it off."""
    return partial(_contest, call, look(call), may=maintains(call))


def _contest(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    if is_withdrawal(call):
        act = act_of(call, asked, "contest_off", maintains=may)
        return perform(here, asked, connection, act, MESSAGE, off=True)
    bare = act_of(call, asked, "contest", maintains=may)
    try:
        until, prize = grammar.contest(said_of(call))
        at = grammar.deadline(until, bare.acted_at)
    except Unread as unread:
        return refused(here, connection, MESSAGE, unread.why, given=unread.given[:60], off=False)
    rules = here.roadmap
    act = replace(bare, until=at, days=rules.choice_days, term=rules.claim_days)
    return perform(here, asked, connection, act, MESSAGE, {"prize": prize}, off=False)
