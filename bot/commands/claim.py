"""`/claim`: a person works on it now, without money."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, perform, ready
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from core.github import Issue

MESSAGE = "answer_claim"


@command("claim", "/claim", N_("says that you work on this now"), ISSUES)
def claim(call: Call) -> Part:
    """Take the work, if nobody has it and no offers wait."""
    return partial(_claim, call, look(call))


def _claim(call: Call, issue: Issue | None, connection: Connection) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    rules = here.roadmap
    act = replace(act_of(call, asked, "claim"), term=rules.claim_days, limit=rules.claims_at_once)
    return perform(here, asked, connection, act, MESSAGE, {}, given=str(rules.claim_days))
