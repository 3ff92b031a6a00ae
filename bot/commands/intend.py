"""`/intend`: a need, when it is done, a budget and a deadline; developers answer with offers."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import (
    act_of,
    is_withdrawal,
    language_of,
    perform,
    ready,
    said_of,
    words,
)
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import decides
from bot.mistakes import N_
from bot.roadmap import intake, store, talk, voting
from bot.roadmap.intents import filling, grammar, standing
from bot.roadmap.intents.grammar import Unread
from core.context import Effect
from core.github import Issue

MESSAGE = "answer_call"


@command(
    "intend",
    "/intend",
    N_("calls for offers; below it, lines such as need:, test:, budget:, until:, choice:"),
    ISSUES,
    takes_lines=True,
)
def intend(call: Call) -> Part:
    """Open a call, change it, or take it back."""
    return partial(_intend, call, call.stage.issue(), language_of(call), may=decides(call))


def _intend(
    call: Call, issue: Issue | None, language: str, connection: Connection, *, may: bool
) -> Answer:
    made = _made(call, issue, connection, may=may)
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    if is_withdrawal(call):
        act = act_of(call, asked, "call_off", maintains=may)
        done = perform(here, asked, connection, act, MESSAGE, off=True)
        return Answer(done.words, [*made, *done.effects])
    bare = act_of(call, asked, "call", maintains=may)
    before = standing.stands(connection, asked.id).call
    try:
        texts, act = filling.filled(
            connection, asked, bare, grammar.fields(said_of(call).splitlines()), here.roadmap,
            language, before,
        )  # fmt: skip
    except Unread as unread:
        why = unread.why if may or bare.by_asker else "stranger"
        shown = words(here, connection, MESSAGE, why, given=unread.given, off=False)
        return Answer(shown, made)
    done = perform(here, asked, connection, act, MESSAGE, texts, off=False)
    return Answer(done.words, [*made, *done.effects])


def _made(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> list[Effect]:
    """Make an issue a request, for whoever opened it or a maintainer."""
    event = call.event
    if issue is None or issue.state != "open":
        return []
    before = store.by_node(connection, issue.node_id)
    if before is not None and before.state not in intake.GONE_STATES:
        return []
    if event.author.id != issue.author.id and not may:
        return []
    roadmap = voting.rules_of(connection, call.repo.id)
    asked = intake.make(connection, call.repo, issue, roadmap, "command")
    return [
        *talk.greeting(call.ctx, call.repo, asked, roadmap, connection),
        *talk.labelled(connection, call.repo, asked, roadmap.label),
    ]
