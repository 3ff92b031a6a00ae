"""`/withdraw-bid`: an offer is taken back."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, perform, ready
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from core.github import Issue

MESSAGE = "answer_withdraw_bid"


@command("withdraw-bid", "/withdraw-bid", N_("takes your offer back"), ISSUES)
def withdraw_bid(call: Call) -> Part:
    """Take back the offer of whoever wrote."""
    return partial(_withdraw, call, look(call))


def _withdraw(call: Call, issue: Issue | None, connection: Connection) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    return perform(here, asked, connection, act_of(call, asked, "bid_off"), MESSAGE)
