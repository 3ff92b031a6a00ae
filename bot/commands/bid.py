"""`/bid 300 EUR 10d what I would do`: an offer that answers a call."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, language_of, perform, ready, refused, said_of
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look
from bot.mistakes import N_
from bot.roadmap.intents import grammar, wording
from bot.roadmap.intents.grammar import Unread
from core.github import Issue

MESSAGE = "answer_bid"


@command(
    "bid",
    "/bid 300 EUR 10d …",
    N_("offers to do it: price, time, and what you would do"),
    ISSUES,
    takes_lines=True,
)
def bid(call: Call) -> Part:
    """Make an offer, or another one in its place."""
    return partial(_bid, call, look(call), language_of(call))


def _bid(call: Call, issue: Issue | None, language: str, connection: Connection) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    try:
        said = grammar.bid(said_of(call), language)
    except Unread as unread:
        return refused(here, connection, MESSAGE, unread.why, given=unread.given[:60])
    act = replace(act_of(call, asked, "bid"), price=said.price, days=said.days)
    shown = wording.amount(said.price, language)
    texts = {"words": said.words}
    return perform(here, asked, connection, act, MESSAGE, texts, given=shown, days=said.days)
